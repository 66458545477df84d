'use client';
import { useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo, useState } from 'react';
import type { RunBodyWire } from '#contracts/api/runs.schema';
import { MODE_WORDS, type RunMode } from '#contracts/runs';
import { ApiError } from '../../lib/api-client';
import { createKeyring } from '../../lib/idempotency';
import { formatCount } from '../../lib/format';
import { uploadQuery, useStartRun, type Channel, type ProviderWire, type RunDetailWire, type WorkflowDetailWire, type WorkflowSchemaWire } from '../../lib/queries';
import { modelProblem } from '../../lib/model-choices';
import { isLimitField, limitedMode, limitErrors, limitTitle, NO_LIMITS, readLimits, type RunLimits } from '../../lib/run-limits';
import { checkInputs, fieldTitle, inputsToSend, namesColumns, problemErrors, uiSchemaOf, withDefaults, type FieldErrors } from '../../lib/schema-form';
import { useTransfers } from '../../lib/upload';
import { modeReasons, type ModeReason } from '../../lib/mode-reasons';
import { useRunner } from '../../lib/use-runner';
import { useSubmitKey } from '../../lib/use-submit-key';
import { needsWords, readsWords, typicalWords } from '../../lib/workflow-words';
import { SampleOutput } from '../catalog/sample-output';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { RelativeTime } from '../ui/relative-time';
import { notifyUndo } from '../ui/toast';
import { ErrorSummary, type SummaryEntry } from './error-summary';
import { FormTools } from './form-tools';
import { FullRunDialog } from './full-run-dialog';
import { LimitFields } from './limit-fields';
import { BudgetNotice } from '../usage/budget-notice';
import { LiveEstimate } from './live-estimate';
import { OriginNote } from './origin-note';
import { ProviderFields } from './provider-fields';
import { RunSummary } from './run-summary';
import { RunnerTabs, tabsOf } from './runner-tabs';

export interface RunnerFormProps { workflow: WorkflowDetailWire; schema: WorkflowSchemaWire; providers: ProviderWire[]; userId: string; permissions: readonly string[]; source: RunDetailWire | undefined; sourceError: Error | null; preset: string | null; /** of a written workflow: which version is started */ channel: Channel | null; wantedMode: RunMode | null }

/** Form → review → run. One form state for all tabs; errors of this page and of the API end at the same fields. */
export function RunnerForm(props: RunnerFormProps) {
  const { workflow, schema, providers } = props;
  const router = useRouter();
  const client = useQueryClient();
  const runner = useRunner(props);
  const { state, jsonSchema } = runner;
  const uiSchema = useMemo(() => uiSchemaOf(jsonSchema), [jsonSchema]);
  const tabs = useMemo(() => tabsOf(schema.tabs), [schema.tabs]);
  const [tabKey, setTab] = useQueryState('tab', parseAsString);
  const tab = tabs.find(({ key }) => key === tabKey) ?? tabs[0]!;
  const [errors, setErrors] = useState<FieldErrors>({});
  const [attempt, setAttempt] = useState(0);
  const [confirming, setConfirming] = useState(false);
  const [chosenLimits, setLimits] = useState<RunLimits>(NO_LIMITS);
  // Who is asked first cannot stand in for itself, and nobody stands in for the demo.
  const limits: RunLimits = { ...chosenLimits, fallback: state.provider?.simulated ? [] : chosenLimits.fallback.filter((link) => link.provider !== state.provider?.provider) };
  const capsOf = (mode: RunMode) => workflow.modes.find(({ run_mode }) => run_mode === mode)?.caps ?? null;
  const own = readLimits(limits, capsOf(state.mode));
  const [keyFor] = useState(() => createKeyring());
  const start = useStartRun();
  const problem = start.error instanceof ApiError ? problemErrors(start.error.problem, jsonSchema) : null;
  const transfers = useTransfers();

  const reasons = Object.fromEntries(workflow.modes.map(({ run_mode: mode }) => [mode, modeReasons(mode, { permissions: props.permissions, workflow, provider: state.provider })])) as Record<RunMode, ModeReason[]>;
  const blocked = reasons[state.mode]?.find((reason) => reason.blocked);

  const openField = (field: string): void => {
    const owner = tabs.find(({ fields }) => fields.includes(field));
    if (owner) void setTab(owner.key);
    const id = owner ? `input_${field}` : field;
    requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(id)?.focus()));
  };
  const entries = Object.entries(errors).map(([field, message]): SummaryEntry => ({ field, message, title: field === 'provider' ? 'Provider' : field === 'model' ? 'Model' : isLimitField(field) ? limitTitle(field) : fieldTitle(jsonSchema, field), tab: tabs.find(({ fields }) => fields.includes(field))?.title ?? null }));

  const send = async (mode: RunMode): Promise<void> => {
    setConfirming(false);
    const body: RunBodyWire = { workflow_id: workflow.workflow_id, inputs: inputsToSend(jsonSchema, state.inputs), run_mode: mode, ...(props.channel ? { channel: props.channel } : {}), ...(state.provider ? { provider: state.provider.provider, model: state.model } : {}), ...readLimits(limits, capsOf(mode)).body };
    try {
      const run = await start.mutateAsync({ body, idempotencyKey: keyFor(body) });
      runner.forgetDraft();
      router.push(`/runs/${run.id}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const found = problemErrors(error.problem, jsonSchema);
      const about = Object.fromEntries((error.problem.errors ?? []).filter(({ pointer }) => /^#\/(provider|model)$/.test(pointer)).map(({ pointer, detail }) => [pointer.slice(2), detail]));
      setErrors({ ...found.fields, ...about, ...limitErrors(error.problem.errors ?? []) });
      setAttempt((before) => before + 1);
    }
  };
  const columnsOf = (id: string): readonly string[] | null => client.getQueryData(uploadQuery(id).queryKey)?.columns ?? null;
  const submit = (mode: RunMode): void => {
    if (start.isPending || reasons[mode].some((reason) => reason.blocked)) return;
    const waiting = Object.fromEntries(tabs.flatMap(({ fields }) => fields).filter((field) => transfers.includes(`input_${field}`)).map((field) => [field, 'Wait until the file has arrived, or cancel it']));
    const noModel = state.provider ? modelProblem(state.model) : null;
    const found = { ...checkInputs(jsonSchema, state.inputs, columnsOf), ...(noModel ? { model: noModel } : {}), ...readLimits(limits, capsOf(mode)).errors, ...waiting };
    setErrors(found);
    start.reset();
    if (Object.keys(found).length > 0) setAttempt((before) => before + 1);
    else if (mode === 'full_run') setConfirming(true);
    else void send(mode);
  };
  useSubmitKey(() => submit(state.mode));
  const changeLimits = (next: RunLimits): void => {
    setLimits(next);
    const now = readLimits(next, capsOf(state.mode)).errors;
    setErrors(Object.fromEntries(Object.entries(errors).filter(([field]) => !isLimitField(field) || now[field] !== undefined)));
  };
  // A field that was complained about is looked at again while it, or the table whose columns it names, is being mended; others only when asked.
  const change = (inputs: typeof state.inputs): void => {
    runner.setInputs(inputs);
    if (Object.keys(errors).length === 0) return;
    const now = checkInputs(jsonSchema, inputs, columnsOf);
    setErrors(Object.fromEntries(Object.entries(errors).flatMap(([field]) => (state.inputs[field] !== inputs[field] || namesColumns(jsonSchema, field) ? (now[field] ? [[field, now[field]]] : []) : [[field, errors[field] as string]]))));
  };
  const forget = (...fields: readonly string[]): void => setErrors((before) => Object.fromEntries(Object.entries(before).filter(([field]) => !fields.includes(field))));
  const startAfresh = (): void => {
    const before = state;
    runner.startAfresh();
    setErrors({});
    notifyUndo('The form starts afresh', () => runner.restore(before));
  };
  const reads = readsWords(workflow);
  const runTab = tabs.find(({ fields }) => fields.length === 0);
  const model = state.provider?.models.find((entry) => entry.id === state.model);
  const fullMode = workflow.modes.find(({ run_mode }) => run_mode === 'full_run');

  return (
    <form noValidate aria-label={workflow.title} onSubmit={(event) => { event.preventDefault(); submit(state.mode); }}>
      <p className="text-sm"><Link href="/workflows" className="text-muted hover:text-ink"><span aria-hidden>← </span>Catalog</Link></p>
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-6 gap-y-2"><h1 className="page-title">{workflow.title}</h1><SampleOutput workflow={workflow} /></div>
      <p className="mt-1 max-w-4xl text-md text-muted">{workflow.outcome}</p>
      <p className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted"><span>about {formatCount(workflow.estimated_minutes, 'minute')}</span><span>{workflow.difficulty}</span><span>version {workflow.version}{props.channel ? `, ${props.channel}` : ''}</span><span>typical: {typicalWords(workflow)}</span></p>
      <p className="text-sm text-muted">Needs {[...needsWords(workflow), 'no key with the demo provider, or a key of yours', ...(reads ? [reads] : [])].join('; ')}.</p>
      <FormTools slug={workflow.workflow_id} presets={schema.presets} schema={jsonSchema} inputs={state.inputs} onPreset={(key) => { runner.takePreset(key); setErrors({}); }} onInputs={(inputs) => { runner.setInputs(withDefaults(jsonSchema, inputs)); setErrors({}); }} />
      <div className="mt-4 grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="grid min-w-0 gap-5">
          <OriginNote origin={state.origin} version={schema.version} onAfresh={startAfresh} />
          {props.sourceError ? <ProblemPanel error={props.sourceError} kept="The form starts from its defaults instead." /> : null}
          {start.error && entries.length === 0 ? <ProblemPanel error={start.error} kept={problem && problem.other.length > 0 ? problem.other.join(' · ') : 'Nothing was started; what you wrote is kept.'} /> : null}
          <ErrorSummary entries={entries} shownAt={attempt} onGo={openField} />
          <RunnerTabs tabs={tabs} current={tab} onTab={(key) => void setTab(key)} schema={jsonSchema} uiSchema={uiSchema} inputs={state.inputs} errors={errors} onInputs={change} modes={workflow.modes} mode={state.mode} onMode={runner.setMode} model={model} simulated={state.provider?.simulated ?? false} reasons={reasons} disabled={start.isPending} />
        </div>
        <RunSummary workflow={workflow} budget={own.body} standIns={(own.body.fallback ?? []).map((link) => providers.find(({ provider }) => provider === link.provider)?.display_name ?? link.provider)} mode={state.mode} provider={state.provider} providers={providers} model={state.model} onChangeMode={() => { if (runTab) void setTab(runTab.key); }}>
          <LiveEstimate slug={workflow.workflow_id} channel={props.channel} inputs={Object.keys(checkInputs(jsonSchema, state.inputs)).length === 0 && modelProblem(state.model) === null ? inputsToSend(jsonSchema, state.inputs) : null} mode={state.mode} provider={state.provider} model={state.model} />
          <BudgetNotice />
          <ProviderFields providers={providers} provider={state.provider} model={state.model} errors={{ provider: errors.provider, model: errors.model }} onProvider={(id) => { runner.setProvider(id); forget('provider', 'model'); }} onModel={(id) => { runner.setModel(id); forget('model'); }} />
          {capsOf(state.mode) ? <LimitFields caps={capsOf(state.mode)!} full={state.mode === 'full_run'} limits={limits} providers={providers} provider={state.provider} errors={errors} onChange={changeLimits} /> : null}
        </RunSummary>
      </div>
      <div className="sticky bottom-0 z-20 -mx-4 mt-6 border-t bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
        <div className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2">
          <p role="status" className="mr-auto text-sm text-muted">{blocked ? <span className="font-medium text-ink">{blocked.words}</span> : state.savedAt ? <>Draft saved <RelativeTime iso={state.savedAt} /></> : null}</p>
          {state.mode === 'validate_only' ? null : <Button disabled={start.isPending} onClick={() => submit('validate_only')}>Check only</Button>}
          <Button type="submit" variant="primary" size="lg" disabled={start.isPending || blocked !== undefined} aria-keyshortcuts="Control+Enter Meta+Enter" className="max-xs:flex-1">{start.isPending ? 'Starting…' : `Start ${MODE_WORDS[state.mode].label}`}</Button>
        </div>
      </div>
      {fullMode && state.provider ? <FullRunDialog open={confirming} mode={limitedMode(fullMode, own.body)} provider={state.provider} model={state.model} onCancel={() => setConfirming(false)} onConfirm={() => void send('full_run')} /> : null}
    </form>
  );
}
