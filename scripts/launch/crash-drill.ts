import { CRASH_WORKER, type CrashWorkerAnswer, type CrashWorkerRequest } from '#contracts/drill';
import type { Service, ServiceSpec } from './service.ts';

const isRequest = (message: unknown): message is CrashWorkerRequest => typeof message === 'object' && message !== null && 'type' in message && message.type === CRASH_WORKER && 'id' in message && typeof message.id === 'string';

/** Listens to the API for the crash drill: one message, one kill of one child of ours, in local mode only. */
export function crashDrill(env: NodeJS.ProcessEnv, worker: () => Service | undefined): NonNullable<ServiceSpec['onMessage']> {
  return (message, reply) => {
    if (!isRequest(message)) return;
    const isLocal = (env['AWP_ENV'] || 'local') === 'local';
    const pid = isLocal ? (worker()?.crash() ?? null) : null;
    const answer: CrashWorkerAnswer = { type: CRASH_WORKER, id: message.id, pid, problem: pid !== null ? null : isLocal ? 'No worker is running at this moment.' : 'The drill is for local mode.' };
    reply(answer);
  };
}
