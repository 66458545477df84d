import { parseArgs } from 'node:util';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import type { Target } from './run-case.ts';

/** Something to evaluate now, or a report that an earlier evaluation wrote. */
export type Side = { kind: 'target'; target: Target } | { kind: 'report'; file: string };
export interface EvalOptions { sides: readonly Side[]; only: readonly string[]; folder: string; concurrency: number }

export const HELP = `
  npm run eval -- [options]

  --provider P       who answers (demo); its key comes from the environment: ${PROVIDER_IDS.filter((id) => id !== 'demo').map((id) => `${id.toUpperCase()}_API_KEY`).join(', ')}
  --model M          model of that provider (its default)
  --compare A B      two of: provider, provider/model, file of an earlier evaluation (.json); ends with 1 when B fails a case that A passes
  --only SLUG        workflows to evaluate, with commas between (all)
  --concurrency N    runs at once (2)
  --out FOLDER       where report and figures are written (eval-results)

  Two versions of the product: evaluate on each, then --compare before.json after.json
`;

/** @throws Error with words for the person */
export function parseOptions(args: readonly string[]): EvalOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args], allowPositionals: true,
    options: { provider: { type: 'string' }, model: { type: 'string' }, compare: { type: 'string' }, only: { type: 'string' }, concurrency: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return 'help';
  if (values.compare !== undefined && positionals.length !== 1) throw new Error('--compare takes two: --compare A B');
  if (values.compare === undefined && positionals.length > 0) throw new Error(`"${positionals[0]}" is not understood`);
  if (values.compare !== undefined && (values.provider || values.model)) throw new Error('--compare names both sides itself; leave --provider and --model out');
  const concurrency = Number(values.concurrency ?? 2);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 20) throw new Error('--concurrency is a number from 1 to 20');
  const sides = values.compare === undefined ? [sideOf(values.provider ?? 'demo', values.model)] : [values.compare, positionals[0] as string].map((text) => sideOf(text));
  return { sides, only: (values.only ?? '').split(',').map((slug) => slug.trim().replaceAll('-', '_')).filter(Boolean), folder: values.out ?? 'eval-results', concurrency };
}

const isProvider = (name: string): name is ProviderId => (PROVIDER_IDS as readonly string[]).includes(name);

function sideOf(text: string, model?: string): Side {
  if (text.endsWith('.json')) return { kind: 'report', file: text };
  const [provider = '', ...rest] = text.split('/');
  if (!isProvider(provider)) throw new Error(`"${provider}" is no provider; there are ${PROVIDER_IDS.join(', ')}`);
  return { kind: 'target', target: { provider, model: model ?? (rest.length > 0 ? rest.join('/') : undefined) } };
}
