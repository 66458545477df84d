'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback, useDeferredValue, useEffect, useMemo, useState, type CSSProperties } from 'react';
import { isTerminal } from '#contracts/runs';
import { railOf } from '../../lib/rail';
import { ApiError } from '../../lib/api-client';
import { runQuery, workflowQuery, type RunDetailWire } from '../../lib/queries';
import { statusWord } from '../../lib/status';
import { useNow } from '../../lib/use-now';
import { useRunView } from '../../lib/use-run-view';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { Splitter, usePane } from '../ui/splitter';
import { Tab, TabPanel, Tabs, TabsList } from '../ui/tabs';
import { Hint } from './hint';
import { LinkBar } from './link-bar';
import { Outcome } from './outcome';
import { usePlayback } from './replay/use-playback';
import { RunHeader } from './run-header';
import type { Moment } from './span-panel';
import { StageRail } from './stage-rail';
import { Story } from './story';
import { WaitBanner } from './wait-banner';

const TABS = ['story', 'timeline', 'graph', 'artifacts', 'diff', 'logs', 'inputs', 'events'] as const;
export type RunTab = (typeof TABS)[number];

const loading = () => <Loading label="Loading this view"><Skeleton className="h-72" /></Loading>;
const TimelineTab = dynamic(() => import('./timeline/timeline-tab').then((module) => module.TimelineTab), { loading });
const GraphTab = dynamic(() => import('./graph/graph-tab').then((module) => module.GraphTab), { loading });
const ArtifactsTab = dynamic(() => import('./artifacts-tab').then((module) => module.ArtifactsTab), { loading });
const StageDiffTab = dynamic(() => import('./stage-diff-tab').then((module) => module.StageDiffTab), { loading });
const LogsTab = dynamic(() => import('./logs-tab').then((module) => module.LogsTab), { loading });
const InputsTab = dynamic(() => import('./inputs-tab').then((module) => module.InputsTab), { loading });
const ReplayBar = dynamic(() => import('./replay/replay-bar').then((module) => module.ReplayBar));
const DecidePage = dynamic(() => import('./decide-page').then((module) => module.DecidePage), { loading });
const EventsTab = dynamic(() => import('./events-tab').then((module) => module.EventsTab), { loading });

export function RunPage({ id }: { id: string }) {
  const run = useQuery(runQuery(id));
  // Somebody else's run, unless there is none: whoever may decide on it does so here.
  if (run.error instanceof ApiError && run.error.problem.code === 'NotFound' && !run.data) return <DecidePage id={id} error={run.error} onRetry={() => void run.refetch()} />;
  if (run.error && !run.data) {
    return <ProblemPanel error={run.error} onRetry={() => void run.refetch()}><ButtonLink href="/runs" variant="quiet">All runs</ButtonLink></ProblemPanel>;
  }
  if (!run.data) return <Loading label="Loading the run" className="grid gap-4"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-14" /><div className="grid gap-6 lg:grid-cols-[16rem_1fr]"><Skeleton className="h-48" /><Skeleton className="h-96" /></div></Loading>;
  return <LiveRun run={run.data} />;
}

/** The run as its event log tells it; the record from the API adds what the log does not hold (links, inputs, expiry). */
function LiveRun({ run }: { run: RunDetailWire }) {
  const live = useRunView(run.id);
  const client = useQueryClient();
  const workflow = useQuery(workflowQuery(run.workflow_id));
  const [{ tab: wanted }, setPlace] = useQueryStates({ tab: parseAsStringLiteral(TABS).withDefault('story'), span: parseAsString });
  const heard = live.view.lastSequence > 0;
  const realStatus = heard ? live.view.status : run.status;
  const over = isTerminal(realStatus);
  const { player, open } = usePlayback(live.settled.events, live.settled.view, isTerminal(live.settled.view.status));
  const clock = useNow(over ? 0 : 1000);
  // Of a replay the page shows a moment that is past; what can be done is done with the run as it is.
  const { view, events, now } = player?.frame ?? { view: live.view, events: live.events, now: clock };
  // The pictures of a long log wait until it is read; the figures above them count on.
  const told = player?.frame ?? { ...live.settled, now: clock };
  const status = player ? view.status : realStatus;
  const ended = isTerminal(status);
  const files = live.view.artifacts.length;
  const stages = useMemo(() => railOf(view.mode === null ? { ...view, mode: run.run_mode } : view), [view, run.run_mode]);
  const word = statusWord(realStatus, { waitReason: live.view.waitReason, cancelRequested: live.view.cancelRequested, retries: live.view.totals.retries });
  const moment: Moment = { runId: run.id, view: told.view, events: told.events, now, live: !ended, source: { kind: 'server', runId: run.id } };

  useEffect(() => { document.title = `${word}: ${run.workflow_title} · Agentic Workflow Platform`; }, [word, run.workflow_title]);
  // The record and the lists are read again when the run ends or a file is added, never on each token.
  useEffect(() => {
    if (!heard && files === 0) return;
    void client.invalidateQueries({ queryKey: ['runs', 'one', run.id] });
    if (over) void client.invalidateQueries({ queryKey: ['runs', 'list'] });
  }, [client, run.id, over, heard, files]);

  // There is something to compare once Full has made something.
  const comparable = over && live.view.stages.some((stage) => stage.stage === 'full');
  const tab = wanted === 'diff' && heard && !comparable ? 'story' : wanted;
  // A press shows at once; a view that takes long to draw comes when it is there.
  const drawn = useDeferredValue(tab);
  const setTab = (key: RunTab): void => void setPlace({ tab: key });
  const railWidth = usePane('rail');
  const [reading, setReading] = useState(false);
  const read = useCallback(() => setReading(false), []);
  const tabs = [
    { key: 'story', label: 'Story', count: null },
    { key: 'timeline', label: 'Timeline', count: null },
    { key: 'graph', label: 'Graph', count: null },
    { key: 'artifacts', label: 'Artifacts', count: view.artifacts.length },
    ...(comparable ? [{ key: 'diff', label: 'Test ↔ Full', count: null } as const] : []),
    { key: 'logs', label: 'Logs', count: null },
    { key: 'inputs', label: 'Inputs', count: null },
    { key: 'events', label: 'Raw events', count: events.length },
  ] as const;
  return (
    <div style={player ? { '--replay-room': '5.5rem' } as CSSProperties : undefined}>
      <RunHeader run={run} view={view} status={status} realStatus={realStatus} now={now} modes={workflow.data?.modes} onReplay={over && heard && !player ? open : null} replaying={player !== null} />
      <p role="status" aria-live="polite" className="sr-only">{heard ? `Run ${word.toLowerCase()}` : ''}</p>
      <LinkBar link={live.link} ended={over} />
      <div style={railWidth} className="mt-5 grid lg:grid-cols-[min(var(--rail),40%)_2rem_minmax(0,1fr)] lg:grid-rows-[auto_1fr]">
        {/* First in the document as on a phone: what came out, what is asked, or what is happening. */}
        <div className="lg:col-start-3">
          {player ? null : <WaitBanner runId={run.id} view={view} now={now} />}
          <Outcome run={run} view={view} status={status} now={now} tab={tab} onRead={() => { setReading(true); setTab('artifacts'); }} replaying={player !== null} />
        </div>
        <aside id="progress" data-print="hide" aria-label="Progress" className="max-lg:mb-5 lg:sticky lg:top-44 lg:col-start-1 lg:row-span-2 lg:row-start-1 lg:max-h-[calc(100dvh-12rem)] lg:self-start lg:overflow-y-auto lg:pr-2">
          <StageRail stages={stages} now={now} ended={ended} onPick={tab === 'story' ? undefined : (span) => void setPlace(tab === 'timeline' || tab === 'graph' ? { span } : { tab: 'timeline', span })} />
        </aside>
        <Splitter name="rail" side="left" label="Width of the progress" controls="progress" className="max-lg:hidden lg:col-start-2 lg:row-span-2 lg:row-start-1" />
        <div className="lg:col-start-3">
          <Tabs value={tab} onValueChange={(key) => setTab(key as RunTab)}>
            <TabsList aria-label="Views of this run">{tabs.map(({ key, label, count }) => <Tab key={key} value={key}>{label}{count ? <span className="font-mono text-xs text-faint">{count}</span> : null}</Tab>)}</TabsList>
            {player ? null : <Hint at="story" />}
            <TabPanel value="story" className="pt-5"><Story view={told.view} now={now} live={!ended} loaded={told.view.lastSequence > 0 && drawn === 'story'} onInspect={(span) => void setPlace({ tab: 'timeline', span })} /></TabPanel>
            <TabPanel value="timeline" className="pt-5">{drawn === 'timeline' ? <TimelineTab moment={moment} /> : loading()}</TabPanel>
            <TabPanel value="graph" className="pt-5">{drawn === 'graph' ? <GraphTab moment={moment} /> : loading()}</TabPanel>
            <TabPanel value="artifacts" className="pt-5"><ArtifactsTab run={run} view={view} ended={ended} reading={reading} onRead={read} /></TabPanel>
            {comparable ? <TabPanel value="diff" className="pt-5"><StageDiffTab run={run} /></TabPanel> : null}
            <TabPanel value="logs" className="pt-5">{drawn === 'logs' ? <LogsTab runId={run.id} events={told.events} ended={ended || isTerminal(run.status)} /> : loading()}</TabPanel>
            <TabPanel value="inputs" className="pt-5"><InputsTab run={run} view={view} /></TabPanel>
            <TabPanel value="events" className="pt-5">{drawn === 'events' ? <EventsTab runId={run.id} events={told.events} /> : loading()}</TabPanel>
          </Tabs>
        </div>
      </div>
      {player ? <ReplayBar player={player} /> : null}
    </div>
  );
}
