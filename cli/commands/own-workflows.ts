import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { fromSkill, type SkillFile } from '#contracts/own/from-skill';
import { allSteps, type OwnDefinition } from '#contracts/own/definition';
import { REFINE_CALL, REFINE_STEP, refined, refineTrial } from '#contracts/own/refine-skill';
import { toCatalog } from '#contracts/own/to-catalog';
import { leaf, type Context, type Host } from '../context.ts';
import { ApiError, CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { watchRun } from '../watch.ts';

/** Workflows that people write, from files: for CI and for moving them between installations. */
interface Own { workflow_id: string; version: number; content_hash: string; channels: { draft: number; test: number | null; live: number | null }; warnings: { pointer: string; detail: string }[]; signed_by?: string }
interface Check { valid: boolean; errors: { pointer: string; detail: string }[]; warnings: { pointer: string; detail: string }[] }
const MAX_BYTES = 256_000;
const address = (slug: string): string => `/api/v1/workflows/${encodeURIComponent(slug)}`;

/** YAML or JSON; anchors are no way to make a small file a big one. */
async function readDefinition(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch(() => { throw new CliError(`There is no file ${file} that can be read.`, 'Check the path.', EXIT.usage); });
  if (Buffer.byteLength(text) > MAX_BYTES) throw new CliError(`${file} has ${Buffer.byteLength(text)} bytes; a definition has at most ${MAX_BYTES}.`, 'Make parts of it workflows of their own.', EXIT.usage);
  try {
    const value: unknown = parse(text, { maxAliasCount: 20, uniqueKeys: true });
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new CliError(`${file} is neither YAML nor JSON: ${error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read'}`, 'Correct the place it names.', EXIT.usage);
  }
  throw new CliError(`${file} holds no definition.`, 'It has to be an object with slug, name, steps.', EXIT.usage);
}

const MAX_SKILL_FILES = 200;
const MAX_SKILL_FILE_BYTES = 1_000_000;

/** Texts of a skill folder; links are not followed, big files are left out. */
async function readSkill(folder: string): Promise<SkillFile[]> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && !entry.name.startsWith('.')).slice(0, MAX_SKILL_FILES);
  return Promise.all(entries.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return { path: path.relative(folder, file).split(path.sep).join('/'), text: (await stat(file)).size > MAX_SKILL_FILE_BYTES ? '' : await readFile(file, 'utf8') };
  }));
}

/** @throws CliError with what was found when no draft can be made of it */
async function draftOf(folder: string, output: Context['output']): Promise<Record<string, unknown>> {
  const { document, notes } = fromSkill(path.basename(path.resolve(folder)), await readSkill(folder));
  for (const { at, note } of notes) output.say(`? ${at}: ${note}`);
  if (!document) throw new CliError(`No draft can be made of ${folder}: ${notes.at(-1)?.note ?? 'nothing was found'}`, 'It needs a SKILL.md with some text.', EXIT.validation);
  return document;
}

/** A file of `export` holds the definition inside; a hand-written one is the definition. */
const definitionIn = (value: Record<string, unknown>): Record<string, unknown> => (value['format'] === 'awp.workflow/v1' ? (value['definition'] as Record<string, unknown>) : value);

function told({ output }: Pick<Context, 'output'>, own: Own, words: string): void {
  if (output.json) { output.document(own); return; }
  output.data(`${own.workflow_id} version ${own.version} ${words}`);
  for (const { pointer, detail } of own.warnings) output.say(`! ${pointer} ${detail}`);
}

/** One call of a model over the draft, as a Test run. @returns the version it makes; null when the draft stays as the import made it */
async function refinedDraft({ client, output, interrupted }: Context, made: Own & { definition?: Record<string, unknown> }, provider: string | undefined): Promise<Own | null> {
  const draft = made.definition ?? {};
  const { definition, values } = refineTrial(draft);
  const { id } = await client.post<{ id: string }>(`${address(made.workflow_id)}/try`, { body: { definition, step: REFINE_STEP, values, ...(provider ? { provider } : {}) } });
  const { run } = await watchRun(id, { client, output, interrupted });
  const call = run.status === 'completed' ? await client.get<{ answer: string | null }>(`/api/v1/runs/${id}/calls`, { query: { call_id: REFINE_CALL } }) : null;
  const next = call?.answer ? refined(draft, call.answer) : null;
  if (!next) { output.say(`? The draft stays as it was: ${run.error?.detail ?? 'the answer would have left no step'}`); return null; }
  for (const note of (next['review'] as { pointer: string; note: string }[]).slice(0, 30)) output.say(`? ${note.pointer}: ${note.note}`);
  return await (await client.send('PUT', address(made.workflow_id), { body: { definition: next, note: `Refined by ${run.provider}` } })).json() as Own;
}

export function addOwnWorkflows(host: Host, program: Command): void {
  const workflows = program.commands.find((command) => command.name() === 'workflows') ?? program.command('workflows');
  leaf(host, workflows.command('validate').argument('<file>').description('Check a definition file: everything that is wrong, with its place; saves nothing'), ['awp workflows validate playbook.yaml'], async ({ client, output }, [file = '']) => {
    const found = await client.post<Check>('/api/v1/workflows/validate', { body: { definition: definitionIn(await readDefinition(file)) } });
    if (output.json) output.document(found);
    else {
      for (const { pointer, detail } of found.errors) output.data(`${pointer} ${detail}`);
      for (const { pointer, detail } of found.warnings) output.say(`! ${pointer} ${detail}`);
      output.say(found.valid ? 'It holds.' : `${found.errors.length} ${found.errors.length === 1 ? 'problem' : 'problems'}.`);
    }
    return found.valid ? EXIT.ok : EXIT.validation;
  });
  leaf<{ channel?: string; note?: string }>(host, workflows.command('publish').argument('<file>').description('Save a definition file as a new version and put it on a channel; the same content again changes nothing').option('--channel <channel>', 'draft, test or live', 'live').option('--note <words>', 'what changed'), ['awp workflows publish playbook.yaml', 'awp workflows publish playbook.yaml --channel test --note "Shorter prompts"'], async (context, [file = ''], { channel = 'live', note }) => {
    if (!['draft', 'test', 'live'].includes(channel)) throw new CliError(`${channel} is no channel.`, 'Use draft, test or live.', EXIT.usage);
    const { client } = context;
    const definition = definitionIn(await readDefinition(file));
    const body = { definition, ...(note ? { note } : {}) };
    const slug = String(definition['slug'] ?? '');
    const there = slug === '' ? false : await client.get(`${address(slug)}/definition`).then(() => true, (error: unknown) => { if (error instanceof ApiError && error.problem.code === 'NotFound') return false; throw error; });
    const saved = await (await client.send(there ? 'PUT' : 'POST', there ? address(slug) : '/api/v1/workflows', { body })).json() as Own;
    if (channel === 'draft') { told(context, saved, 'is saved as the draft.'); return; }
    told(context, await (await client.send('PUT', `${address(saved.workflow_id)}/channels/${channel}`, { body: { version: saved.version } })).json() as Own, `is on the channel ${channel}.`);
  });
  leaf<{ output?: string; format?: string; version?: string }>(host, workflows.command('export').argument('<slug>').description('A written workflow as a signed file').option('--format <format>', 'yaml, json, or typescript for a folder of the catalog', 'yaml').option('--version <number>', 'your youngest when left out').option('-o, --output <file>', 'stdout when left out; the folder for typescript'), ['awp workflows export essay_writing_assistant -o essay.yaml', 'awp workflows export haiku --format typescript -o workflows/catalog/haiku'], async ({ client, output }, [slug = ''], { output: file, format = 'yaml', version }) => {
    if (format === 'typescript') {
      const { definition, version: exported } = await (await client.send('GET', `${address(slug)}/export`, { query: { version } })).json() as { definition: OwnDefinition; version: number };
      if (allSteps(definition.steps).some(({ type }) => type === 'workflow')) throw new CliError(`${slug} runs other written workflows, which this form cannot hold.`, 'Export it as YAML, or write their steps into it first.', EXIT.validation);
      const { folder, files, todo } = toCatalog({ definition, subs: {} }, exported);
      await mkdir(file ?? folder, { recursive: true });
      for (const [name, code] of Object.entries(files)) await writeFile(path.join(file ?? folder, name), code);
      output.data(`${Object.keys(files).join(', ')} are in ${file ?? folder}.\n${todo.join('\n')}`);
      return;
    }
    const text = await (await client.send('GET', `${address(slug)}/export`, { query: { format, version } })).text();
    if (!file) { output.data(text); return; }
    await writeFile(file, text);
    output.say(`${slug} is in ${file}.`);
  });
  leaf<{ as?: string; refine?: boolean; provider?: string }>(host, workflows.command('import').argument('<file>').description('Take over an exported workflow, or a skill folder (SKILL.md), as a draft of your own').option('--as <slug>', 'under another name').option('--refine', 'of a skill folder: have a model look at the draft, one call under the caps of a Test').option('--provider <provider>', 'for --refine; your default when left out'), ['awp workflows import essay.yaml', 'awp workflows import essay.yaml --as our_essay', 'awp workflows import skills/agents/planning --as planning'], async (context, [file = ''], { as, refine, provider }) => {
    const isFolder = (await stat(file).catch(() => null))?.isDirectory() === true;
    const value = isFolder ? await draftOf(file, context.output) : await readDefinition(file);
    const body = value['format'] === 'awp.workflow/v1' ? value : { format: 'awp.workflow/v1', definition: value };
    const made = await context.client.post<Own>('/api/v1/workflows/import', { body: { ...body, ...(as ? { workflow_id: as } : {}) } });
    const better = refine && isFolder ? await refinedDraft(context, made, provider) : null;
    told(context, better ?? made, better ? 'is your draft, refined by a model.' : `is your draft; signed by ${String(made.signed_by).replaceAll('_', ' ')}.`);
  });
}
