/** Whether an error means "the database cannot be reached now" rather than "the query is wrong". By code only.
 * @source PostgreSQL error classes 08, 53, 57P; Prisma P1001, P1002, P1008, P1017, P2024; node-postgres and socket codes */
const AWAY = /^(?:08\w{3}|53\w{3}|57P0[1-5]|P1001|P1002|P1008|P1017|P2024|P2028|P2037|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH)$/;
/** What node-postgres says without any code when a socket closes or the pool times out. */
const AWAY_WORDS = new Set(['Connection terminated unexpectedly', 'Connection terminated due to connection timeout', 'timeout exceeded when trying to connect', 'Connection terminated', 'Client has encountered a connection error and is not queryable', 'Cannot use a pool after calling end on the pool']);

export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (depth > 5 || typeof error !== 'object' || error === null) return false;
  const { code, message, cause, meta, originalCode, kind } = error as { code?: unknown; message?: unknown; cause?: unknown; meta?: { driverAdapterError?: unknown }; originalCode?: unknown; kind?: unknown };
  if (typeof code === 'string' && AWAY.test(code)) return true;
  if (typeof originalCode === 'string' && AWAY.test(originalCode)) return true;
  if (kind === 'DatabaseNotReachable' || kind === 'ConnectionClosed' || kind === 'SocketTimeout' || kind === 'TooManyConnections') return true;
  if (typeof message === 'string' && AWAY_WORDS.has(message.trim())) return true;
  return isDatabaseAway(cause, depth + 1) || isDatabaseAway(meta?.driverAdapterError, depth + 1);
}
