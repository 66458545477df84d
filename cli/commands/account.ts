import { text as readAll } from 'node:stream/consumers';
import { isCancel, password } from '@clack/prompts';
import type { Command } from 'commander';
import type { SessionWire } from '#contracts/api/session.schema';
import { ApiClient } from '../api-client.ts';
import { configFile, findTarget, normalUrl, readLogin, removeLogin, saveLogin } from '../config.ts';
import { leaf, type Context, type CommonOptions, type Host } from '../context.ts';
import { deviceToken } from '../device-login.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';

export function addAccount(host: Host, program: Command): void {
  const login = program.command('login').description('Sign this command line in: by a code that you confirm in the browser, or with an API token from stdin').option('--device', 'by a code, also where nobody can be asked').option('--token', 'ask for an API token instead of a code');
  leaf<LoginOptions>(host, login, ['awp login --api-url https://awp.example.org', 'awp login < token.txt'], async (context, _, options) => {
    const { env } = context.terminal;
    const url = options.apiUrl === undefined ? findTarget(env).url : normalUrl(options.apiUrl);
    const token = options.device || (context.output.interactive && !options.token) ? await deviceToken(context, url) : await tokenFrom(context);
    const session = await new ApiClient({ url, token, source: 'login' }).get<SessionWire>('/api/v1/session');
    const file = saveLogin(env, { url, token });
    if (context.output.json) context.output.document({ url, user: session.user, permissions: session.permissions, expires_at: session.expires_at, file });
    context.output.say(`Signed in to ${url} as ${session.user.name} (${session.user.role}). The token is in ${file}, readable by you alone.`);
  });
  leaf<CommonOptions>(host, program.command('logout').description('Forget the kept token'), ['awp logout'], async ({ output, terminal }) => {
    const saved = damagedIsGone(() => readLogin(terminal.env));
    removeLogin(terminal.env);
    if (saved === null) { output.say('Nobody was signed in.'); return; }
    const revoked = saved !== 'damaged' && (await revoke(saved));
    output.say(`The token is gone from ${configFile(terminal.env)}${revoked ? ' and opens nothing any more.' : '. It stays valid until it is revoked (page Account, API tokens).'}`);
  });
}

interface LoginOptions { device?: boolean; token?: boolean }

/** @returns false when the platform could not be told */
async function revoke({ url, token }: { url: string; token: string }): Promise<boolean> {
  try {
    await new ApiClient({ url, token, source: 'login' }).send('POST', '/api/v1/tokens/revoke', { body: { token } });
    return true;
  } catch {
    return false;
  }
}

const damagedIsGone = <T>(read: () => T): T | 'damaged' => {
  try {
    return read();
  } catch {
    return 'damaged';
  }
};

/** Never from an option: those end up in shell histories and process lists. */
async function tokenFrom({ terminal, output }: Context): Promise<string> {
  let token: string;
  if (output.interactive) {
    const answer = await password({ message: 'API token', output: process.stderr });
    if (isCancel(answer)) throw new CliError('Nothing was changed.', null, EXIT.interrupted);
    token = answer.trim();
  } else {
    if (terminal.stdin.isTTY) throw new CliError('There is nobody to ask for the token.', 'Pipe it in: awp login < token.txt', EXIT.usage);
    token = (await readAll(terminal.stdin)).trim();
  }
  if (!/^[\x21-\x7e]{16,512}$/.test(token)) throw new CliError('That is not a token: it is one word of 16 or more characters.', 'POST /api/v1/tokens makes one; on your own machine none is needed.', EXIT.usage);
  return token;
}
