import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLibrary } from './library/load-library.ts';
import { splitSections } from './library/split-sections.ts';
import { createLibrarySearch } from './library-search.ts';
import { context } from './test-support.ts';
import { runTool, type Tool } from './tool.ts';

const folder = (files: Record<string, string | Buffer>): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'awp-skills-'));
  for (const [name, content] of Object.entries(files)) { mkdirSync(path.dirname(path.join(root, name)), { recursive: true }); writeFileSync(path.join(root, name), content); }
  return root;
};
const find = (skillsDir: string | undefined, query: string, limit = 5) => runTool(createLibrarySearch({ skillsDir }), { query, limit }, context());

describe('the shipped library', () => {
  const library = loadLibrary(undefined);

  it('holds twelve documents of 500 to 900 words with complete front matter', () => {
    expect(library.problems).toEqual([]);
    expect(library.documents).toHaveLength(12);
    for (const document of library.documents) {
      const words = document.sections.map((section) => `${section.heading} ${section.text}`).join(' ').split(/\s+/).length;
      expect({ id: document.id, fits: words > 500 && words < 900 }).toEqual({ id: document.id, fits: true });
      expect(document).toMatchObject({ license: 'Apache-2.0', id: expect.stringMatching(/^agents\//) as string });
      expect(document.tags.length).toBeGreaterThan(3);
      expect(document.sections.map((section) => section.heading)).toContain('Exercises');
      for (const section of document.sections) expect(section.text.length).toBeLessThanOrEqual(4_000);
    }
  });

  it.each([
    ['what is the agent loop', 'agents/agent-loop#the-loop'], ['LangGraph state graph nodes and edges', 'agents/langchain#graphs-in-langgraph'], ['prompt injection hidden in a web page', 'agents/safety#direct-and-indirect-injection'],
    ['CrewAI tasks and crews', 'agents/crewai#agents-tasks-and-crews'], ['LlamaIndex FunctionAgent query engine tool', 'agents/llamaindex#from-query-engine-to-agent'], ['validate tool arguments json schema', 'agents/tool-calling#validating-arguments'],
    ['BM25 and vector search', 'agents/memory-and-retrieval#lexical-and-vector-search'], ['how much does a run cost in tokens', 'agents/operations#counting-cost'], ['AutoGPT platform blocks', 'agents/autogpt#the-autogpt-platform'],
  ])('finds for %j the section %s among the first three', async (query, id) => {
    const result = await find(undefined, query, 3);
    expect(result.items.map((item) => item.id)).toContain(id);
    expect(result.items[0]).toMatchObject({ source: 'library', url: null });
    expect(await find(undefined, query, 3)).toEqual(result);
  });

  it('says when nothing matches', async () => {
    expect(await find(undefined, 'zebra quagga xylophone')).toEqual({ outcome: 'empty', summary: 'Nothing in the library matches "zebra quagga xylophone".', items: [] });
  });
});

describe('SKILLS_DIR', () => {
  it('reads a tree of SKILL.md files, reports what it passes over, follows no link', async () => {
    const root = folder({
      '01-basics/tokenizers/SKILL.md': '---\nname: tokenizers\ndescription: d\ntags: [BPE, Tokenization]\n---\n# Tokenizers\n\nByte pair encoding merges frequent pairs.\n',
      'plain.md': '# Plain\n\nQuokka text.', 'broken.md': '---\ntags: [unclosed\n---\n# Broken', 'binary.md': Buffer.from([0, 1, 2]), 'latin.md': Buffer.from([0x23, 0x20, 0xe9]), 'README.md': '# no', 'other.txt': 'x',
    });
    symlinkSync(root, path.join(root, 'cycle'));
    symlinkSync('/etc/hostname', path.join(root, 'leak.md'));
    const library = loadLibrary(root);
    expect(library).toMatchObject({ source: 'SKILLS_DIR', detail: '2 documents of SKILLS_DIR are used.' });
    expect(library.documents.map((document) => document.id)).toEqual(['01-basics/tokenizers', 'plain']);
    expect(library.problems.join('\n')).toMatch(/cycle: a symbolic link[\s\S]*leak\.md: a symbolic link[\s\S]*binary\.md: not a text file[\s\S]*broken\.md: [\s\S]*latin\.md: not UTF-8/);
    expect(library.problems.join()).not.toContain(root);
    expect((await find(root, 'byte pair encoding')).items[0]).toMatchObject({ id: '01-basics/tokenizers#tokenizers', title: 'tokenizers: Tokenizers' });
  });

  it.each([['missing', '/nonexistent/skills'], ['empty', folder({})], ['a file', path.join(folder({ 'x.txt': 'x' }), 'x.txt')]])('%s: the shipped set is used, and the result says so', async (_, dir) => {
    const tool = createLibrarySearch({ skillsDir: dir }) as Tool;
    const result = await runTool(tool, { query: 'agent loop' }, context());
    expect(result.outcome).toBe('ok');
    expect(result.summary).toMatch(/SKILLS_DIR holds no readable document; the starter library that ships with the platform is used instead\.$/);
    expect(tool.availability()).toMatchObject({ available: true, remedy: expect.stringMatching(/^Passed over: /) as string });
  });
});

describe('splitSections', () => {
  it('cuts at headings outside code, keeps anchors unique, and parts at 4,000 characters', () => {
    const sections = splitSections(`intro\n\n## Same\n\none\n\n\`\`\`sh\n# not a heading\n\`\`\`\n\n## Same\n\n${'long paragraph. '.repeat(200)}\n\n${'another one. '.repeat(200)}\n\n#### Deep\n\nstays`, 'Doc');
    expect(sections.map((section) => section.anchor)).toEqual(['doc', 'same', 'same-2', 'same-3']);
    expect(sections[1]?.text).toContain('# not a heading');
    expect(sections.every((section) => section.text.length <= 4_000)).toBe(true);
    expect(sections.at(-1)?.text).toContain('#### Deep');
  });
});
