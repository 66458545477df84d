import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLibraryIndex, type LibraryKeeper } from '#activities/tools/library/library-index';
import { createLibrarySearch } from '#activities/tools/library-search';
import { runTool } from '#activities/tools/tool';
import { listSkills, skillIndex } from '#platform/repositories/knowledge';
import { openTestRows, type TestRows } from '../support/rows.ts';

let rows: TestRows;
const keepers: LibraryKeeper[] = [];
const folders: string[] = [];
beforeAll(async () => { rows = await openTestRows(); });
afterAll(async () => {
  for (const keeper of keepers) keeper.stop();
  for (const root of folders) rmSync(root, { recursive: true, force: true });
  await rows.close();
});

const keep = async (skillsDir: string | undefined, rescanMs = 3_600_000): Promise<LibraryKeeper> => {
  const keeper = createLibraryIndex(rows.db, { skillsDir, rescanMs });
  keepers.push(keeper);
  await keeper.start();
  return keeper;
};
const find = (keeper: LibraryKeeper, query: string, args: object = {}, skillsDir?: string) => runTool(createLibrarySearch({ skillsDir, index: keeper }), { query, ...args }, { signal: new AbortController().signal, capabilities: { tools: ['library_search'], hosts: null } });
const folder = (files: Record<string, string>): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'awp-knowledge-'));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) put(root, name, text);
  return root;
};
const put = (root: string, name: string, text: string): void => { mkdirSync(path.dirname(path.join(root, name)), { recursive: true }); writeFileSync(path.join(root, name), text); };

describe('the starter library in PostgreSQL', () => {
  let keeper: LibraryKeeper;
  beforeAll(async () => { keeper = await keep(undefined); });

  it.each([
    ['what is the agent loop', 'agents/agent-loop#the-loop'], ['LangGraph state graph nodes and edges', 'agents/langchain#graphs-in-langgraph'], ['prompt injection hidden in a web page', 'agents/safety#direct-and-indirect-injection'],
    ['CrewAI tasks and crews', 'agents/crewai#agents-tasks-and-crews'], ['LlamaIndex FunctionAgent query engine tool', 'agents/llamaindex#from-query-engine-to-agent'], ['validate tool arguments json schema', 'agents/tool-calling#validating-arguments'],
    ['BM25 and vector search', 'agents/memory-and-retrieval#lexical-and-vector-search'], ['how much does a run cost in tokens', 'agents/operations#counting-cost'], ['AutoGPT platform blocks', 'agents/autogpt#the-autogpt-platform'],
    ['sample ratio mismatch', 'data/ab-testing#before-looking-at-the-result-sample-ratio-mismatch'], ['LoRA learning rate and rank', 'training/fine-tuning-config#the-values-that-matter-most'], ['how large should chunks be', 'rag/chunking#what-decides-the-size'],
    ['breaking change of a data contract', 'data/data-contracts#breaking-or-not'], ['kv cache memory per token', 'serving/inference-engines#the-cache-decides-how-many-users-fit'], ['judge model position bias', 'evaluation/model-comparison#judges'], ['BibTeX entry', 'writing/citation-workflow#bibtex-that-survives'],
    ['EU AI Act high risk duties', 'safety/controls-and-compliance#eu-ai-act-in-short'], ['self-hosting break even', 'architecture/provider-cost-model#self-hosting'],
  ])('finds for %j the section %s among the first three', async (query, id) => {
    const result = await find(keeper, query, { limit: 3 });
    expect(result.items.map((item) => item.id)).toContain(id);
    expect(result.items[0]).toMatchObject({ source: 'library', url: null, file: expect.stringMatching(/\/SKILL\.md$/) as string });
    expect(await find(keeper, query, { limit: 3 })).toEqual(result);
  });

  it('one section of each document, and nothing for what is not there', async () => {
    const survey = await find(keeper, 'agents that use tools and memory', { limit: 8, one_per_document: true });
    expect(survey.items).toHaveLength(8);
    expect(new Set(survey.items.map((item) => item.file)).size).toBe(8);
    expect(await find(keeper, 'zebra quagga xylophone')).toEqual({ outcome: 'empty', summary: 'Nothing in the library matches "zebra quagga xylophone".', items: [] });
  });

  it.each(["'; DROP TABLE skill_sections; --", '& | ! <-> :*', 'a\\b \u0000 c', "it's \"quoted\"", '🦓'])('odd questions are only words: %j', async (query) => {
    expect((await find(keeper, query)).outcome).toMatch(/ok|empty/);
    expect(await rows.db.skillSection.count()).toBeGreaterThan(300);
  });

  it('what was just written is in the index: a search reads a handful of its pages', async () => {
    const [row] = await rows.db.$queryRaw<{ 'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }] }[]>`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id FROM skill_sections WHERE search @@ 'zebra'::tsquery`;
    const { 'Shared Hit Blocks': hit, 'Shared Read Blocks': read } = (row as NonNullable<typeof row>)['QUERY PLAN'][0].Plan;
    expect(hit + read).toBeLessThan(10);
  });

  it('two workers at once write it once', async () => {
    await rows.db.skillIndex.deleteMany();
    await Promise.all([keep(undefined), keep(undefined)]);
    expect(await skillIndex(rows.db)).toMatchObject({ documents: 45, problems: [], source: 'shipped' });
    expect(await rows.db.skillDocument.count()).toBe(45);
  });
});

describe('a folder of its own', () => {
  it('is followed: a changed, a new and a removed skill, a broken one in the report', async () => {
    const root = folder({ 'one/SKILL.md': '---\nname: one\ndescription: The first.\n---\n# One\n\nQuokka text.', 'two/SKILL.md': '# Two\n\nWombat text.' });
    const keeper = await keep(root, 20);
    expect((await find(keeper, 'quokka', {}, root)).items).toMatchObject([{ id: 'one#one', file: 'one/SKILL.md' }]);
    put(root, 'one/SKILL.md', '# One\n\nNow about numbats.');
    put(root, 'three/SKILL.md', '# Three\n\nBilby text.');
    put(root, 'broken/SKILL.md', '---\ntags: [unclosed\n---\n# Broken');
    rmSync(path.join(root, 'two'), { recursive: true });
    await expect.poll(async () => (await listSkills(rows.db)).map(({ id }) => id), { timeout: 30_000 }).toEqual(['one', 'three']);
    expect((await find(keeper, 'numbats', {}, root)).items).toMatchObject([{ id: 'one#one' }]);
    for (const gone of ['quokka', 'wombat']) expect((await find(keeper, gone, {}, root)).outcome).toBe('empty');
    expect((await skillIndex(rows.db))?.problems).toEqual([expect.stringMatching(/^broken\/SKILL\.md: /)]);
    expect(keeper.status()).toMatchObject({ source: 'SKILLS_DIR', documents: 2 });
    keeper.stop();
  });

  it('that holds nothing: the starter set is used, and each answer says so', async () => {
    const keeper = await keep('/nonexistent/skills');
    const result = await find(keeper, 'agent loop', {}, '/nonexistent/skills');
    expect(result.outcome).toBe('ok');
    expect(result.summary).toMatch(/SKILLS_DIR holds no readable document; the starter library that ships with the platform is used instead\.$/);
    expect(createLibrarySearch({ skillsDir: '/nonexistent/skills', index: keeper }).availability()).toMatchObject({ available: true, remedy: expect.stringMatching(/^Passed over: /) as string });
  });
});
