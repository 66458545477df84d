'use client';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { MODE_PERMISSION } from '#contracts/permissions';
import type { RunStatus } from '#contracts/runs';
import { ApiError } from '../../lib/api-client';
import { useCancelRun, useSession, type RunDetailWire } from '../../lib/queries';
import { Button, ButtonLink } from '../ui/button';
import { notify } from '../ui/toast';
import { MoreButton } from './more-button';

const CancelDialog = dynamic(async () => (await import('./cancel-dialog')).CancelDialog, { ssr: false });
/** Brings the whole form engine with it. */
const RerunDialog = dynamic(async () => (await import('./rerun-dialog')).RerunDialog, { ssr: false });

/** What can be done with this run now. */
export function RunActions({ run, status, cancelRequested, ended, onReplay }: { run: RunDetailWire; status: RunStatus; cancelRequested: boolean; ended: boolean; onReplay: (() => void) | null }) {
  const [asking, setAsking] = useState(false);
  const [again, setAgain] = useState(false);
  const cancel = useCancelRun(run.id);
  const { data: session } = useSession();
  const form = `/workflows/${run.workflow_id}?from=${run.id}`;
  const next = status !== 'completed' ? null : run.run_mode === 'validate_only' ? { mode: 'test_run' as const, label: 'Now try it small' } : run.run_mode === 'test_run' ? { mode: 'full_run' as const, label: 'Now run it fully' } : null;
  const go = async (): Promise<void> => {
    setAsking(false);
    try {
      await cancel.mutateAsync();
    } catch (error) {
      notify('Could not cancel', 'problem', error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : undefined);
    }
  };
  return (
    <div data-print="hide" className="flex items-center gap-2 max-sm:w-full max-sm:flex-wrap">
      {/* One row that is pushed sideways on a phone, so that what came out stands on its first screen. */}
      <div className="max-sm:flex max-sm:min-w-0 max-sm:flex-1 max-sm:gap-2 max-sm:overflow-x-auto max-sm:py-1 max-sm:[scrollbar-width:none] sm:contents">
        {onReplay ? <Button variant="quiet" className="max-sm:order-1" onClick={onReplay}>Replay</Button> : null}
        {ended ? <><ButtonLink data-key="x" variant="quiet" className="max-sm:order-1" href={`/runs?workflow=${run.workflow_id}&compare=${run.id}`}>Compare</ButtonLink><ButtonLink href={form}>Change the inputs</ButtonLink><Button data-key="r" onClick={() => setAgain(true)}>Run again</Button></> : null}
      </div>
      {again ? <RerunDialog run={run} onClose={() => setAgain(false)} /> : null}
      {next && session?.permissions.includes(MODE_PERMISSION[next.mode]) ? <ButtonLink variant="primary" className="max-sm:order-first max-sm:h-11 max-sm:w-full" href={`${form}&mode=${next.mode}`}>{next.label}</ButtonLink> : null}
      {ended ? null : <Button data-key="c" variant="danger" disabled={cancelRequested || cancel.isPending} onClick={() => setAsking(true)}>{cancelRequested ? 'Cancel requested' : 'Cancel'}</Button>}
      <MoreButton />
      {asking ? <CancelDialog onClose={() => setAsking(false)} onCancel={() => void go()} /> : null}
    </div>
  );
}
