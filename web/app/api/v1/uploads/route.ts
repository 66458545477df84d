import type { NextRequest } from 'next/server';

/** Files on their way to the API, piece by piece: the proxy would keep each in memory. Everything else of this address goes by
 * web/proxy.ts. The API decides; nothing is looked at here. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'expect', 'host', 'content-length']);

export async function POST(request: NextRequest): Promise<Response> {
  const address = new URL(`/api/v1/uploads${request.nextUrl.search}`, process.env.API_ORIGIN ?? 'http://127.0.0.1:8000');
  const headers = new Headers([...request.headers].filter(([name]) => !HOP_BY_HOP.has(name)));
  const given = new AbortController();
  request.signal.addEventListener('abort', () => { given.abort(); });
  try {
    const answer = await fetch(address, { method: 'POST', headers, body: request.body, duplex: 'half', redirect: 'manual', signal: given.signal } as RequestInit & { duplex: 'half' });
    const kept = new Headers([...answer.headers].filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'content-encoding'));
    return new Response(answer.body, { status: answer.status, headers: kept });
  } catch {
    return Response.json({ type: '/problems/service-unavailable', title: 'A part of the platform is away', status: 503, code: 'ServiceUnavailable', detail: 'The API did not take the file.' }, { status: 503, headers: { 'content-type': 'application/problem+json' } });
  }
}
