'use client';
import { useState } from 'react';
import { isTerminal } from '#contracts/runs';
import { formatCount } from '../../lib/format';
import { runsCsv } from '../../lib/run-filters';
import { useCancelRuns, useDeleteRuns, useSession, type RunWire } from '../../lib/queries';
import { saveText } from '../../lib/save-text';
import { Button, ButtonLink } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { notify } from '../ui/toast';

const TO_COMPARE = 4;
type Asking = 'cancel' | 'delete' | null;
const words = (done: number, all: number, verb: string): string => (done === all ? `${formatCount(done, 'run')} ${verb}` : `${done} of ${all} ${verb}`);

/** What can be done with the chosen runs together. @param chosen  ids, of this page or another; what is not on this page can only be compared */
export function ChosenBar({ chosen, runs, onChoose }: { chosen: readonly string[]; runs: readonly RunWire[]; onChoose: (ids: string[]) => void }) {
  const { data: session } = useSession();
  const [asking, setAsking] = useState<Asking>(null);
  const cancel = useCancelRuns();
  const remove = useDeleteRuns();
  const here = runs.filter(({ id }) => chosen.includes(id));
  const live = here.filter((run) => !isTerminal(run.status) && run.cancel_requested_at === null);
  const ended = here.filter((run) => isTerminal(run.status));
  const may = (permission: string): boolean => session?.permissions.some((known) => known === permission) === true;
  const comparable = chosen.length >= 2 && chosen.length <= TO_COMPARE && here.every((run) => isTerminal(run.status));
  const act = async (): Promise<void> => {
    const targets = asking === 'cancel' ? live : ended;
    const verb = asking === 'cancel' ? 'will be cancelled' : 'deleted';
    const done = await (asking === 'cancel' ? cancel : remove).mutateAsync(targets.map(({ id }) => id));
    setAsking(null);
    notify(words(done.length, targets.length, verb), done.length === targets.length ? 'done' : 'problem', done.length === targets.length ? undefined : 'The others were refused; they are still chosen.');
    onChoose(chosen.filter((id) => !done.includes(id)));
  };
  return (
    <div className="sticky bottom-0 z-20 -mx-4 mt-5 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-t bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
      <p role="status" className="mr-auto text-muted">{chosen.length === 1 ? 'One run chosen; choose another to compare, up to four' : `${chosen.length} runs chosen`}</p>
      <Button variant="quiet" onClick={() => onChoose([])}>Choose none</Button>
      {here.length > 0 ? <Button variant="quiet" onClick={() => saveText('chosen-runs.csv', runsCsv(here))}>CSV of these</Button> : null}
      {live.length > 0 && may('run:cancel') ? <Button variant="danger" onClick={() => setAsking('cancel')}>Cancel {live.length}</Button> : null}
      {ended.length > 0 && may('run:delete') ? <Button variant="danger" onClick={() => setAsking('delete')}>Delete {ended.length}</Button> : null}
      {comparable ? <ButtonLink variant="primary" href={`/compare?ids=${chosen.join(',')}`}>Compare</ButtonLink> : null}
      <Dialog
        open={asking !== null} onOpenChange={(open) => { if (!open) setAsking(null); }} title={asking === 'delete' ? `Delete ${formatCount(ended.length, 'run')}?` : `Cancel ${formatCount(live.length, 'run')}?`}
        description={asking === 'delete' ? 'Their story, inputs and files go for good. What they cost stays in the ledger, and the audit log keeps that you deleted them.' : 'The calls that are running are stopped within seconds. Notes and trace of what was done until then are kept.'}
        footer={<><Button onClick={() => setAsking(null)}>Not now</Button><Button variant="danger" disabled={cancel.isPending || remove.isPending} onClick={() => void act()}>{asking === 'delete' ? 'Delete for good' : 'Cancel them'}</Button></>}
      />
    </div>
  );
}
