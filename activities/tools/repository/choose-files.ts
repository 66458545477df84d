import type { ArchiveFile } from './read-archive.ts';

/** What tells most about a repository, in this order, when nobody said which files to read. */
const TELLING: readonly RegExp[] = [
  /^readme(?:\.\w+)?$/i, /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|environment\.ya?ml|Cargo\.toml|go\.mod|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json)$/, /^(?:Dockerfile|docker-compose\.ya?ml|compose\.ya?ml|Makefile|CMakeLists\.txt)$/,
  /^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$/, /^(?:architecture|contributing|changelog|security|citation)\.(?:md|cff|txt)$/i, /^docs\/(?:readme|index|architecture)\.md$/i, /^(?:configs?|conf)\/[^/]+\.(?:ya?ml|toml|json)$/,
  /(?:^|\/)(?:main|index|app|server|train|run|cli|__main__)\.(?:ts|js|mjs|py|go|rs|java)$/, /(?:^|\/)(?:model|models|trainer|eval|evaluate)\.py$/,
];
const SKIPPED = /(?:^|\/)(?:node_modules|vendor|dist|build|third_party|\.git)\//;
export const MAX_FILE_BYTES = 200_000;

/** @param patterns  exact paths, or with `*` (within a folder) and `**`; empty = the most telling files
 * @returns paths in the order to show them, and the patterns that met nothing */
export function chooseFiles(files: readonly ArchiveFile[], patterns: readonly string[], maxFiles: number): { chosen: string[]; missing: string[] } {
  const readable = files.filter(({ bytes }) => bytes <= MAX_FILE_BYTES);
  if (patterns.length > 0) {
    const found = patterns.map((pattern) => ({ pattern, paths: readable.filter(({ path }) => matches(pattern, path)).map(({ path }) => path) }));
    return { chosen: [...new Set(found.flatMap(({ paths }) => paths))].slice(0, maxFiles), missing: found.filter(({ paths }) => paths.length === 0).map(({ pattern }) => pattern) };
  }
  const own = readable.filter(({ path }) => !SKIPPED.test(path));
  const ranked = TELLING.flatMap((pattern) => own.filter(({ path }) => pattern.test(path)).sort((a, b) => a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1)).slice(0, 4).map(({ path }) => path));
  return { chosen: [...new Set(ranked)].slice(0, maxFiles), missing: [] };
}

function matches(pattern: string, path: string): boolean {
  if (!pattern.includes('*')) return pattern.replace(/^\.?\//, '') === path;
  // Segment by segment, so that a pattern of many stars stays linear.
  return matchParts(pattern.split('/'), path.split('/'));
}

function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return path.length === 0;
  if (head === '**') return Array.from({ length: path.length + 1 }, (_, index) => index).some((skip) => matchParts(rest, path.slice(skip)));
  return path.length > 0 && matchName(head, path[0] ?? '') && matchParts(rest, path.slice(1));
}

function matchName(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    const found = index === 0 ? (name.startsWith(piece) ? 0 : -1) : name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return pieces.length === 1 ? at === name.length : name.endsWith(pieces.at(-1) ?? '') && name.length >= pattern.length - pieces.length + 1;
}

const LANGUAGES: Record<string, string> = { ts: 'TypeScript', tsx: 'TypeScript', js: 'JavaScript', mjs: 'JavaScript', jsx: 'JavaScript', py: 'Python', ipynb: 'Jupyter', go: 'Go', rs: 'Rust', java: 'Java', kt: 'Kotlin', rb: 'Ruby', php: 'PHP', c: 'C', h: 'C', cpp: 'C++', cc: 'C++', cu: 'CUDA', cs: 'C#', swift: 'Swift', scala: 'Scala', sh: 'Shell', sql: 'SQL', r: 'R', jl: 'Julia', md: 'Markdown', yaml: 'YAML', yml: 'YAML', toml: 'TOML', tf: 'Terraform' };

/** Bytes by language, as far as the names of the files tell. */
export function languagesOf(files: readonly ArchiveFile[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { path, bytes } of files) {
    const language = SKIPPED.test(path) ? undefined : LANGUAGES[path.split('.').at(-1)?.toLowerCase() ?? ''];
    if (language) sums.set(language, (sums.get(language) ?? 0) + bytes);
  }
  return Object.fromEntries([...sums].sort((a, b) => b[1] - a[1]));
}
