import { expect, it } from 'vitest';
import { logText, matchingLines } from './log-lines';

const line = (level: 'info' | 'warn' | 'error', message: string, step: string | null = null) => ({ at: '2026-11-01T12:00:00.000Z', level, message, stage: step ? 'test' as const : null, step });
const logs = [line('info', 'Started'), line('warn', 'Slow answer', 'outline'), line('error', 'Broken')];

it('a level keeps what is worse, a search looks at words and places', () => {
  expect(matchingLines(logs, 'warn', '').map(({ message }) => message)).toEqual(['Slow answer', 'Broken']);
  expect(matchingLines(logs, 'error', '')).toHaveLength(1);
  expect(matchingLines(logs, 'all', ' SLOW ')).toHaveLength(1);
  expect(matchingLines(logs, 'all', 'test/outline')).toHaveLength(1);
});
it('a file has one line for each', () => expect(logText(logs.slice(0, 2))).toBe('2026-11-01T12:00:00.000Z info  Started\n2026-11-01T12:00:00.000Z warn  test/outline Slow answer\n'));
