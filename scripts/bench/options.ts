import { parseArgs } from 'node:util';

export const PARTS = ['starts', 'runs', 'overhead', 'reads', 'load', 'recovery', 'codec', 'pages'] as const;
/** without --load and --only */
const USUAL: readonly Part[] = ['starts', 'runs', 'overhead', 'reads', 'codec', 'pages'];
const UNDER_LOAD: readonly Part[] = ['load', 'recovery'];
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  parts: ReadonlySet<Part>;
  /** runs that are live while starts are measured a second time */
  inFlight: number;
  /** runs of the load part */
  load: number;
  /** rounds of the overhead comparison; each has runs one after the other, and 20 at once */
  rounds: number;
  /** seconds for each read */
  readSeconds: number;
  jsonFile: string | null;
  againstFile: string | null;
}

export const HELP = `
  npm run bench -- [options]

  --in-flight N      live runs while starts are measured again (200)
  --load N           N runs at once with model calls of 2 to 20 s, then a worker killed: lost, doubled, failed, delays, memory (100)
  --rounds N         rounds of platform against bare Temporal workflow (5)
  --read-seconds N   seconds for each kind of read (5)
  --only PARTS       some of ${PARTS.join(',')}
  --json FILE        also write the figures as JSON
  --against FILE     compare with an earlier --json file
`;

/** @throws Error with words for the person */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: { 'in-flight': { type: 'string' }, load: { type: 'string' }, rounds: { type: 'string' }, 'read-seconds': { type: 'string' }, only: { type: 'string' }, json: { type: 'string' }, against: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return 'help';
  return {
    parts: new Set(values.only !== undefined ? values.only.split(',').map(part) : values.load !== undefined ? UNDER_LOAD : USUAL),
    inFlight: count('in-flight', values['in-flight'], 200),
    load: count('load', values.load, 100),
    rounds: count('rounds', values.rounds, 5),
    readSeconds: count('read-seconds', values['read-seconds'], 5),
    jsonFile: values.json ?? null,
    againstFile: values.against ?? null,
  };
}

function part(name: string): Part {
  const found = PARTS.find((known) => known === name);
  if (found === undefined) throw new Error(`--only ${name}: choose from ${PARTS.join(', ')}`);
  return found;
}

function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000) throw new Error(`--${name} ${text}: give a whole number from 1 to 10000`);
  return value;
}
