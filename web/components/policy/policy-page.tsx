'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunPolicyWire } from '#contracts/api/usage.schema';
import { formProblem } from '../../lib/field-errors';
import { formatAbsolute } from '../../lib/format';
import { runPolicyQuery, useWriteRunPolicy } from '../../lib/usage-queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { notify } from '../ui/toast';
import { RuleEditor, type Rule } from './rule-editor';

const NEW_RULE: Rule = { role: 'student', workflow_id: '*', mode: '*', provider: '*', effect: 'deny' };

/** Who may run what, how and with which provider: a list in which the first line that fits decides. */
export function PolicyPage() {
  const policy = useQuery(runPolicyQuery);
  return (
    <div>
      <h1 className="page-title">Run policy</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Read from the top: the first line that fits decides. What no line names is allowed, as far as the role goes. A change holds at once, also for the next step of runs that are under way.</p>
      <div className="mt-6">
        {policy.isPending ? <Loading label="Loading the policy"><Skeleton className="h-40" /></Loading> : null}
        {policy.error && !policy.data ? <ProblemPanel error={policy.error} onRetry={() => void policy.refetch()} /> : null}
        {policy.data ? <Editor key={policy.data.version} policy={policy.data} /> : null}
      </div>
    </div>
  );
}

function Editor({ policy }: { policy: RunPolicyWire }) {
  const [rules, setRules] = useState<{ key: number; rule: Rule }[]>(() => policy.rules.map((rule, key) => ({ key, rule })));
  const [next, setNext] = useState(policy.rules.length);
  const [problem, setProblem] = useState<string | null>(null);
  const write = useWriteRunPolicy();
  const changed = JSON.stringify(rules.map(({ rule }) => rule)) !== JSON.stringify(policy.rules);
  const save = async (): Promise<void> => {
    setProblem(null);
    try {
      await write.mutateAsync({ version: policy.version, rules: rules.map(({ rule }) => rule) });
      notify('The run policy is changed');
    } catch (error) {
      const { whole, fields } = formProblem(error);
      setProblem(whole ?? Object.entries(fields).map(([field, words]) => `${field}: ${words}`).join(' '));
    }
  };
  const move = (index: number, by: -1 | 1): void => {
    const moved = [...rules];
    const [taken] = moved.splice(index, 1);
    if (taken) moved.splice(index + by, 0, taken);
    setRules(moved);
  };
  return (
    <Panel title="Lines" aside={policy.changed_at ? `changed ${formatAbsolute(policy.changed_at)}, version ${policy.version}` : 'none written yet'}>
      {rules.length === 0 ? <p className="text-muted">No line: everybody runs what their role permits.</p> : null}
      <ol className="grid gap-3">
        {rules.map(({ key, rule }, index) => (
          <RuleEditor
            key={key} index={index} last={index === rules.length - 1} rule={rule} onMove={(by) => move(index, by)}
            onChange={(changedRule) => setRules(rules.map((each) => (each.key === key ? { key, rule: changedRule } : each)))} onRemove={() => setRules(rules.filter((each) => each.key !== key))}
          />
        ))}
      </ol>
      {problem ? <p role="alert" className="mt-3 text-failed">{problem}</p> : null}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button onClick={() => { setRules([...rules, { key: next, rule: NEW_RULE }]); setNext(next + 1); }}>Add a line</Button>
        <Button variant="primary" disabled={!changed || write.isPending} onClick={() => void save()}>{write.isPending ? 'Saving…' : 'Save'}</Button>
      </div>
    </Panel>
  );
}
