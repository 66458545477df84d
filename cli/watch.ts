import type { RunDetailWire, RunEventWire } from '#contracts/api/runs.schema';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { runEventFromWire } from '#contracts/wire';
import type { ApiClient } from './api-client.ts';
import { CliError } from './errors.ts';
import { EXIT, exitOfRun, type ExitCode } from './exit-codes.ts';
import { followRun } from './follow-run.ts';
import { printable, seconds, type Output } from './output.ts';
import { ASCII, eventLines, UNICODE } from './rail.ts';

export interface WatchOptions {
  client: ApiClient;
  output: Output;
  /** raised by Ctrl-C */
  interrupted: AbortSignal;
  /** give up watching after so long (the run goes on) */
  timeoutSeconds?: number | undefined;
  onEvent?: (event: RunEventWire, view: RunView) => void | Promise<void>;
}

/** Follows a run to its end with rail and step lines on stderr. Ctrl-C and the time limit leave the run alone.
 * @returns the run as the server has it, and the exit code of its outcome
 * @throws CliError (interrupted, timeout) that names the run */
export async function watchRun(runId: string, { client, output, interrupted, timeoutSeconds, onEvent }: WatchOptions): Promise<{ run: RunDetailWire; exitCode: ExitCode }> {
  const limit = timeoutSeconds === undefined ? null : AbortSignal.timeout(timeoutSeconds * 1000);
  const stop = new AbortController();
  const signal = AbortSignal.any([interrupted, stop.signal, ...(limit ? [limit] : [])]);
  const painter = new RailPainter(output);
  try {
    const onBreak = (detail: string, waitMs: number) => { painter.note(`${detail}; the run is not affected, trying again in ${seconds(waitMs)}`); };
    for await (const wire of followRun(client, runId, { signal, onBreak })) {
      const view = painter.show(wire);
      await onEvent?.(wire, view);
      // Somebody has to decide something, and nobody here can be asked.
      if (view.status === 'waiting' && view.waitReason !== 'provider' && !output.interactive) break;
    }
  } catch (error) {
    if (interrupted.aborted) throw left(runId, 'Interrupted.', EXIT.interrupted);
    if (limit?.aborted) throw left(runId, `Not at its end after ${timeoutSeconds} s.`, EXIT.timeout);
    throw error;
  } finally {
    painter.close();
    stop.abort();
  }
  const run = await client.get<RunDetailWire>(`/api/v1/runs/${runId}`);
  return { run, exitCode: exitOfRun(run) };
}

const left = (runId: string, why: string, code: ExitCode): CliError => new CliError(`${why} The run goes on: ${runId}`, `awp runs watch ${runId}  (or: awp runs cancel ${runId})`, code);

/** Puts events on the terminal: lines always, streamed text where there is a screen. */
export class RailPainter {
  view: RunView = EMPTY_RUN_VIEW;
  readonly #output: Output;
  #midLine = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(wire: RunEventWire): RunView {
    const event = runEventFromWire(wire);
    this.view = reduceRun(this.view, event);
    if (event.type === 'text-delta') {
      if (this.#output.live) this.#stream(event.data.text);
      return this.view;
    }
    this.close();
    for (const line of eventLines(this.view, event, this.#output.plain ? ASCII : UNICODE)) this.#output.say(line);
    return this.view;
  }

  note(text: string): void {
    this.close();
    this.#output.say(`${' '.repeat(8)}${this.#output.plain ? ':' : '┊'} ${text}`);
  }

  #stream(text: string): void {
    if (!this.#midLine) this.#output.stream('          ');
    this.#output.stream(this.#output.paint('dim', printable(text).replaceAll('\n', '\n          ')));
    this.#midLine = true;
  }

  close(): void {
    if (this.#midLine) this.#output.stream('\n');
    this.#midLine = false;
  }
}
