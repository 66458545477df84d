import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pythonTool } from '#scripts/deploy/tools';

/** Schemathesis (PyPI, kept in the user's cache) over a served OpenAPI document, as two people at once: what one made is asked for
 * by the other. */
export interface FuzzOptions {
  /** generated cases of each operation at most */
  cases: number;
  peers: readonly [{ name: string; token: string }, { name: string; token: string }];
  /** operation ids that are left out */
  without?: readonly string[];
  /** only these operation ids */
  only?: readonly string[];
  phases?: string;
  /** ids of things that are there, by the beginning of the address that names them: without them most requests end at 404, before the code that reads the body */
  ids?: Readonly<Record<string, string>>;
  /** requests at the same moment; 1 when left out */
  workers?: number;
  seed?: number;
}
export interface FuzzReport { cases: number; operations: number; failures: string[]; output: string }

/** Answers that say no to input that fits the schema are ours to give (a workflow that is not there, a model without a price). */
const LEFT_OUT = ['positive_data_acceptance'];

/** What a request that breaks the schema may get; 410 and 412 come from what it names, 431 from Node itself. */
const REFUSALS = [400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 431];

/** @param api  base address that serves /openapi.json */
export async function fuzz(api: string, options: FuzzOptions): Promise<FuzzReport> {
  const tool = await pythonTool('schemathesis', process.env);
  const folder = mkdtempSync(path.join(tmpdir(), 'awp-fuzz-'));
  try {
    writeFileSync(path.join(folder, 'wfc.yaml'), `auth:\n${options.peers.map(({ name, token }) => `  - name: ${name}\n    fixedHeaders:\n      - {name: Authorization, value: "Bearer ${token}"}\n`).join('')}`);
    const known = Object.entries(options.ids ?? {}).map(([address, id], index) => [address, id, `known_${index}`] as const);
    const there = `${known.map(([, id, name]) => `[dictionaries.${name}]\nvalues = ["${id}"]\n`).join('')}${known.map(([address, , name]) => `\n[[operations]]\ninclude-path-regex = "^${address}/[{]id[}]"\nexclude-method = "DELETE"\n[operations.parameters]\n"path.id" = { dictionary = "${name}", probability = 0.8 }\n`).join('')}`;
    writeFileSync(path.join(folder, 'schemathesis.toml'), `[auth.wfc]\npath = "wfc.yaml"\npeers = [${options.peers.map(({ name }) => `"${name}"`).join(', ')}]\n\n[checks.negative_data_rejection]\nexpected-statuses = [${REFUSALS.map((status) => `"${status}"`).join(', ')}]\n${there}`);
    // The tool would fetch the document as nobody, whom production refuses it.
    const document = await openApiOf(api, options.peers);
    writeFileSync(path.join(folder, 'openapi.json'), JSON.stringify(document));
    const args = [
      '--config-file', 'schemathesis.toml', 'run', 'openapi.json', '--url', api, '--phases', options.phases ?? 'examples,coverage,fuzzing,stateful', '--max-examples', String(options.cases), '--workers', String(options.workers ?? 1), '--seed', String(options.seed ?? 1),
      '--continue-on-failure', '--request-timeout', '20', '--exclude-checks', LEFT_OUT.join(','), '--report', 'junit', '--report-junit-path', 'junit.xml', '--no-color', '--generation-database', 'none',
      ...(options.without ?? []).flatMap((id) => ['--exclude-operation-id', id]), ...(options.only ?? []).flatMap((id) => ['--include-operation-id', id]),
    ];
    const output = await run(path.join(tool, 'bin/st'), args, folder);
    const report: FuzzReport = { ...readReport(readFileSync(path.join(folder, 'junit.xml'), 'utf8')), cases: countOf(output), output };
    const broken = brokenOperations(output);
    if (broken.length === 0) return report;
    if ((options.workers ?? 1) === 1) return { ...report, failures: [...report.failures, ...broken.map((name) => `${name} · error: the tool itself failed`)] };
    // Python 3.11 reads its own syntax trees wrongly when threads do it at the same moment: what it then did not ask is asked by one.
    const again = await fuzz(api, { ...options, workers: 1, only: operationIds(document, broken), without: [] });
    return { cases: report.cases + again.cases, operations: report.operations, failures: [...report.failures, ...again.failures], output: `${output}\n${again.output}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const run = (program: string, args: string[], cwd: string): Promise<string> => new Promise((resolve) => {
  // Its exit code says only that there is something in the report.
  execFile(program, args, { cwd, maxBuffer: 256e6, env: { PATH: process.env['PATH'] ?? '', HOME: cwd, PYTHONUNBUFFERED: '1' } }, (_error, stdout, stderr) => { resolve(stdout + stderr); });
});

/** `METHOD /path` of operations that the tool could not ask to the end; the report of its results leaves them out. */
function brokenOperations(output: string): string[] {
  const [, errors = ''] = /^=+ ERRORS =+$(.*?)^=+ (?:FAILURES|WARNINGS|SUMMARY) =+$/ms.exec(output) ?? [];
  return [...new Set([...errors.matchAll(/^_+ ([A-Z]+ \/\S*) _+$/gm)].map(([, name = '']) => name))];
}

interface OpenApi { paths: Record<string, Record<string, { operationId: string }>> }

async function openApiOf(api: string, [peer]: FuzzOptions['peers']): Promise<OpenApi> {
  const answer = await fetch(`${api}/openapi.json`, { headers: { Authorization: `Bearer ${peer?.token}` } });
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  return await answer.json() as OpenApi;
}

function operationIds({ paths }: OpenApi, names: readonly string[]): string[] {
  return Object.entries(paths).flatMap(([address, methods]) => Object.entries(methods).filter(([method]) => names.includes(`${method.toUpperCase()} ${address}`)).map(([, { operationId }]) => operationId));
}

function countOf(output: string): number {
  const [, count] = /Test cases:\s*([\d,]+) generated/i.exec(output) ?? [];
  if (count === undefined) throw new Error(`Schemathesis did not finish:\n${output.slice(-6000)}`);
  return Number(count.replaceAll(',', ''));
}

function readReport(xml: string): Pick<FuzzReport, 'operations' | 'failures'> {
  const cases = [...xml.matchAll(/<testcase\b[^>]*?name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)];
  const failures = cases.flatMap(([, name = '', inner = '']) => [...inner.matchAll(/<(failure|error)\b[^>]*message="([^"]*)"/gs)].map(([, kind, message = '']) => `${name} · ${kind}: ${unescape(message).trim()}`));
  return { operations: cases.length, failures };
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&', '&#10;': '\n' };
const unescape = (text: string): string => text.replaceAll(/&(?:lt|gt|quot|apos|amp|#10);/g, (entity) => ENTITIES[entity] ?? entity);
