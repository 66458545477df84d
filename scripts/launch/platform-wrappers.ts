import { spawnSync } from 'node:child_process';
import { findOnPath } from './paths.ts';
import { LaunchError } from './ports.ts';

export interface WrappedCommand {
  command: string;
  args: string[];
}

/** Linux: the kernel sends the signal to a server of ours when the launcher itself is killed. Elsewhere (and without
 * util-linux) nothing is added: the next start finds the leftover by its pid file and ends it. */
export function endsWithLauncher(inner: WrappedCommand, signal: 'INT' | 'TERM' | 'KILL', env: NodeJS.ProcessEnv): WrappedCommand {
  const setpriv = process.platform === 'linux' ? findOnPath('setpriv', env) : null;
  if (setpriv === null) return inner;
  return { command: setpriv, args: ['--pdeathsig', signal, '--', inner.command, ...inner.args] };
}

/** PostgreSQL refuses to run as root. As root it gets a user namespace in which it sees uid 1000 while the files stay root's:
 * that works in a folder only root may enter, where switching to another user does not. @throws LaunchError with the remedy */
export function notAsRoot(inner: WrappedCommand, env: NodeJS.ProcessEnv): WrappedCommand {
  if (process.getuid?.() !== 0) return inner;
  const unshare = findOnPath('unshare', env);
  const args = ['--user', '--map-user=1000', '--map-group=1000', '--'];
  const works = unshare !== null && spawnSync(unshare, [...args, 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  if (works) return { command: unshare, args: [...args, inner.command, ...inner.args] };
  throw new LaunchError(
    `PostgreSQL does not run as root, and ${unshare === null ? 'the program "unshare" is missing' : 'this machine does not allow user namespaces (unshare --user failed)'}. ` +
      'Start as an ordinary user, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, container: --security-opt seccomp=unconfined), ' +
      'or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}
