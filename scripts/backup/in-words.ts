import { CodedError } from '#platform/coded-error';
import { isDatabaseAway } from '#platform/database-errors';
import { LaunchError } from '../launch/ports.ts';

/** gRPC's codes for a server that is not there, does not answer in time, or does not want this key or certificate. */
const ENGINE: Record<number, string> = { 4: 'Temporal gives no answer', 14: 'Temporal cannot be reached', 7: 'Temporal refuses this key or certificate', 16: 'Temporal refuses this key or certificate' };

/** @returns what Temporal's client met, null when it was something else */
export function engineWords(error: unknown): string | null {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const number = typeof code === 'number' ? code : cause?.code;
  return typeof number === 'number' ? ENGINE[number] ?? null : null;
}

/** @returns what a person is told, null for an error that nobody foresaw */
export function inWords(error: unknown): string | null {
  if (error instanceof LaunchError) return error.message;
  if (error instanceof CodedError) return error.detail;
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) return message ?? code;
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'EACCES' || code === 'EROFS') return `${message}: this user may not write there`;
  const engine = engineWords(error);
  if (engine !== null) return `${engine}: TEMPORAL_ADDRESS, its certificates or key, the network`;
  if (isDatabaseAway(error)) return 'the database does not answer: DATABASE_URL, or is the installation running?';
  if (code === '28P01' || code === '28000') return 'the database refuses this role or password: DATABASE_URL';
  return null;
}

/** For commands that people type, called before anything else: what ends them is said in words, with exit code 1. A stack is only for what
 * nobody foresaw. */
export function endInWords(): void {
  process.on('uncaughtException', (error: unknown) => {
    const words = inWords(error);
    console.error(words === null ? error : `\n  ✗ ${words}\n`);
    process.exit(1);
  });
}
