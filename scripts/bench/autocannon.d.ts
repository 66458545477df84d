/** The part of autocannon 9 that the benchmark uses; the package brings no types. */
declare module 'autocannon' {
  interface Options { url: string; connections: number; duration: number; headers?: Record<string, string>; overallRate?: number }
  interface Result { '2xx': number; non2xx: number; '3xx'?: number; errors: number; timeouts: number; requests: { average: number }; statusCodeStats?: Record<string, { count: number }> }
  interface Instance extends PromiseLike<Result> {
    on(event: 'response', listener: (client: unknown, statusCode: number, resBytes: number, responseTimeMs: number) => void): this;
    stop(): void;
  }
  export default function autocannon(options: Options): Instance;
}
