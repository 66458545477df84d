import { NextResponse, type NextRequest } from 'next/server';
import { isDraining } from './lib/draining';
import { tracedHeaders } from './lib/forwarded-headers';

/** Two jobs on each request: forward the API's paths to it at run time (rewrites() of the config are fixed at build
 * time), and give every page a content security policy with a fresh nonce. */
const FORWARDED = /^\/(api|docs|redoc|openapi\.json|\.well-known|health|ready)(\/|$)/;
const DEVELOPMENT = process.env.NODE_ENV === 'development';

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { pathname, search } = request.nextUrl;
  if (pathname === '/health' && isDraining()) return NextResponse.json({ status: 'draining' }, { status: 503, headers: { 'Cache-Control': 'no-store' } });
  if (FORWARDED.test(pathname)) return forward(request, pathname + search);
  return secure(request);
}

/** Streams pass live: the API marks them no-transform. A person who opens an API page while it is away gets a page with words. */
async function forward(request: NextRequest, path: string): Promise<NextResponse> {
  const origin = process.env.API_ORIGIN ?? 'http://127.0.0.1:8000';
  if (request.headers.get('sec-fetch-dest') === 'document' && !(await answers(origin))) {
    return secure(request, new URL('/api-away', request.nextUrl));
  }
  const headers = process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? tracedHeaders(request.headers, request.method, request.nextUrl.pathname) : null;
  return NextResponse.rewrite(new URL(path, origin), headers ? { request: { headers } } : undefined);
}

async function answers(origin: string): Promise<boolean> {
  try {
    await fetch(new URL('/health', origin), { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}

function secure(request: NextRequest, instead?: URL): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = instead ? NextResponse.rewrite(instead, { request: { headers } }) : NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('x-frame-options', 'DENY');
  // The sign-in link carries its token in the address: it must reach nobody by Referer.
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  return response;
}

/** Own origin only. Style attributes are allowed because popups are positioned by them; style elements need the nonce. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${DEVELOPMENT ? " 'unsafe-eval'" : ''}`,
    DEVELOPMENT ? "style-src 'self' 'unsafe-inline'" : `style-src-elem 'self' 'nonce-${nonce}'`,
    ...(DEVELOPMENT ? [] : ["style-src-attr 'unsafe-inline'", "style-src 'self'"]),
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${DEVELOPMENT ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

// A file that is sent goes by app/api/v1/uploads/route.ts: Next keeps the body of what passes here in memory, at most 10 MB of it.
export const config = {
  matcher: [
    '/((?!_next/static|_next/image|icon.svg|api/v1/uploads$).*)',
    { source: '/api/v1/uploads', missing: [{ type: 'header', key: 'content-type', value: 'application/octet-stream' }] },
  ],
};
