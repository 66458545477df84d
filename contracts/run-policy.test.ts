import { describe, expect, it } from 'vitest';
import { decideRun, type RunRule } from './run-policy.ts';

const rules: RunRule[] = [
  { role: 'student', workflow_id: 'learn_agentic_ai', mode: '*', provider: 'openai', effect: 'allow', max_cost_usd_micros: 50_000 },
  { role: 'student', workflow_id: '*', mode: '*', provider: 'openai', effect: 'deny', reason: 'Students use the campus endpoint.' },
  { role: '*', workflow_id: '*', mode: 'full_run', provider: 'groq', effect: 'deny' },
];
const ask = (change: Partial<Parameters<typeof decideRun>[0]>) => decideRun({ role: 'student', workflowId: 'ask_my_data', mode: 'test_run', provider: 'openai', ...change }, rules);

describe('the run policy', () => {
  it('the first rule that fits decides', () => {
    expect(ask({ workflowId: 'learn_agentic_ai' })).toMatchObject({ allowed: true, rule: 1, maxCostUsdMicros: 50_000 });
    expect(ask({})).toMatchObject({ allowed: false, rule: 2, reason: 'Students use the campus endpoint. (rule 2 of the run policy)' });
    expect(ask({ role: 'admin', mode: 'full_run', provider: 'groq' })).toMatchObject({ allowed: false, rule: 3 });
  });

  it('a rule may ask for the yes of others', () => {
    const asking: RunRule[] = [{ role: 'student', workflow_id: '*', mode: 'full_run', provider: '*', effect: 'allow', approvers: 2 }];
    expect(decideRun({ role: 'student', workflowId: 'ask_my_data', mode: 'full_run', provider: 'openai' }, asking)).toMatchObject({ allowed: true, approvers: 2 });
    expect(decideRun({ role: 'student', workflowId: 'ask_my_data', mode: 'test_run', provider: 'openai' }, asking)).toMatchObject({ allowed: true, approvers: 0 });
  });

  it('what no rule names is allowed', () => {
    for (const change of [{ role: 'researcher' }, { provider: 'demo' as const }, { provider: 'groq' as const }]) expect(ask(change)).toMatchObject({ allowed: true, rule: null });
  });
});
