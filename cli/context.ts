import type { Command } from 'commander';
import { ApiClient } from './api-client.ts';
import { findTarget, isLoopback } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { Output, type OutputOptions, type Terminal } from './output.ts';

/** What every command gets: its words, the API, and the person's Ctrl-C. */
export interface Context { terminal: Terminal; output: Output; client: ApiClient; interrupted: AbortSignal }
export interface CommonOptions extends OutputOptions { apiUrl?: string }

/** A command's work. @returns the exit code, 0 when nothing is returned */
export type Action<O> = (context: Context, args: string[], options: O & CommonOptions) => Promise<ExitCode | void>;

export interface Host { terminal: Terminal; interrupted: AbortSignal; finish: (exitCode: ExitCode) => void }

/** Adds the options that every command takes, and its work.
 * @param examples  shown before everything else in its help */
export function leaf<O>(host: Host, command: Command, examples: readonly string[], action: Action<O>): Command {
  return command
    .option('--json', 'the answer as JSON on stdout').option('--plain', 'no colours, no alignment: tab-separated lines').option('-q, --quiet', 'no talk on stderr but errors').option('--no-input', 'never ask')
    .option('--api-url <url>', 'the platform to talk to (AWP_API_URL, else your login, else the one running in this clone)')
    .addHelpText('before', `Examples:\n${examples.map((example) => `  $ ${example}`).join('\n')}\n`)
    .action(async (...received: unknown[]) => {
      const self = received.at(-1) as Command;
      const options = self.opts<O & CommonOptions>();
      const output = new Output(host.terminal, options);
      let client: ApiClient | undefined;
      const context: Context = {
        terminal: host.terminal, output, interrupted: host.interrupted,
        // Only when asked for: login and import work without any platform.
        get client() {
          client ??= connect(host.terminal.env, options.apiUrl, output);
          return client;
        },
      };
      host.finish((await action(context, self.args, options)) ?? 0);
    });
}

function connect(env: NodeJS.ProcessEnv, apiUrl: string | undefined, output: Output): ApiClient {
  const target = findTarget(env, apiUrl);
  if (target.token && target.url.startsWith('http:') && !isLoopback(target.url)) output.say(`! ${target.url} is not encrypted: the token can be read on the way.`);
  return new ApiClient(target, (line) => output.say(line));
}
