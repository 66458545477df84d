import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Every request names who sent it to this server, after those before: what a proxy does, and Next does only where the header is
 * missing, so that a client who sends one of its own would choose the address in the API's limits and audit log. With it
 * TRUST_PROXY_HOPS counts this server: 1 behind it alone. */
export function nameSenders(): void {
  subscribe('http.server.request.start', (message) => {
    const { headers, socket } = (message as { request: IncomingMessage }).request;
    headers['x-forwarded-for'] = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
  });
}
