import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { redact } from './redact.ts';

export type { Logger };

/** JSON lines with UTC time; every string passes the redactor, so a key never reaches a log whatever field it hides in. */
export function createLogger(config: Pick<Config, 'LOG_LEVEL' | 'LOG_FORMAT'>, name: string, destination?: { write(line: string): void }): Logger {
  const options = {
    name, level: config.LOG_LEVEL, timestamp: pino.stdTimeFunctions.isoTime, base: { service: name },
    formatters: { level: (label: string) => ({ level: label }), log: (fields: Record<string, unknown>) => redact(fields) as Record<string, unknown> },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: (...parts: unknown[]) => void) {
        method.apply(this, args.map((part) => (typeof part === 'string' ? redact(part) : part)) as unknown[]);
      },
    },
    serializers: { err: (error: Error) => ({ type: error.name, message: redact(error.message), stack: redact(error.stack ?? '') }) },
  };
  return (destination ? pino(options as never, destination) : pino(options as never)) as unknown as Logger;
}
