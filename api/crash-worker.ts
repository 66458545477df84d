import { randomUUID } from 'node:crypto';
import { CRASH_WORKER, type CrashWorkerAnswer, type CrashWorkerRequest } from '#contracts/drill';
import { CodedError } from '#platform/coded-error';

/** Kills the worker of this installation. @returns its pid @throws CodedError ServiceUnavailable when there was none to kill */
export type CrashWorker = () => Promise<number>;

const ANSWER_MS = 3000;
type Channel = Pick<NodeJS.Process, 'send' | 'on' | 'off'>;

/** Asks the launcher that started this process: it owns the worker and restarts it.
 * @returns null where no launcher is, or outside local mode: there is no drill then */
export function crashThroughLauncher(channel: Channel, environment: 'local' | 'production'): CrashWorker | null {
  if (environment !== 'local' || !channel.send) return null;
  return async () => {
    const request: CrashWorkerRequest = { type: CRASH_WORKER, id: randomUUID() };
    const answer = await new Promise<CrashWorkerAnswer | null>((resolve) => {
      const done = (found: CrashWorkerAnswer | null) => { clearTimeout(timer); channel.off('message', hear); resolve(found); };
      const hear = (message: unknown) => { if ((message as CrashWorkerAnswer | null)?.type === CRASH_WORKER && (message as CrashWorkerAnswer).id === request.id) done(message as CrashWorkerAnswer); };
      const timer = setTimeout(() => done(null), ANSWER_MS);
      channel.on('message', hear);
      channel.send?.(request);
    });
    if (answer?.pid == null) throw new CodedError('ServiceUnavailable', answer?.problem ?? 'The launcher did not answer.', { remedy: 'Try again in a moment; "npm run doctor" looks at the processes.' });
    return answer.pid;
  };
}
