import type { CompletionChunk } from '#contracts/providers';
import { networkCodes, openExchange, type Exchange, type ExchangeLimits, type Fetch } from './exchange.ts';
import { isFree, type Failure } from './failure.ts';
import { ProviderError } from './provider.ts';

/** Runs one vendor call inside an exchange and turns whatever goes wrong into a ProviderError: our own fault first, then
 * the caller's abort, then what the vendor answered, and last "cannot be reached". The socket is closed at the end. */
export interface CallContext {
  vendor: string;
  signal: AbortSignal;
  fetch: Fetch;
  limits: ExchangeLimits;
  /** the vendor's error body in our terms */
  readFailure: (failure: Failure) => ProviderError;
}

export async function* streamCall(context: CallContext, open: (exchange: Exchange) => AsyncIterable<CompletionChunk>): AsyncGenerator<CompletionChunk> {
  const exchange = openExchange(context.vendor, context.signal, context.fetch, context.limits, 'stream');
  try {
    context.signal.throwIfAborted();
    for await (const chunk of open(exchange)) {
      // SDKs end a stream quietly when it is aborted; the answer would look whole.
      if (chunk.type === 'end') throwIfBroken(exchange, context);
      yield chunk;
    }
  } catch (error) {
    throw weighed(explain(error, exchange, context), exchange);
  } finally {
    exchange.close();
  }
}

/** Whether the vendor may have charged for a call that brought no answer. A status that says no decides it, whatever broke off its body. */
function weighed(error: unknown, exchange: Exchange): unknown {
  if (!(error instanceof ProviderError)) return error;
  const failure = exchange.failure();
  error.uncharged = !exchange.reached() || (!exchange.began() && (failure ? isFree(failure) : error.uncharged));
  return error;
}

/** The same for one JSON answer. @returns what `work` returns */
export async function jsonCall<T>(context: CallContext, work: (exchange: Exchange) => Promise<T>): Promise<T> {
  const exchange = openExchange(context.vendor, context.signal, context.fetch, context.limits, 'json');
  try {
    context.signal.throwIfAborted();
    const result = await work(exchange);
    throwIfBroken(exchange, context);
    return result;
  } catch (error) {
    throw explain(error, exchange, context);
  } finally {
    exchange.close();
  }
}

function throwIfBroken(exchange: Exchange, { signal }: CallContext): void {
  const fault = exchange.fault();
  if (fault) throw fault;
  signal.throwIfAborted();
}

function explain(error: unknown, exchange: Exchange, { vendor, signal, readFailure }: CallContext): unknown {
  const fault = exchange.fault();
  if (fault) return fault;
  if (signal.aborted) return signal.reason instanceof Error && signal.reason.name === 'TimeoutError' ? new ProviderError('ProviderTimeout', `${vendor} did not finish in time`) : signal.reason;
  const failure = exchange.failure();
  if (failure) return readFailure(failure);
  if (error instanceof ProviderError) return error;
  return new ProviderError('ProviderUnavailable', networkDetail(vendor, error), { cause: undefined });
}

/** Names the network's own code where there is one; an SDK's message may carry the vendor's words. */
function networkDetail(vendor: string, error: unknown): string {
  const [code] = networkCodes(error);
  return code ? `${vendor} could not be reached (${code})` : `${vendor} broke off or sent something that cannot be read`;
}
