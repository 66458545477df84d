import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addAccount } from './commands/account.ts';
import { addAudit } from './commands/audit.ts';
import { addArtifacts } from './commands/artifacts.ts';
import { addCatalog } from './commands/catalog.ts';
import { addCompletion } from './commands/completion.ts';
import { addDemo } from './commands/demo.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrill } from './commands/drill.ts';
import { addEvidence } from './commands/evidence.ts';
import { addKeys } from './commands/keys.ts';
import { addOwnWorkflows } from './commands/own-workflows.ts';
import { addData } from './commands/data.ts';
import { addPause } from './commands/pause.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import type { Host } from './context.ts';
import { CliError, errorLines } from './errors.ts';
import { EXIT, EXIT_WORDS, type ExitCode } from './exit-codes.ts';
import { Output, type Terminal } from './output.ts';

/** The whole command line. Each folder of commands adds its own. */
export function createProgram(host: Host): Command {
  const program = new Command('awp').description('Governed, click-to-run workflows from the command line').version(packageJson.version)
    .configureOutput({ writeOut: (text) => host.terminal.stdout.write(text), writeErr: (text) => host.terminal.stderr.write(text) })
    .configureHelp({ showGlobalOptions: false }).showHelpAfterError('(--help shows examples)').exitOverride();
  program.addHelpText('before', 'Examples:\n  $ awp demo\n  $ awp run learn_agentic_ai --set learning_goal="Build an agent that calls tools" --watch\n  $ awp runs list --status failed\n');
  program.addHelpText('after', `\nExit codes:\n${Object.entries(EXIT_WORDS).map(([code, words]) => `  ${code.padStart(3)}  ${words}`).join('\n')}\n`);
  for (const add of [addDemo, addRun, addRuns, addCatalog, addOwnWorkflows, addArtifacts, addEvidence, addAudit, addKeys, addPause, addData, addDrill, addDoctor, addAccount, addCompletion]) add(host, program);
  return program;
}

/** One call of `awp`. Never throws, never exits. @param args  without node and script @returns the exit code */
export async function runCli(args: readonly string[], terminal: Terminal, interrupted: AbortSignal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram({ terminal, interrupted, finish: (code) => { exitCode = code; } });
  const output = new Output(terminal, { json: args.includes('--json'), plain: args.includes('--plain') });
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (interrupted.aborted && !(error instanceof CliError)) return EXIT.interrupted;
    output.fail(errorLines(error));
    return error instanceof CliError ? error.exitCode : EXIT.failed;
  }
}
