import { createLogger, type Logger } from '#platform/logger';

export type LogLine = Record<string, unknown>;

/** A real logger, and its lines as they would be written. */
export function capturedLog(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  return { logger: createLogger({ LOG_LEVEL: 'info', LOG_FORMAT: 'json' }, 'worker', { write: (line) => { lines.push(JSON.parse(line) as LogLine); } }), lines };
}
