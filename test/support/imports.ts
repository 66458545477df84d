import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../..');

export interface ImportStatement {
  /** File that imports, from the project root, with forward slashes. */
  file: string;
  line: number;
  /** As written. */
  specifier: string;
  /** `import type` or `export type`: nothing is left of it at run time. */
  typeOnly: boolean;
  /** What it points at: a path from the project root for our own files, else the specifier. */
  target: string;
}

const SOURCE_FOLDERS = ['contracts', 'workflows', 'activities', 'platform', 'worker', 'api', 'web', 'cli', 'simulator', 'scripts', 'test'];

/** Our own source files, from the project root, with forward slashes. */
export function sourceFiles(): string[] {
  return globSync(
    SOURCE_FOLDERS.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`),
    { cwd: projectRoot, exclude: (path) => /(^|[\\/])(node_modules|\.next|generated)([\\/]|$)/.test(path) },
  )
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.endsWith('next-env.d.ts'))
    .sort();
}

export const readSource = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

// Statements begin a line or follow a semicolon, so words inside strings are not taken for them; dynamic imports stand anywhere.
const STATEMENT = /(?:^|;)[ \t]*(import|export)(\s+type\b(?!\s*(?:,|from\b)))?(?:[\s\w*{},$]*?\bfrom)?\s*(['"])([^'"\n]+)\3/gm;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(['"])([^'"\n]+)\1/g;

/** All imports of one file: static, re-exports, side effects, dynamic with a literal. */
export function importsOf(file: string, text = readSource(file)): ImportStatement[] {
  const code = withoutComments(text);
  const found = [
    ...[...code.matchAll(STATEMENT)].map((match) => ({ at: match.index, specifier: match[4] ?? '', typeOnly: match[2] !== undefined })),
    ...[...code.matchAll(DYNAMIC)].map((match) => ({ at: match.index, specifier: match[2] ?? '', typeOnly: isTypeQuery(code, match.index) })),
  ];
  return found.map(({ at, specifier, typeOnly }) => ({
    file,
    line: code.slice(0, at).split('\n').length,
    specifier,
    typeOnly,
    target: targetOf(file, specifier),
  }));
}

/** `typeof import('x')` and `import('x').Name` as a type are erased too; only the first form is recognised, so the second is reported. */
const isTypeQuery = (code: string, at: number): boolean => /typeof\s+$/.test(code.slice(Math.max(0, at - 12), at));

/** Comments become spaces, so that line numbers stay. A `//` inside a string or an address is left alone. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{}(),])\/\/[^\n]*/g, (_comment, before: string) => before);
}

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('@/')) return `web/${specifier.slice(2)}`;
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(projectRoot, resolve(projectRoot, dirname(file), specifier));
  return path.split(sep).join('/').replace(/\.(ts|tsx|mjs|mts)$/, '');
}
