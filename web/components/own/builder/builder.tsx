'use client';
import { useQuery } from '@tanstack/react-query';
import { Copy, Move, Redo2, Trash2, Undo2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo, useRef, useState } from 'react';
import type { StepType } from '#contracts/own/definition';
import { keyOf, outlineOf, scopeAt, titleOf } from '#contracts/own/outline';
import { ApiError } from '../../../lib/api-client';
import { cn } from '../../../lib/class-names';
import { duplicateStep, insertStep, moveStep, newStep, placeOf, removeStep, type Changed } from '../../../lib/builder/edits';
import { markOf, moveTo, type Moved, type Place } from '../../../lib/builder/places';
import { useBuilder, workingCopyQuery, type Copy as Loaded, type Problem } from '../../../lib/builder/use-builder';
import { useKeys } from '../../../lib/builder/use-keys';
import { useMoving } from '../../../lib/builder/use-moving';
import { whyNot } from '../../../lib/provider-choice';
import { useProviders, useWorkflows } from '../../../lib/queries';
import { useMedia } from '../../../lib/use-media';
import { ProblemPanel } from '../../feedback/problem-panel';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { Panel } from '../../ui/panel';
import { Loading, Skeleton } from '../../ui/skeleton';
import { Tab, Tabs, TabsList } from '../../ui/tabs';
import { notify, notifyUndo } from '../../ui/toast';
import { AddStep } from './add-step';
import { ConflictPanel } from './conflict-panel';
import { Estimate } from './estimate';
import { HeadForm } from './head-form';
import { MovingWords } from './moving-words';
import { Palette } from './palette';
import { ProblemsPanel, stepOf } from './problems-panel';
import { ReviewPanel } from './review-panel';
import { StepForm } from './step-form';
import { StepList, stepButtonId } from './step-list';
import { TextView } from './text-view';
import { TryPanel } from './try-panel';

const StepCanvas = dynamic(() => import('./step-canvas').then((module) => module.StepCanvas), { loading: () => <Loading label="Loading the canvas"><Skeleton className="h-96" /></Loading> });
const VIEWS = ['canvas', 'list', 'text'] as const;
const PLACE = { view: parseAsStringLiteral(VIEWS).withDefault('canvas'), step: parseAsString };
const KEPT_WORDS = { kept: 'Draft is kept', waiting: 'Draft changes…', saving: 'Keeping the draft…', conflict: 'Not kept: somebody else changed it', failed: 'Not kept: the server did not take it' } as const;
const FORM = 'builder-form';

export function Builder({ slug }: { slug: string }) {
  const { data, error, refetch } = useQuery(workingCopyQuery(slug));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Loading the draft"><Skeleton className="h-96" /></Loading>;
  return <Opened slug={slug} first={data} />;
}

function Opened({ slug, first }: { slug: string; first: Loaded }) {
  const builder = useBuilder(slug, first);
  const { document, edit, check } = builder;
  const [place, setPlace] = useQueryStates(PLACE);
  const [typed, setTyped] = useState<Record<string, unknown>>({});
  const [note, setNote] = useState('');
  const [refusals, setRefusals] = useState<Problem[]>([]);
  const { data: workflows = [] } = useWorkflows();
  const { data: providers = [] } = useProviders();
  const wide = useMedia('(min-width: 64rem)');
  const view = wide ? place.view : 'text';
  const steps = useMemo(() => outlineOf(document), [document]);
  const entry = steps.find(({ step, pointer }) => place.step !== null && (keyOf(step) === place.step || pointer === place.step)) ?? null;
  const chosen = entry?.pointer ?? '#';
  const errors = useMemo(() => (check && check.errors.length > 0 ? check.errors : refusals), [check, refusals]);
  const counts = useMemo(() => { const map = new Map<string, number>(); for (const { pointer } of errors) { const at = stepOf(document, pointer); map.set(at, (map.get(at) ?? 0) + 1); } return map; }, [document, errors]);
  const nameOf = (pointer: string, of = document): string | null => { const found = outlineOf(of).find((one) => one.pointer === pointer); return found ? keyOf(found.step) || pointer : null; };
  const focusStep = (pointer: string): void => { setTimeout(() => window.document.getElementById(stepButtonId(pointer))?.focus(), 60); };
  const choose = (pointer: string): void => void setPlace({ step: nameOf(pointer) });
  const take = ({ document: next, at }: Changed): void => { edit(next); void setPlace({ step: at ? nameOf(at, next) : null }); focusStep(at ?? '#'); };
  const add = (type: StepType, list?: string, index?: number): void => {
    const after = entry ? placeOf(entry.pointer) : { list: '#/steps', index: -1 };
    const where = list === undefined ? { list: after.list, index: entry ? after.index + 1 : Infinity } : { list, index: index ?? Infinity };
    const names = scopeAt(document, `${where.list}/${where.index}`);
    take(insertStep(document, where.list, where.index, newStep(document, type, (names.findLast(({ kind }) => kind === 'step') ?? names[0])?.name ?? '')));
  };
  const toForm = (): void => window.document.querySelector<HTMLElement>(`#${FORM} :is(input, textarea, button)`)?.focus();
  const walk = (by: -1 | 1): void => { const all = ['#', ...steps.map(({ pointer }) => pointer)]; const at = all[Math.min(all.length - 1, Math.max(0, all.indexOf(chosen) + by))] ?? '#'; choose(at); focusStep(at); };
  const box = useRef<HTMLDivElement>(null);
  const { moving, ...moves } = useMoving(box, document, (what: Moved, { list, index }: Place) => { if (what.kind === 'new') add(what.type, list, index); else take(moveTo(document, what.pointer, { list, index })); });
  const beginMove = (): void => { if (entry) { moves.begin(entry.pointer); focusStep(entry.pointer); } };
  useKeys(box, (event, target) => {
    const mod = event.ctrlKey || event.metaKey;
    const inSteps = target.closest('[data-slot="steps"]') !== null;
    const inField = target.matches('input, textarea, [contenteditable]');
    const arrow = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const letter = event.key.toLowerCase();
    const work = (): (() => void) | null => {
      if (moving?.by === 'keys' && !inField) {
        if (event.key === 'Escape') return moves.cancel;
        if (arrow !== 0 && !mod) return () => moves.walk(arrow);
        if (event.key === 'Enter') return moves.drop;
      }
      if (mod && !inField && (letter === 'y' || (letter === 'z' && event.shiftKey))) return builder.redo;
      if (mod && !inField && letter === 'z') return builder.undo;
      if (event.key === 'Escape' && window.document.getElementById(FORM)?.contains(target)) return () => focusStep(chosen);
      if (!inSteps) return null;
      if (arrow !== 0 && event.altKey) return entry ? () => take(moveStep(document, entry.pointer, arrow)) : null;
      if (arrow !== 0 && !mod) return () => walk(arrow);
      if (event.key === 'Delete') return entry ? () => take(removeStep(document, entry.pointer)) : null;
      if (event.key === 'Enter' && !mod) return () => { const wanted = ['#', ...steps.map(({ pointer }) => pointer)].find((pointer) => stepButtonId(pointer) === target.id); if (wanted) choose(wanted); setTimeout(toForm, 30); };
      if (mod && letter === 'd') return entry ? () => take(duplicateStep(document, entry.pointer)) : null;
      if (letter === 'm' && !mod && !event.altKey) return beginMove;
      return event.key === 'Insert' || (event.key === '+' && !mod) ? () => window.document.querySelector<HTMLElement>('[data-builder-key="add"]')?.click() : null;
    };
    const wanted = work();
    if (wanted) { event.preventDefault(); wanted(); }
  });
  const save = async (): Promise<void> => {
    setRefusals([]);
    try {
      const saved = await builder.saveVersion(note.trim());
      setNote('');
      notify(`${saved.name}: version ${saved.version} is saved`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setRefusals((error.problem.errors ?? []).map(({ pointer, detail }) => ({ pointer: pointer.replace('#/definition', '#'), detail })));
      notify('No version was saved', 'problem', `${error.message} ${error.remedy}`);
    }
  };
  const discard = async (): Promise<void> => {
    try {
      await builder.discard();
      notifyUndo(`The draft is version ${builder.base} again`, builder.undo);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notify('The draft stays', 'problem', `${error.message} ${error.remedy}`);
    }
  };
  const others = workflows.filter(({ kind, workflow_id: id }) => kind === 'own' && id !== slug).map(({ workflow_id: id }) => id);
  const usable = providers.filter((provider) => whyNot(provider) === null).map(({ provider }) => provider);
  const stepsProps = { document, chosen, counts, moved: moving?.what.kind === 'step' ? moving.what.pointer : null, mark: moving?.place ? markOf(document, moving.place) : null, onChoose: choose };

  return (
    <div ref={box} role="group" aria-label={`Builder of ${String(document['name'] ?? slug)}`} data-slot="builder">
      <Panel title={String(document['name'] ?? slug)} aside={<span role="status" data-keeping={builder.keeping}>{KEPT_WORDS[builder.keeping]}</span>}>
        <div className="flex flex-wrap items-center gap-2">
          {wide ? <Tabs value={view} onValueChange={(next) => void setPlace({ view: next as (typeof VIEWS)[number] })}><TabsList aria-label="How the steps are shown" className="border-b-0"><Tab value="canvas">Canvas</Tab><Tab value="list">List</Tab><Tab value="text">Text</Tab></TabsList></Tabs> : <p className="text-sm text-muted">Canvas, list and forms need a wider window; here is the text.</p>}
          {wide ? <AddStep label="Add a step" pageKey="add" onAdd={(type) => add(type)} /> : null}
          {entry && wide ? <><Button size="sm" variant="quiet" aria-pressed={moving !== null} onClick={beginMove}><Move aria-hidden className="size-4" />Move</Button><Button size="sm" variant="quiet" onClick={() => take(duplicateStep(document, entry.pointer))}><Copy aria-hidden className="size-4" />Duplicate</Button><Button size="sm" variant="quiet" onClick={() => take(removeStep(document, entry.pointer))}><Trash2 aria-hidden className="size-4" />Delete</Button></> : null}
          <Button size="sm" variant="quiet" disabled={builder.history.past.length === 0} onClick={builder.undo}><Undo2 aria-hidden className="size-4" />Undo</Button>
          <Button size="sm" variant="quiet" disabled={builder.history.future.length === 0} onClick={builder.redo}><Redo2 aria-hidden className="size-4" />Redo</Button>
          <span className="ml-auto" role="status" data-valid={builder.isChecked ? check?.valid : undefined}>{!check ? 'Checking…' : check.valid ? 'Everything holds' : `${check.errors.length} ${check.errors.length === 1 ? 'problem' : 'problems'}`}</span>
        </div>
        <div className="mt-2"><Estimate check={check} /></div>
        {builder.keeping === 'conflict' ? <ConflictPanel slug={slug} builder={builder} /> : null}
        {builder.keeping === 'failed' && builder.refused ? <p role="alert" className="mt-2 text-failed">{builder.refused.message} {builder.refused.remedy}</p> : null}
        <ReviewPanel slug={slug} document={document} provider={usable.find((name) => name !== 'demo') ?? null} onEdit={edit} onGo={(pointer) => choose(stepOf(document, pointer))} />
        <div className="mt-4">
          {view === 'text' ? <TextView document={document} problems={errors} onEdit={edit} /> : (
            <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
              <div className={cn('min-w-0', moving && 'select-none')}>
                <Palette onAdd={(type) => add(type)} />
                <div role="group" aria-label="Steps" data-slot="steps">{view === 'canvas' ? <StepCanvas {...stepsProps} /> : <StepList {...stepsProps} />}</div>
                <MovingWords document={document} moving={moving} />
                {/* Below the steps: it comes and goes while one is being dragged, and they must stay where they are. */}
                <ProblemsPanel document={document} errors={errors} warnings={check?.warnings ?? []} onGo={(pointer) => { choose(stepOf(document, pointer)); setTimeout(toForm, 30); }} />
              </div>
              {/* In sight beside a long list; the form of another step begins at its top. */}
              <section key={chosen} id={FORM} aria-label={entry ? `Form of ${titleOf(entry.step)}` : 'Form of the workflow'} className="min-w-0 border bg-surface p-4 lg:sticky lg:top-18 lg:max-h-[calc(100dvh-5.5rem)] lg:overflow-y-auto">
                <h3 className="mb-3 font-semibold">{entry ? titleOf(entry.step) : 'Form, files and policy'}</h3>
                {entry ? <StepForm key={entry.pointer} document={document} pointer={entry.pointer} step={entry.step} problems={errors} workflows={others} typed={typed} onEdit={edit} onAdd={add} /> : <HeadForm document={document} problems={errors} typed={typed} onEdit={edit} />}
                {entry ? <ScopeList names={scopeAt(document, entry.pointer)} /> : null}
                {entry ? <TryPanel key={`try ${entry.pointer}`} slug={slug} document={document} pointer={entry.pointer} step={entry.step} scope={scopeAt(document, entry.pointer)} typed={typed} onType={(name, value) => setTyped({ ...typed, [name]: value })} providers={usable} /> : null}
              </section>
            </div>
          )}
        </div>
        <div className="mt-4 flex flex-wrap items-end gap-3 border-t pt-4">
          <Field label="What changed" placeholder="for the list of versions" className="mt-1.5 w-80" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
          <Button variant="primary" disabled={!builder.isChecked || check?.valid !== true || builder.keeping === 'conflict'} onClick={() => void save()}>Save as version {builder.base + 1}</Button>
          <Button variant="quiet" disabled={!builder.isDraft || builder.keeping !== 'kept'} onClick={() => void discard()}>Back to version {builder.base}</Button>
        </div>
      </Panel>
    </div>
  );
}

/** What can be named at the step, and where each comes from. */
function ScopeList({ names }: { names: ReturnType<typeof scopeAt> }) {
  return (
    <section aria-label="Names at this step" className="mt-6 border-t pt-3 pb-4" data-slot="scope">
      <h4 className="font-medium">Names at this step</h4>
      {names.length === 0 ? <p className="text-sm text-muted">None yet: add a field to the form, or a step before this one.</p> : (
        <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-sm">{names.map(({ name, from, kind }) => <div key={name} className="contents"><dt className="font-mono">{name}</dt><dd className="text-muted">{kind === 'input' ? `field: ${from}` : kind === 'item' ? `item of ${from}` : `made by ${from}`}</dd></div>)}</dl>
      )}
    </section>
  );
}
