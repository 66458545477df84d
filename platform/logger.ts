import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';
import { logFields } from './log-fields.ts';
import { logLines } from './log-metrics.ts';
import { redact, starEmails } from './redact.ts';
import { traceFields } from './tracing/tracing.ts';

export type { Logger };

/** One line of UTC time, level, service, message and fields each: JSON for machines, `text` for a person at a terminal. Fields are
 * redacted by name and shape, and the finished line once more by shape, so a key never reaches a log whatever it hides in. */
export function createLogger(config: Pick<Config, 'LOG_LEVEL' | 'LOG_FORMAT'>, name: string, destination?: { write(line: string): void }): Logger {
  const redactFields = (fields: Record<string, unknown>) => redact(fields) as Record<string, unknown>;
  const options = {
    level: config.LOG_LEVEL, timestamp: pino.stdTimeFunctions.isoTime, base: { service: name }, mixin: () => ({ ...logFields(), ...traceFields() }),
    formatters: { level: (label: string) => ({ level: label }), log: redactFields, bindings: redactFields },
    hooks: {
      // What is put into a message by %s or %j passes no formatter.
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: (...parts: unknown[]) => void, level: number) {
        logLines.add(level);
        method.apply(this, args.map((part: unknown, index) => (index > 0 ? redact(part) : part)));
      },
      // pino takes the message from an error that has none beside it, and an error under any name: only here is all of it.
      streamWrite: (line: string) => asFormat(config.LOG_FORMAT, starEmails(redact(line) as string)),
    },
    serializers: { err: (error: Error) => ({ type: error.name, message: redact(error.message), stack: redact(error.stack ?? '') }) },
  };
  return destination ? pino(options as never, destination) : pino(options as never);
}

function asFormat(format: Config['LOG_FORMAT'], line: string): string {
  if (format === 'json') return line;
  const { time, level, service, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & { err?: { stack?: string } };
  const rest = Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : '';
  return `${String(time)} ${String(level).padEnd(5)} ${String(service)} ${msg === undefined ? '' : String(msg)}${rest}${err?.stack ? `\n${err.stack}` : ''}\n`;
}
