'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useEffect, useMemo } from 'react';
import { isTerminal } from '#contracts/runs';
import { railOf } from '../../lib/rail';
import { runQuery, workflowQuery, type RunDetailWire } from '../../lib/queries';
import { statusWord } from '../../lib/status';
import { useNow } from '../../lib/use-now';
import { useRunView } from '../../lib/use-run-view';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { Tab, TabPanel, Tabs, TabsList } from '../ui/tabs';
import { ArtifactsTab } from './artifacts-tab';
import { EventsTab } from './events-tab';
import { InputsTab } from './inputs-tab';
import { LinkBar } from './link-bar';
import { LogsTab } from './logs-tab';
import { Outcome } from './outcome';
import { RunHeader } from './run-header';
import { StageRail } from './stage-rail';
import { StageDiffTab } from './stage-diff-tab';
import { Story } from './story';
import { WaitBanner } from './wait-banner';

const TABS = ['story', 'artifacts', 'diff', 'logs', 'inputs', 'events'] as const;

export function RunPage({ id }: { id: string }) {
  const run = useQuery(runQuery(id));
  if (run.error && !run.data) {
    return <ProblemPanel error={run.error} onRetry={() => void run.refetch()}><ButtonLink href="/runs" variant="quiet">All runs</ButtonLink></ProblemPanel>;
  }
  if (!run.data) return <Loading label="Loading the run" className="grid gap-4"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-14" /><div className="grid gap-6 lg:grid-cols-[15rem_1fr]"><Skeleton className="h-48" /><Skeleton className="h-96" /></div></Loading>;
  return <LiveRun run={run.data} />;
}

/** The run as its event log tells it; the record from the API adds what the log does not hold (links, inputs, expiry). */
function LiveRun({ run }: { run: RunDetailWire }) {
  const { view, events, link } = useRunView(run.id);
  const client = useQueryClient();
  const workflow = useQuery(workflowQuery(run.workflow_id));
  const [wanted, setTab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('story'));
  const heard = view.lastSequence > 0;
  const status = heard ? view.status : run.status;
  const ended = isTerminal(status);
  const now = useNow(ended ? 0 : 1000);
  const files = view.artifacts.length;
  const stages = useMemo(() => railOf(view), [view]);
  const word = statusWord(status, { waitReason: view.waitReason, cancelRequested: view.cancelRequested, retries: view.totals.retries });

  useEffect(() => { document.title = `${word}: ${run.workflow_title} · Agentic Workflow Platform`; }, [word, run.workflow_title]);
  // The record and the lists are read again when the run ends or a file is added, never on each token.
  useEffect(() => {
    if (!heard && files === 0) return;
    void client.invalidateQueries({ queryKey: ['runs', 'one', run.id] });
    if (ended) void client.invalidateQueries({ queryKey: ['runs', 'list'] });
  }, [client, run.id, ended, heard, files]);

  // There is something to compare once Full has made something.
  const comparable = ended && view.stages.some((stage) => stage.stage === 'full');
  const tab = wanted === 'diff' && heard && !comparable ? 'story' : wanted;
  const tabs = [
    { key: 'story', label: 'Story', count: null },
    { key: 'artifacts', label: 'Artifacts', count: files },
    ...(comparable ? [{ key: 'diff', label: 'Test ↔ Full', count: null } as const] : []),
    { key: 'logs', label: 'Logs', count: view.logs.length },
    { key: 'inputs', label: 'Inputs', count: null },
    { key: 'events', label: 'Raw events', count: events.length },
  ] as const;
  return (
    <div>
      <RunHeader run={run} view={view} status={status} now={now} modes={workflow.data?.modes} />
      <p role="status" aria-live="polite" className="sr-only">{heard ? `Run ${word.toLowerCase()}` : ''}</p>
      <LinkBar link={link} ended={ended} />
      <div className="mt-6 grid gap-6 lg:grid-cols-[16rem_minmax(0,1fr)] lg:gap-8">
        <aside data-print="hide" aria-label="Progress" className="lg:sticky lg:top-44 lg:max-h-[calc(100dvh-12rem)] lg:self-start lg:overflow-y-auto lg:pr-2"><StageRail stages={stages} now={now} ended={ended} /></aside>
        <div className="min-w-0">
          <WaitBanner runId={run.id} view={view} now={now} />
          <Outcome run={run} view={view} status={status} now={now} tab={tab} onTab={(key) => void setTab(key)} />
          <Tabs value={tab} onValueChange={(key) => void setTab(key as (typeof TABS)[number])}>
            <TabsList aria-label="Views of this run">{tabs.map(({ key, label, count }) => <Tab key={key} value={key}>{label}{count ? <span className="font-mono text-xs text-faint">{count}</span> : null}</Tab>)}</TabsList>
            <TabPanel value="story" className="pt-5"><Story view={view} now={now} live={!ended} loaded={heard} /></TabPanel>
            <TabPanel value="artifacts" className="pt-5"><ArtifactsTab run={run} view={view} ended={ended} /></TabPanel>
            {comparable ? <TabPanel value="diff" className="pt-5"><StageDiffTab run={run} /></TabPanel> : null}
            <TabPanel value="logs" className="pt-5"><LogsTab logs={view.logs} ended={ended} /></TabPanel>
            <TabPanel value="inputs" className="pt-5"><InputsTab run={run} /></TabPanel>
            <TabPanel value="events" className="pt-5"><EventsTab events={events} /></TabPanel>
          </Tabs>
        </div>
      </div>
    </div>
  );
}
