import type { Request, Response as ExpressResponse } from 'express';
import { McpMessage } from '#contracts/api/mcp.schema';
import { defineEndpoint, HANDLED } from '../../endpoint.ts';
import { createMcp } from '../../mcp/server.ts';

/** What the transport reads of a request; the credential has been seen and goes no further. */
const HEADERS = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name'];

export const postMcp = defineEndpoint({
  method: 'post', path: '/api/v1/mcp', operationId: 'mcp', tag: 'System', summary: 'The catalog as an MCP server', description: 'Model Context Protocol over streamable HTTP, without sessions: one JSON-RPC message a request. Tools: list_workflows, get_schema, start_run, get_run, list_runs, cancel_run, read_artifact, each with the rights of the API token. See docs/mcp.md.',
  permission: 'signed-in', audit: 'none', turnsWithin: true, body: McpMessage,
  answers: { 200: { description: 'The answer, also when it says that a tool failed', contentType: ['application/json', 'text/event-stream'] }, 202: { description: 'A notification was taken' }, 400: { description: 'A problem, or a JSON-RPC error of the protocol', contentType: ['application/json', 'application/problem+json'] }, 406: { description: 'The Accept header has not both application/json and text/event-stream', contentType: 'application/json' } },
  errors: ['InvalidInput', 'RateLimited'],
  handler: (deps) => async ({ principal, body, req, res }) => {
    const closed = new AbortController();
    res.once('close', () => closed.abort());
    const mcp = createMcp(deps, { principal, req, res });
    try {
      await passOn(await mcp.fetch(webRequest(req, closed.signal), { parsedBody: body }), res);
    } finally {
      await mcp.close();
    }
    return HANDLED;
  },
});

function webRequest(req: Request, signal: AbortSignal): globalThis.Request {
  const headers = new Headers(HEADERS.flatMap((name) => { const value = req.get(name); return value === undefined ? [] : [[name, value] as [string, string]]; }));
  return new Request(`http://localhost${req.path}`, { method: 'POST', headers, signal });
}

async function passOn(answer: globalThis.Response, res: ExpressResponse): Promise<void> {
  res.status(answer.status).set('Cache-Control', 'no-store');
  const type = answer.headers.get('content-type');
  if (type) res.set('Content-Type', type);
  // One message: no tool tells of its progress, and nothing can be subscribed to.
  res.end(Buffer.from(await answer.arrayBuffer()));
}
