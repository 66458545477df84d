'use client';
import type { RJSFSchema } from '@rjsf/utils';
import { useQueries } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { MODE_WORDS, type RunMode } from '#contracts/runs';
import { ApiError } from '../../lib/api-client';
import { formatCost, formatCount, formatTokens, inputText } from '../../lib/format';
import { newIdempotencyKey } from '../../lib/idempotency';
import { estimateQuery, useSession, useStartRun, type RunDetailWire, type WorkflowDetailWire, type WorkflowSchemaWire } from '../../lib/queries';
import { checkInputs } from '../../lib/schema-form';
import { useSettled } from '../../lib/use-settled';
import { MOST_VARIANTS, priceOf, variableFields, variantsOf, type VariableField } from '../../lib/vary';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Panel } from '../ui/panel';
import { Select } from '../ui/select';

const SETTLE_MS = 500;
const MODES: readonly RunMode[] = ['test_run', 'full_run'];

/** Which input, which values, how far; then the price of all and one press. */
export function VaryForm({ run, workflow, schema }: { run: RunDetailWire; workflow: WorkflowDetailWire; schema: WorkflowSchemaWire }) {
  const router = useRouter();
  const { data: session } = useSession();
  const jsonSchema = schema.json_schema as RJSFSchema;
  const fields = variableFields(jsonSchema, run.inputs);
  const [name, setName] = useState((fields.find(({ kind }) => kind === 'choice') ?? fields[0])?.field ?? '');
  const field = fields.find((candidate) => candidate.field === name);
  const [texts, setTexts] = useState<readonly string[]>(['', '', '']);
  const [mode, setMode] = useState<RunMode>(run.run_mode === 'full_run' && session?.permissions.includes('workflow:run:full') ? 'full_run' : 'test_run');
  const [keys] = useState(() => Array.from({ length: MOST_VARIANTS }, newIdempotencyKey));
  const start = useStartRun();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const variants = field ? variantsOf(field, texts, run.inputs) : [];
  const settled = useSettled(variants, SETTLE_MS);
  const wrong = field ? variants.map((inputs) => checkInputs(jsonSchema, inputs)[field.field]).find(Boolean) : undefined;
  const estimates = useQueries({ queries: settled.map((inputs) => ({ ...estimateQuery(run.workflow_id, { inputs, run_mode: mode, provider: run.provider, model: run.model }), enabled: !wrong })) });
  const price = priceOf(estimates.map(({ data }) => data));
  const refused = estimates.find(({ error }) => error)?.error;
  const go = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const ids: string[] = [];
      // One after the other: what cannot be started stops the rest, and the keys make a second press the same runs.
      for (const [index, inputs] of variants.entries()) ids.push((await start.mutateAsync({ body: { workflow_id: run.workflow_id, inputs, run_mode: mode, provider: run.provider, model: run.model }, idempotencyKey: keys[index] ?? newIdempotencyKey() })).id);
      router.push(`/runs?workflow=${run.workflow_id}&compare=${[run.id, ...ids].join(',')}`);
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  if (!field) return <p className="mt-6 text-muted">This workflow has no input of one value. Change its inputs on the form instead.</p>;
  const allowed = MODES.filter((candidate) => candidate !== 'full_run' || session?.permissions.includes('workflow:run:full'));
  return (
    <div className="mt-6 grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <Panel title="What differs" bodyClassName="grid gap-5">
        <div><span id="vary-field" className="block font-medium">Input</span><Select className="mt-1.5 sm:max-w-md" aria-labelledby="vary-field" value={name} onValueChange={(next) => { setName(next); setTexts(['', '', '']); }} options={fields.map((option) => ({ value: option.field, label: option.title }))} />
          <p className="mt-1.5 text-sm text-muted">In that run: <span className="text-ink">{field.options.find(({ value }) => value === String(run.inputs[field.field]))?.label ?? inputText(run.inputs[field.field])}</span></p></div>
        <fieldset className="grid gap-3"><legend className="mb-1 font-medium">Other values, up to {MOST_VARIANTS}</legend>{texts.map((text, index) => <ValueField key={`${name}/${index}`} field={field} number={index + 1} text={text} taken={texts} now={run.inputs[field.field]} onText={(next) => setTexts(texts.map((other, at) => (at === index ? next : other)))} />)}</fieldset>
        {wrong ? <p role="alert" className="text-sm font-medium text-failed">{wrong}</p> : null}
      </Panel>
      <Panel title="What it takes" bodyClassName="grid gap-4">
        <div><span id="vary-mode" className="block font-medium">How far</span><Select className="mt-1.5" aria-labelledby="vary-mode" value={mode} onValueChange={(next) => setMode(next as RunMode)} options={allowed.map((value) => ({ value, label: MODE_WORDS[value].label, note: MODE_WORDS[value].verb }))} /></div>
        <p className="text-sm text-muted">{run.provider} <span className="font-mono">{run.model}</span>, as in that run.</p>
        <p aria-live="polite" data-slot="vary-price">
          {variants.length === 0 ? <span className="text-muted">Give at least one other value.</span> : wrong || refused ? <span className="font-medium text-failed">{refused instanceof ApiError ? (refused.problem.detail ?? refused.problem.title) : 'Mend the value first.'}</span> : price === null ? 'Working out the price…' : (
            <><span className="block font-medium">{formatCount(variants.length, 'run')}: {run.simulated ? 'nothing to pay with the demo provider' : price.expected === null ? 'the price of this model is unknown' : `about ${formatCost(price.expected)}, at most ${formatCost(price.worst)}`}</span><span className="block text-sm text-muted">about {formatTokens(price.tokens)} tokens together</span></>
          )}
        </p>
        {problem ? <ProblemPanel error={problem} kept="Runs that were started go on; pressing again starts only the others." /> : null}
        <Button variant="primary" size="lg" disabled={busy || variants.length === 0 || price === null || Boolean(wrong) || !workflow.is_active} onClick={() => void go()}>{busy ? 'Starting…' : variants.length > 1 ? `Start ${variants.length} runs` : 'Start the run'}</Button>
      </Panel>
    </div>
  );
}

function ValueField({ field, number, text, taken, now, onText }: { field: VariableField; number: number; text: string; taken: readonly string[]; now: unknown; onText: (text: string) => void }) {
  const label = `Value ${number}`;
  if (field.options.length === 0) return <Field label={label} inputMode={field.kind === 'number' ? 'decimal' : undefined} value={text} onChange={(event) => onText(event.target.value)} />;
  const free = field.options.filter(({ value }) => value !== String(now) && (value === text || !taken.includes(value)));
  return <div><span id={`vary-${number}`} className="block font-medium">{label}</span><Select className="mt-1.5 sm:max-w-md" aria-labelledby={`vary-${number}`} placeholder="none" value={text || null} onValueChange={(next) => onText(next === 'none' ? '' : next)} options={[{ value: 'none', label: 'none' }, ...free]} /></div>;
}
