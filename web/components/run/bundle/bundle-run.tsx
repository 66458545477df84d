'use client';
import dynamic from 'next/dynamic';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { reduceRunEvents } from '#contracts/run-reducer';
import { formatAbsolute, formatClock, formatCost, formatTokens, middleTruncate } from '../../../lib/format';
import type { OpenedBundle } from '../../../lib/open-bundle';
import { railOf } from '../../../lib/rail';
import { Button } from '../../ui/button';
import { Loading, Skeleton } from '../../ui/skeleton';
import { Tab, TabPanel, Tabs, TabsList } from '../../ui/tabs';
import { LogsTab } from '../logs-tab';
import { ReplayBar } from '../replay/replay-bar';
import { usePlayback } from '../replay/use-playback';
import type { Moment } from '../span-panel';
import { StageRail } from '../stage-rail';
import { DemoStamp, ModeStamp } from '../stamp';
import { StatusBadge } from '../status-badge';
import { Story } from '../story';
import { BundleFiles } from './bundle-files';

const TABS = ['story', 'timeline', 'graph', 'files', 'logs', 'events'] as const;
const loading = () => <Loading label="Loading this view"><Skeleton className="h-72" /></Loading>;
const TimelineTab = dynamic(() => import('../timeline/timeline-tab').then((module) => module.TimelineTab), { loading });
const GraphTab = dynamic(() => import('../graph/graph-tab').then((module) => module.GraphTab), { loading });
const EventsTab = dynamic(() => import('../events-tab').then((module) => module.EventsTab), { loading });

/** The run of a bundle, by the same reducer and the same views as one of this installation; read-only. */
export function BundleRun({ bundle, onClose }: { bundle: OpenedBundle; onClose: () => void }) {
  const { manifest, events: all } = bundle;
  const whole = useMemo(() => reduceRunEvents(all), [all]);
  const [{ tab }, setPlace] = useQueryStates({ tab: parseAsStringLiteral(TABS).withDefault('story'), span: parseAsString });
  const { player, open } = usePlayback(all, whole, true);
  const end = whole.lastEventAt ? Date.parse(whole.lastEventAt) : 0;
  const { view, events, now } = player?.frame ?? { view: whole, events: all, now: end };
  const moment: Moment = { runId: manifest.run_id, view, events, now, live: player !== null, source: { kind: 'bundle', prompts: bundle.prompts } };
  const elapsed = view.startedAt ? (view.completedAt ? Date.parse(view.completedAt) : now) - Date.parse(view.startedAt) : 0;
  const labels: Record<(typeof TABS)[number], string> = { story: 'Story', timeline: 'Timeline', graph: 'Graph', files: 'Files', logs: 'Logs', events: 'Raw events' };
  return (
    <div>
      <div className="-mx-4 flex flex-wrap items-start justify-between gap-x-8 gap-y-3 border-b px-4 pb-4 sm:-mx-6 sm:px-6">
        <div className="min-w-0">
          <p className="text-sm text-muted">From a file · <span className="font-mono">{middleTruncate(manifest.run_id)}</span> · exported <time dateTime={manifest.exported_at}>{formatAbsolute(manifest.exported_at)}</time></p>
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-2"><h1 className="page-title">{view.workflowTitle ?? manifest.workflow_id}</h1><StatusBadge status={view.status} waitReason={view.waitReason} cancelRequested={view.cancelRequested} retries={view.totals.retries} />{view.mode ? <ModeStamp mode={view.mode} /> : null}{manifest.simulated ? <DemoStamp /> : null}<span className="stamp text-queued">Read only</span></div>
          <p className="mt-2 font-mono text-sm text-muted">{formatClock(elapsed)} · {formatTokens(view.totals.inputTokens)} in, {formatTokens(view.totals.outputTokens)} out · {formatCost(view.totals.costUsdMicros)} · {view.provider} {view.model}</p>
          <p className="mt-1 text-sm text-muted">{bundle.checked ? `Every hash fits (${manifest.entries.length} entries).` : 'Hashes were not checked: the browser does that on https pages only.'}{manifest.missing.length > 0 ? ` Not in it: ${manifest.missing.map(({ name }) => name).join(', ')}.` : ''}</p>
        </div>
        <div className="flex gap-2">{player ? null : <Button variant="primary" onClick={open}>Replay</Button>}<Button onClick={onClose}>Another file</Button></div>
      </div>
      <div className="mt-6 grid gap-6 lg:grid-cols-[16rem_minmax(0,1fr)] lg:gap-8">
        <aside aria-label="Progress"><StageRail stages={railOf(view)} now={now} ended={player === null} onPick={tab === 'story' ? undefined : (span) => void setPlace(tab === 'graph' ? { span } : { tab: 'timeline', span })} /></aside>
        <Tabs value={tab} onValueChange={(key) => void setPlace({ tab: key as typeof tab })}>
          <TabsList aria-label="Views of this run">{TABS.map((key) => <Tab key={key} value={key}>{labels[key]}</Tab>)}</TabsList>
          <TabPanel value="story" className="pt-5"><Story view={view} now={now} live={player !== null} loaded onInspect={(span) => void setPlace({ tab: 'timeline', span })} /></TabPanel>
          <TabPanel value="timeline" className="pt-5"><TimelineTab moment={moment} /></TabPanel>
          <TabPanel value="graph" className="pt-5"><GraphTab moment={moment} /></TabPanel>
          <TabPanel value="files" className="pt-5"><BundleFiles files={bundle.files} /></TabPanel>
          <TabPanel value="logs" className="pt-5"><LogsTab runId={manifest.run_id} events={events} ended /></TabPanel>
          <TabPanel value="events" className="pt-5"><EventsTab runId={manifest.run_id} events={events} /></TabPanel>
        </Tabs>
      </div>
      {player ? <ReplayBar player={player} /> : null}
    </div>
  );
}
