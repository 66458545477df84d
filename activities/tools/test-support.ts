import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ToolConfig } from './registry.ts';
import type { ToolContext } from './tool.ts';

/** Builders for the tests of the tools: servers on loopback, a context, a configuration, a PDF. */
export interface TestServer { server: Server; host: string; url: string; requests: string[]; close(): Promise<void> }

export async function serve(listener: RequestListener, address = '127.0.0.1'): Promise<TestServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => { requests.push(request.url ?? ''); listener(request, response); });
  await new Promise<void>((resolve, reject) => { server.once('error', reject); server.listen(0, address, resolve); });
  const { port } = server.address() as AddressInfo;
  const host = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  return { server, host, url: `http://${host}`, requests, close: () => new Promise((resolve) => { server.close(() => { resolve(); }); server.closeAllConnections(); }) };
}

/** Answers `/robots.txt` with 404 and the rest by path. */
export function pages(routes: Record<string, { type?: string; body?: string | Buffer; status?: number; headers?: Record<string, string> }>): RequestListener {
  return (request, response) => {
    const route = routes[(request.url ?? '/').split('?')[0] ?? '/'];
    response.writeHead(route ? route.status ?? 200 : 404, { ...(route?.type === undefined ? {} : { 'content-type': route.type }), ...route?.headers });
    response.end(route?.body ?? '');
  };
}

export function context(overrides: Partial<ToolContext> = {}): ToolContext {
  return { signal: new AbortController().signal, capabilities: { tools: ['library_search', 'web_search', 'fetch_url', 'read_pdf', 'check_citations'], hosts: null }, ...overrides };
}

export const config = (overrides: Partial<ToolConfig> = {}): ToolConfig => ({
  SEARXNG_URL: undefined, TAVILY_API_KEY: undefined, BRAVE_API_KEY: undefined, WIKIPEDIA_BASE_URL: undefined, ARXIV_BASE_URL: undefined, SKILLS_DIR: undefined, AWP_ALLOWED_PRIVATE_HOSTS: [], ...overrides,
});

/** A real PDF with one line of text per page. */
export function makePdf(pages: readonly string[], title = 'A small paper'): Buffer {
  const objects: string[] = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [${pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}] /Count ${pages.length} >>`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  for (const [index, text] of pages.entries()) {
    const stream = `BT /F1 12 Tf 40 700 Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`;
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`, `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  objects.push(`<< /Title (${title}) >>`);
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => { const at = body.length; body += `${index + 1} 0 obj\n${object}\nendobj\n`; return at; });
  const xref = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(body, 'latin1');
}
