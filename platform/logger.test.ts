import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

const KEY = 'sk-proj-a1B2c3D4e5F6g7H8i9J0';

function capture(format: 'json' | 'text' = 'json', level: 'info' | 'silent' = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ LOG_LEVEL: level, LOG_FORMAT: format }, 'worker', { write: (line) => { lines.push(line); } });
  return { logger, lines, fields: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('log lines', () => {
  it('are JSON with UTC time, level in words and the service', () => {
    const { logger, fields } = capture();
    logger.info({ run_id: 'r1' }, 'run started');
    expect(fields()).toMatchObject({ level: 'info', service: 'worker', run_id: 'r1', msg: 'run started' });
    expect(fields()['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('as text are one readable line each', () => {
    const { logger, lines } = capture('text');
    logger.warn({ run_id: 'r1' }, 'database connection lost');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z warn {2}worker database connection lost \{"run_id":"r1"\}\n$/);
  });

  it('below the level are not written', () => {
    const { logger, lines } = capture('json', 'silent');
    logger.error('x');
    expect(lines).toEqual([]);
  });
});

describe('a key never reaches a log', () => {
  it.each<[string, (logger: ReturnType<typeof capture>['logger']) => void]>([
    ['in the message', (logger) => logger.info(`key ${KEY} refused`)],
    ['in a field', (logger) => logger.info({ detail: `key ${KEY}` }, 'x')],
    ['in a field named so', (logger) => logger.info({ api_key: KEY }, 'x')],
    ['in a nested field', (logger) => logger.info({ request: { headers: [{ value: `Bearer ${KEY}` }] } }, 'x')],
    ['in an error', (logger) => logger.error({ err: new Error(`bad key ${KEY}`) }, 'x')],
    ['in an error that is the whole line', (logger) => logger.error(new Error(`bad key ${KEY}`))],
    ['in an error without a message of its own', (logger) => logger.error({ err: new Error(`bad key ${KEY}`) })],
    ['in what is put into the message', (logger) => logger.info('got %s and %j', KEY, { key: KEY })],
    ['in the fields of a child logger', (logger) => logger.child({ token: KEY, detail: KEY }).info('x')],
    ['in an error under another name', (logger) => logger.info({ cause: new Error(`bad key ${KEY}`) }, 'x')],
  ])('%s', (_name, write) => {
    for (const format of ['json', 'text'] as const) {
      const { logger, lines } = capture(format);
      write(logger);
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toContain(KEY);
    }
  });

  it('an address of a person is starred, its host stays', () => {
    for (const format of ['json', 'text'] as const) {
      const { logger, lines } = capture(format);
      logger.info({ detail: 'mail to ada.lovelace@example.org', list: ['x@mail.example.org'] }, 'sent to %s', 'grace+1@example.com');
      expect(lines.join('')).not.toMatch(/lovelace|grace/);
      expect(lines.join('')).toContain('a***@example.org');
    }
  });
});
