'use client';
import { EXAMPLE_RUNS } from '../../lib/first-run';
import { useExampleProgress, useExamples } from '../../lib/examples';
import { formatCount } from '../../lib/format';
import { usePreferences } from '../../lib/preferences';
import { ApiError } from '../../lib/api-client';
import { useSession, useWorkflows } from '../../lib/queries';
import { useNow } from '../../lib/use-now';
import { Button } from '../ui/button';
import { notify } from '../ui/toast';

/** Fills the lists of somebody who has made nothing yet, and empties them again: real demo runs, not rows that were made up. */
export function Examples({ size = 'md' }: { size?: 'sm' | 'md' | 'lg' }) {
  const { examples } = usePreferences();
  const { data: session } = useSession();
  const { data: workflows } = useWorkflows();
  const progress = useExampleProgress();
  const now = useNow(progress?.waitsUntil ? 1000 : 0);
  const { add, remove } = useExamples();
  const may = (permission: string): boolean => session?.permissions.some((known) => known === permission) === true;
  if (!workflows || !may('workflow:run:test') || !may('run:delete')) return null;
  if (progress) {
    const wait = progress.waitsUntil === null ? null : Math.max(0, Math.ceil((progress.waitsUntil - now) / 1000));
    return <p role="status" className="self-center text-sm text-muted">{progress.what === 'remove' ? `Removing the examples: ${progress.done} of ${progress.of}` : `${progress.done} of ${progress.of} examples started${wait === null ? '' : `; the next in ${wait} s, as only so many runs may be started a minute`}`}</p>;
  }
  const begin = async (): Promise<void> => {
    try {
      await add(workflows);
    } catch (error) {
      notify('Not all examples were started', 'problem', error instanceof ApiError ? error.message : undefined);
    }
  };
  const end = async (): Promise<void> => {
    const kept = await remove();
    if (kept === 0) notify('The examples are gone');
    else notify(`${formatCount(kept, 'example')} could not be removed`, 'problem', 'Try once more in a moment, or delete them in the list of runs.');
  };
  return examples.length > 0
    ? <Button size={size} variant="quiet" onClick={() => void end()}>Remove the {formatCount(examples.length, 'example run')}</Button>
    : <Button size={size} variant="quiet" onClick={() => void begin()}>Fill the lists with {EXAMPLE_RUNS} example runs</Button>;
}
