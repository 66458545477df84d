import { runCli } from './program.ts';

/** The `awp` process. Ctrl-C ends what it is doing at the next step; a second one ends it at once. A reader of stdout that
 * leaves (`| head`) is no error. */
const interrupted = new AbortController();
process.on('SIGINT', () => {
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
});
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'EPIPE') process.exit(0); throw error; });

process.exitCode = await runCli(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env }, interrupted.signal);
// A socket kept alive or an unread stdin must not hold the shell; what was written is out first.
process.stdout.write('', () => { process.stderr.write('', () => process.exit()); });
