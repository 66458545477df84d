import { Context } from '@temporalio/activity';

/** At most this long between two, ms: a cancel arrives with the answer to one, and has to end a call within 5 s. */
const LONGEST_MS = 3_500;

/** Heartbeats of a running activity until it is told to stop: three within the timeout after which the server gives the worker up
 * for dead, and not more, because each is a write of Temporal's for every call in flight. A local activity has none: the server does not
 * know of it, and its worker would complain of each. */
export function startHeart(): () => void {
  const { heartbeatTimeoutMs, isLocal } = Context.current().info;
  if (isLocal) return () => {};
  const heart = setInterval(() => Context.current().heartbeat(), Math.min((heartbeatTimeoutMs ?? LONGEST_MS) / 3, LONGEST_MS));
  return () => clearInterval(heart);
}

/** An activity that beats from its first moment to its last. */
export function beating<Request, Answer>(work: (request: Request) => Promise<Answer>): (request: Request) => Promise<Answer> {
  return async (request) => {
    const stopHeart = startHeart();
    try {
      return await work(request);
    } finally {
      stopHeart();
    }
  };
}
