import type { Command } from 'commander';
import type { SessionWire } from '#contracts/api/session.schema';
import { drillReport, type DrillReport } from '#contracts/drill';
import { openBundle } from '../bundle.ts';
import { leaf, type Context, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { localStack, serviceProcess, type LocalStack } from '../local-stack.ts';
import { watchRun } from '../watch.ts';
import { startDemoRun } from './demo.ts';

const ROUNDS = 3;
/** With less behind it the run has little to lose. */
const ANSWERS_FIRST = 2;

/** The crash drill: a real run, a real kill -9 of the worker under it, and an account of what was lost. Local mode only: the
 * same person on the same machine ends a process of theirs, told by pid and start time; the API has no part in it. */
export function addDrill(host: Host, program: Command): void {
  leaf<{ workflow: string }>(host, program.command('drill').description('Kill the worker in the middle of a demo run and report what was lost').option('--workflow <slug>', 'which workflow', 'learn_agentic_ai'), ['awp drill', 'awp drill --json'], async (context, _, { workflow }) => {
    const stack = await ownStack(context);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const outcome = await drillOnce(context, stack, workflow);
      if (outcome.report.possibly_billed > 0) return tell(context, outcome);
      context.output.say(`No call was in flight at the moment of the kill (round ${round} of ${ROUNDS}).${round < ROUNDS ? ' Again.' : ''}`);
      if (round === ROUNDS) return tell(context, outcome);
    }
    return EXIT.failed;
  });
}

interface Outcome { run_id: string; status: string; report: DrillReport; caught: boolean }

async function ownStack({ client, terminal }: Context): Promise<LocalStack> {
  const stack = localStack(terminal.env);
  if (!stack) throw new CliError('The drill needs the stack of this clone, and none is running here.', 'Start it with "npm start" (and the same AWP_HOME).', EXIT.usage);
  if (new URL(stack.api).port !== new URL(client.target.url).port) throw new CliError(`The drill ends processes of this machine only; ${client.target.url} is another platform.`, 'Unset AWP_API_URL, or "awp logout".', EXIT.usage);
  const session = await client.get<SessionWire>('/api/v1/session');
  if (session.environment !== 'local') throw new CliError('The drill is for local mode; this platform runs in production mode.', null, EXIT.usage);
  return stack;
}

/** One run: waits until some answers are recorded and another call streams, kills, watches to the end. */
async function drillOnce(context: Context, stack: LocalStack, workflow: string): Promise<Outcome> {
  const { client, output } = context;
  const run = await startDemoRun(context, workflow);
  let killedAt = 0;
  let answers = 0;
  const { run: ended } = await watchRun(run.id, {
    ...context, client,
    onEvent: (event) => {
      if (event.type === 'completion-end') answers += 1;
      // The first words of an answer have come: the call is surely in flight.
      if (killedAt > 0 || answers < ANSWERS_FIRST || event.type !== 'text-delta') return;
      const pid = serviceProcess(stack.home, 'worker');
      if (pid === null) throw new CliError('The worker\'s process was not found.', '"awp doctor" looks; the launcher may be restarting it.');
      process.kill(pid, 'SIGKILL');
      killedAt = Date.now();
      output.say(output.paint('yellow', `        ${output.plain ? '!' : '⚡'} kill -9 of the worker (process ${pid}) in ${event.stage}/${event.step}`));
    },
  });
  if (killedAt === 0) throw new CliError(`The run ended (${ended.status}) before a call was caught in flight.`, `Look at it: awp runs get ${run.id}`);
  const response = await client.send('GET', `/api/v1/runs/${run.id}/export`, { unbounded: true, headers: { Accept: 'application/zip, application/problem+json' } });
  const bundle = await openBundle(Buffer.from(await response.arrayBuffer()));
  const report = drillReport(bundle.ledger, bundle.events, killedAt);
  return { run_id: run.id, status: ended.status, report, caught: report.possibly_billed > 0 };
}

function tell({ output }: Context, { run_id: id, status, report, caught }: Outcome): ExitCode {
  const lost = status === 'completed' ? 0 : 1;
  const good = lost === 0 && caught && report.called_again === 0 && report.bought_twice === 0;
  if (output.json) { output.document({ run_id: id, status, passed: good, ...report }); return good ? EXIT.ok : EXIT.failed; }
  const line = (fine: boolean, text: string) => output.data(`${output.plain ? (fine ? 'ok' : 'FAIL') : fine ? '✓' : '✗'} ${text}`);
  line(lost === 0, `the run ended: ${status} (${id})`);
  line(report.called_again === 0, `finished calls called again: ${report.called_again} of ${report.finished_before}`);
  line(report.bought_twice === 0, `answers bought twice: ${report.bought_twice}`);
  line(caught, caught ? `in flight when the worker died: ${report.possibly_billed}, shown as possibly billed` : 'no call was in flight when the worker died: run the drill again');
  line(report.seconds_to_recover !== null, `at work again after ${report.seconds_to_recover ?? '?'} s`);
  return good ? EXIT.ok : EXIT.failed;
}
