/** What a Chromium performance trace says about the main thread of the page. */
interface TraceEvent { name: string; ph: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number; args?: { name?: string } }

const TASKS = new Set(['RunTask', 'ThreadControllerImpl::RunTask']);

export interface MainThread { /** ms, the longest first */ tasks: number[]; longestMs: number; /** ms of processor time that any task took at most: what is left of a block when nobody else is at work; null where the trace does not tell */ longestCpuMs: number | null }

/** Tasks of the page's main thread: while one runs, no click is answered. */
export function mainThread(trace: string): MainThread {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: TraceEvent[] };
  const threads = new Set(traceEvents.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`));
  const found = traceEvents.filter((event) => event.ph === 'X' && TASKS.has(event.name) && threads.has(`${event.pid}/${event.tid}`));
  const tasks = found.map(({ dur = 0 }) => dur / 1000).toSorted((a, b) => b - a);
  const onProcessor = found.flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]));
  return { tasks, longestMs: tasks[0] ?? 0, longestCpuMs: onProcessor.length > 0 ? Math.max(...onProcessor) : null };
}
