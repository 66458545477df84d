import { describe, expect, it } from 'vitest';
import { RUN_EVENT_TYPES, type NewRunEvent, type RunEventData } from '#contracts/run-events';
import { WEBHOOK_EVENTS } from '#contracts/webhooks';
import { cloudEvent, type ToldRun } from './cloud-event.ts';
import { tellings, tellsSomething } from './outbox.ts';

/** A word that stands wherever a run has words of a person or a model. */
const WORD = 'canary-sesame';
const RUN = '01900000-0000-7000-8000-000000000001';
const UNTIL = '2026-11-27T10:00:00.000Z';
const gate = (kind: 'approval' | 'question', role: string | null): RunEventData['gate-open'] => ({ gate_id: 'full.a', kind, key: WORD, title: WORD, shown: { draft: WORD }, shown_hash: 'f'.repeat(64), role, approvers: 1, answer_schema: { title: WORD }, until: UNTIL });
const end = (status: 'completed' | 'failed' | 'cancelled' | 'timed_out'): NewRunEvent => ({ type: 'run-end', data: { status, cap_reached: null, headline: WORD, error: { type: '/problems/internal', title: WORD, status: 500, code: 'Internal', detail: WORD, step: WORD } as never } });
const EVENTS: NewRunEvent[] = [
  end('completed'), end('failed'), end('cancelled'), end('timed_out'), { type: 'gate-open', data: gate('approval', 'admin') }, { type: 'gate-open', data: gate('question', null) },
  { type: 'wait-start', data: { wait_id: 'budget-1', reason: 'budget', detail: WORD, until: UNTIL, budget: { limit_usd_micros: 1, used_usd_micros: 2, needed_usd_micros: 3 } } },
];
const run: ToldRun = { id: RUN, workflowSlug: 'learn_agentic_ai', runMode: 'test_run', provider: 'demo', model: 'demo-1', simulated: true, createdAt: new Date(0), status: 'completed', capReached: null, errorCode: 'Internal', startedAt: new Date(1), completedAt: null, inputTokens: 1, outputTokens: 2, costUsdMicros: null };
const told = (event: NewRunEvent, key = 'k') => tellings(RUN, [{ key, event }]);

describe('what is told of a run', () => {
  it('every kind of event, and no word of the run in any of them', () => {
    const all = EVENTS.flatMap((event) => told(event));
    expect(new Set(all.map(({ event_type }) => event_type))).toEqual(new Set(WEBHOOK_EVENTS));
    const bodies = all.map(({ event_id, event_type, data }) => cloudEvent({ eventId: event_id, eventType: event_type, createdAt: new Date(0), data, run }, 'https://awp.example.org'));
    expect(JSON.stringify([all, bodies])).not.toContain(WORD);
    for (const body of bodies) expect(JSON.parse(body)).toMatchObject({ specversion: '1.0', id: expect.stringMatching(/^evt_[0-9a-f]{32}$/), type: expect.stringMatching(/^awp\./), source: 'https://awp.example.org', subject: RUN, datacontenttype: 'application/json', data: { simulated: true, run_id: RUN } });
  });

  it('of a run that goes on nothing that changes is told, so that each try says the same', () => {
    const [asked] = told({ type: 'gate-open', data: gate('question', null) });
    if (!asked) throw new Error('nothing told');
    const body = (now: Partial<ToldRun>) => cloudEvent({ eventId: asked.event_id, eventType: asked.event_type, createdAt: new Date(0), data: asked.data, run: { ...run, ...now } }, 'https://awp.example.org');
    expect(body({ status: 'completed', costUsdMicros: 9, completedAt: new Date(5), outputTokens: 99 })).toBe(body({ status: 'waiting' }));
  });

  it('the id comes from what happened: whoever writes it, however often, under whatever key', () => {
    const [a, b] = [told(end('completed'), 'temporal/run-end'), told(end('failed'), 'reconciler/run-end')];
    expect(a[0]?.event_id).toBe(b[0]?.event_id);
    expect(told({ type: 'gate-open', data: gate('question', null) })[0]?.event_id).not.toBe(a[0]?.event_id);
    expect(tellings('01900000-0000-7000-8000-000000000002', [{ key: 'k', event: end('completed') }])[0]?.event_id).not.toBe(a[0]?.event_id);
  });

  it('an approval goes to the roles that may give it, everything else to the person of the run', () => {
    expect(told({ type: 'gate-open', data: gate('approval', 'admin') })[0]?.roles).toEqual(['admin']);
    expect(told({ type: 'gate-open', data: gate('approval', 'researcher') })[0]?.roles).toEqual(['researcher', 'admin']);
    expect(told({ type: 'gate-open', data: gate('approval', 'nobody') })[0]?.roles).toEqual([]);
    for (const event of [end('completed'), EVENTS[5], EVENTS[6]] as NewRunEvent[]) expect(told(event)[0]?.roles).toBeNull();
  });

  it('nothing else tells anything', () => {
    expect(tellsSomething([{ key: 'k', event: { type: 'wait-start', data: { wait_id: 'w', reason: 'provider', detail: WORD, until: null } } }])).toBe(false);
    for (const type of RUN_EVENT_TYPES.filter((name) => !['run-end', 'gate-open', 'wait-start'].includes(name))) expect(tellsSomething([{ key: 'k', event: { type, data: {} } as NewRunEvent }])).toBe(false);
  });
});
