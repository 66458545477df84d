import type { RunMode } from '#contracts/runs';
import type { RunDetailWire } from './queries';

/** Ways to make a run again outside the browser. The token stays in the reader's environment. */
export const REPRODUCE_WAYS = [{ value: 'cli', label: 'Command line' }, { value: 'curl', label: 'cURL' }, { value: 'typescript', label: 'TypeScript' }] as const;
export type ReproduceWay = (typeof REPRODUCE_WAYS)[number]['value'];

export type Reproduced = Pick<RunDetailWire, 'workflow_id' | 'run_mode' | 'provider' | 'model' | 'inputs'>;
const MODE: Record<RunMode, string> = { validate_only: 'validate', test_run: 'test', full_run: 'full' };

/** @param origin  of the API, as the reader's browser knows it */
export function reproduceText(way: ReproduceWay, { workflow_id, run_mode, provider, model, inputs }: Reproduced, origin: string): string {
  const json = (value: unknown): string => JSON.stringify(value, null, 2);
  const body = json({ workflow_id, run_mode, provider, model, inputs });
  if (way === 'cli') return `awp run ${workflow_id} --mode ${MODE[run_mode]} --provider ${provider} --model '${quoted(model)}' --watch --input - <<'JSON'\n${json(inputs)}\nJSON`;
  if (way === 'curl') return `curl -sS ${origin}/api/v1/runs \\\n  -H "Authorization: Bearer $AWP_API_TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '${quoted(body)}'`;
  return [
    "import { env } from 'node:process';",
    '',
    `const reply = await fetch('${origin}/api/v1/runs', {`,
    "  method: 'POST',",
    "  headers: { Authorization: `Bearer ${env.AWP_API_TOKEN}`, 'Content-Type': 'application/json' },",
    `  body: JSON.stringify(${body.replaceAll('\n', '\n  ')}),`,
    '});',
    'if (!reply.ok) throw new Error(await reply.text());',
    "console.log((await reply.json()).id);",
  ].join('\n');
}

/** Within single quotes of a shell. */
const quoted = (text: string): string => text.replaceAll("'", String.raw`'\''`);
