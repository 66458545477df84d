import { ToolProblem } from '../tool.ts';

/** Which public repository an address means. */
export interface RepositoryPlace { host: 'github' | 'gitlab'; /** `owner/name`, for GitLab with its groups */ repository: string; ref: string | null }
export interface RepositoryBases { github: string; githubApi: string; gitlab: string }
export const REPOSITORY_BASES: RepositoryBases = { github: 'https://github.com', githubApi: 'https://api.github.com', gitlab: 'https://gitlab.com' };

const NAME = /^[\w.-]{1,100}$/;
const REF = /^(?!.*\.\.)(?!\/)[\w./-]{1,200}(?<![./])$/;

/** Takes `https://github.com/o/n`, with `.git`, `/tree/<ref>`, `/-/tree/<ref>`. @throws ToolProblem with the forms it knows */
export function locateRepository(address: string, ref: string | undefined, bases: RepositoryBases): RepositoryPlace {
  const refused = (): ToolProblem => new ToolProblem('failed', `This is not the address of a repository that can be read; give ${bases.github}/<owner>/<name> or ${bases.gitlab}/<group>/<name>.`);
  if (!URL.canParse(address)) throw refused();
  const url = new URL(address);
  const same = (base: string): boolean => url.host.replace(/^www\./, '') === new URL(base).host;
  const parts = url.pathname.split('/').filter(Boolean).map((part) => { try { return decodeURIComponent(part); } catch { throw refused(); } });
  if (url.protocol !== 'https:' && !same(bases.github) && !same(bases.gitlab)) throw refused();
  const wanted = (found: string | null): string | null => {
    const chosen = ref ?? found;
    if (chosen !== null && !REF.test(chosen)) throw new ToolProblem('failed', 'ref is not a branch, tag or commit that can be asked for.');
    return chosen;
  };
  const checked = (names: string[]): string => {
    const clean = names.map((name, index) => (index === names.length - 1 ? name.replace(/\.git$/, '') : name));
    if (clean.length < 2 || clean.length > 10 || !clean.every((name) => NAME.test(name) && name !== '.' && name !== '..')) throw refused();
    return clean.join('/');
  };
  if (same(bases.github)) return { host: 'github', repository: checked(parts.slice(0, 2)), ref: wanted(parts[2] === 'tree' || parts[2] === 'commit' ? parts.slice(3).join('/') || null : null) };
  if (same(bases.gitlab)) {
    const dash = parts.indexOf('-');
    return { host: 'gitlab', repository: checked(dash < 0 ? parts : parts.slice(0, dash)), ref: wanted(dash >= 0 && parts[dash + 1] === 'tree' ? parts.slice(dash + 2).join('/') || null : null) };
  }
  throw refused();
}
