import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewRunEvent } from '#contracts/run-events';
import { EMPTY_RUN_VIEW, reduceRun, reduceRunEvents } from '#contracts/run-reducer';
import { ended, queued, runLog, started, stored } from '../test/support/run-log.ts';
import { dollars, Output, printable, seconds, size } from './output.ts';
import { ASCII, eventLines, UNICODE, wholeRail, type Glyphs } from './rail.ts';

function lines(events: readonly NewRunEvent[], glyphs: Glyphs = ASCII): string[] {
  let view = EMPTY_RUN_VIEW;
  return stored(events).flatMap((event) => {
    view = reduceRun(view, event);
    return eventLines(view, event, glyphs);
  });
}

describe('the stage rail', () => {
  it('tells a run from its first event to its end', () => {
    expect(lines([
      queued, started, { type: 'stage-start', stage: 'validate', data: { stages: ['validate', 'test'] } },
      { type: 'check-end', stage: 'validate', data: { check: 'key', title: 'Key is there', outcome: 'failed', detail: 'No key.', remedy: 'Add one.', duration_ms: 3 } },
      { type: 'stage-end', stage: 'validate', data: { outcome: 'failed', cap: null, remark: 'One check failed.' } },
      { type: 'wait-start', data: { wait_id: 'w', reason: 'approval', detail: 'by Ada', until: null } }, { type: 'wait-end', data: { wait_id: 'w', reason: 'approval', outcome: 'settled', detail: 'approved' } },
      { type: 'artifact-save', data: { artifact_id: 'a', file_name: 'notes.md', mime_type: 'text/markdown', file_size_bytes: 1500, sha256: 'x' } }, ended('failed'),
    ])).toEqual([
      '  0:00  Learn Agentic AI v1 - Test - openai / gpt-4o-mini',
      '  0:00  o 1 VALIDATE',
      '  0:00  |   x Key is there: No key. - 3 ms', '        |       -> Add one.',
      '  0:00  | x VALIDATE failed: One check failed.',
      '  0:00  : waiting (approval): by Ada', '  0:00  : goes on: approved',
      '  0:00  | + notes.md - 1.5 kB',
      '  0:00  # x failed: The end.', expect.stringContaining('openai could not be reached'), expect.stringContaining('->'),
    ]);
  });

  it('shows what is waited for and who decided what', () => {
    const view = reduceRunEvents(stored([
      queued, started,
      { type: 'gate-open', stage: 'full', data: { gate_id: 'full.send', kind: 'approval', key: 'send', title: 'Write this?', shown: {}, shown_hash: 'a', role: 'admin', approvers: 2, answer_schema: null, until: '2026-11-24T10:00:00.000Z' } },
      { type: 'gate-decide', stage: 'full', data: { gate_id: 'full.send', decision_id: 'd', by: 'Ada', decision: 'approve', reason: 'Fine.', shown_hash: 'a', limits: { output_tokens: 900 } } },
      { type: 'wait-start', stage: 'full', data: { wait_id: 'full.send', reason: 'approval', detail: 'One more has to agree', until: null } },
      { type: 'wait-start', stage: 'full', data: { wait_id: 'budget-1', reason: 'budget', detail: 'The budget is used up', until: '2026-11-24T10:00:00.000Z' } },
    ]));
    expect(wholeRail(view, ASCII).filter((line) => line.startsWith(':'))).toEqual([
      ': ! approval by 2 admin: Write this? open until 2026-11-24T10:00:00.000Z (full.send)', ':     approve by Ada, at most 900 tokens: Fine.',
      ': waiting (approval): One more has to agree', ': waiting (budget): The budget is used up, until 2026-11-24T10:00:00.000Z',
    ]);
  });

  it('says of a try without an answer whether it is made again, and counts it when the provider may have charged', () => {
    const at = { stage: 'test', step: 'note', ordinal: 1 } as const;
    const told = [
      queued, started, { type: 'stage-start', stage: 'test', data: { stages: ['test'] } }, { type: 'step-start', ...at, data: { title: 'Note', index: 1, total: 1 } },
      { type: 'completion-start', ...at, attempt: 1, data: { provider: 'openai', model: 'gpt-4o-mini', max_output_tokens: 100 } },
      { type: 'completion-retry', ...at, attempt: 1, data: { code: 'ProviderTimeout', detail: 'silent', wait_ms: 2000, possibly_billed_attempts: 1 } },
      { type: 'completion-start', ...at, attempt: 2, data: { provider: 'openai', model: 'gpt-4o-mini', max_output_tokens: 100, possibly_billed_attempts: 1 } },
      { type: 'completion-retry', ...at, attempt: 2, data: { code: 'ProviderTimeout', detail: 'silent', wait_ms: null, possibly_billed_attempts: 2 } }, ended('failed'),
    ] satisfies NewRunEvent[];
    expect(lines(told).filter((line) => line.includes('ProviderTimeout'))).toEqual(['  0:00  :       ProviderTimeout: silent; again in 2.0 s', '  0:00  :       ProviderTimeout: silent; the provider may have charged for it']);
    expect(wholeRail(reduceRunEvents(stored(told)), ASCII).some((line) => line.includes('2 possibly billed'))).toBe(true);
  });

  it('never breaks, never passes a control sign on, whatever the log', () => {
    fc.assert(fc.property(runLog, ({ events, status }) => {
      let view = EMPTY_RUN_VIEW;
      const all = events.flatMap((event) => {
        view = reduceRun(view, event);
        return eventLines(view, event, UNICODE);
      });
      const whole = wholeRail(reduceRunEvents(events), UNICODE);
      for (const line of [...all, ...whole]) expect(line).toBe(printable(line));
      expect(whole.some((line) => line.startsWith('■'))).toBe(true);
      expect(status === null || all.some((line) => line.includes('■'))).toBe(true);
    }), { numRuns: 100 });
  });

  it('text of a model cannot move the cursor or paint the terminal', () => {
    expect(printable('a\u001b[2Jb\u0007\r\n\tc\u009b1m')).toBe('a[2Jb\n\tc1m');
  });
});

describe('words and tables', () => {
  const terminal = (tty: boolean, env: NodeJS.ProcessEnv = {}) => {
    const out: string[] = [];
    const err: string[] = [];
    return { out, err, terminal: { stdout: { write: (text: string) => out.push(text), isTTY: tty }, stderr: { write: (text: string) => err.push(text), isTTY: tty }, stdin: Object.assign(process.stdin, {}), env } };
  };
  const rows = [{ a: 'one\ntwo', b: 1 }, { a: 'x', b: null }];
  const columns = [['A', (row: { a: string }) => row.a], ['B', (row: { b: number | null }) => row.b]] as const;

  it('aligned for a person, tab-separated for --plain, JSON for --json', () => {
    const person = terminal(true);
    new Output(person.terminal, {}).table(rows, columns);
    expect(person.out.join('')).toBe('A        B\none two  1\nx        –\n');
    const plain = terminal(true);
    new Output(plain.terminal, { plain: true }).table(rows, columns);
    expect(plain.out.join('')).toBe('one two\t1\nx\t–\n');
    const json = terminal(false);
    new Output(json.terminal, { json: true }).table(rows, columns);
    expect(JSON.parse(json.out.join(''))).toEqual(rows);
    const empty = terminal(true);
    new Output(empty.terminal, {}).table([], columns);
    expect([empty.out, empty.err]).toEqual([[], ['Nothing yet.\n']]);
  });

  it('colour on a screen only, and not against NO_COLOR; --quiet says nothing but errors', () => {
    const paint = (tty: boolean, env = {}, options = {}) => new Output(terminal(tty, env).terminal, options).paint('red', 'x');
    expect([paint(true) !== 'x', paint(false), paint(true, { NO_COLOR: '1' }), paint(true, { TERM: 'dumb' }), paint(true, {}, { plain: true })]).toEqual([true, 'x', 'x', 'x', 'x']);
    const quiet = terminal(true, { NO_COLOR: '1' });
    const output = new Output(quiet.terminal, { quiet: true });
    output.say('talk');
    output.fail(['✗ bad', '  → do']);
    expect(quiet.err.join('')).toBe('✗ bad\n  → do\n');
  });

  it('units', () => {
    expect([seconds(12), seconds(1500), seconds(90_000), dollars(null), dollars(0), dollars(1234), dollars(1_230_000), size(5), size(1500), size(2_500_000)]).toEqual(['12 ms', '1.5 s', '1 min 30 s', 'cost unknown', '$0', '$0.0012', '$1.23', '5 B', '1.5 kB', '2.5 MB']);
  });
});
