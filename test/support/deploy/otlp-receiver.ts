import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Attribute { key: string; value: { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean; arrayValue?: { values: { stringValue?: string }[] } } }
interface WireSpan { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number; startTimeUnixNano: string; endTimeUnixNano: string; attributes: Attribute[]; status: { code?: number; message?: string } }
export interface ReceivedSpan extends Omit<WireSpan, 'attributes'> { service: string; attributes: Record<string, unknown> }

const valueOf = ({ value }: Attribute): unknown => value.arrayValue?.values.map((each) => each.stringValue) ?? value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue);
const objectOf = (list: Attribute[] = []) => Object.fromEntries(list.map((each) => [each.key, valueOf(each)]));

/** A receiver of OTLP/HTTP (JSON), as an OpenTelemetry collector is one. */
export interface OtlpReceiver { url: string; spans: ReceivedSpan[]; /** headers of the last delivery */ headers(): Record<string, unknown>; close(): Promise<void> }

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let headers: Record<string, unknown> = {};
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      headers = req.headers;
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: WireSpan[] }[] }[] };
      for (const { resource, scopeSpans } of resourceSpans) {
        const service = String(objectOf(resource.attributes)['service.name']);
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, service, attributes: objectOf(span.attributes) })));
      }
      res.writeHead(req.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, headers: () => headers,
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}
