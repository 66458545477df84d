import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { catalog } from '#workflows/catalog/index';
import { loadLibrary } from './library/load-library.ts';
import { splitSections } from './library/split-sections.ts';

const made: string[] = [];
afterAll(() => { for (const root of made) rmSync(root, { recursive: true }); });

const folder = (files: Record<string, string | Buffer>): string => {
  const root = mkdtempSync(path.join(tmpdir(), 'awp-skills-'));
  made.push(root);
  for (const [name, content] of Object.entries(files)) { mkdirSync(path.dirname(path.join(root, name)), { recursive: true }); writeFileSync(path.join(root, name), content); }
  return root;
};

/** Names, sizes and times of everything below a folder: reading leaves them as they are. */
const snapshot = (root: string) => readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => { const { size, mtimeMs } = statSync(path.join(entry.parentPath, entry.name)); return `${entry.parentPath}/${entry.name} ${size} ${mtimeMs}`; });

describe('the starter library', async () => {
  const library = await loadLibrary(undefined);

  it('holds 45 skills of 60 to 150 lines with complete front matter', () => {
    expect(library.problems).toEqual([]);
    expect(library.documents).toHaveLength(45);
    for (const document of library.documents) {
      const lines = readFileSync(path.join(import.meta.dirname, '../../skills', document.file), 'utf8').split('\n').length;
      const words = document.sections.map((section) => `${section.heading} ${section.text}`).join(' ').split(/\s+/).length;
      expect({ id: document.id, fits: lines >= 60 && lines <= 150 && words > 450 && words < 950 }).toEqual({ id: document.id, fits: true });
      expect(document).toMatchObject({ file: `${document.id}/SKILL.md`, license: 'Apache-2.0', name: document.id.split('/')[1], description: expect.stringMatching(/^.{40,200}\.$/) as string });
      expect(document.tags.length).toBeGreaterThan(3);
      expect(document.sections.length).toBeGreaterThan(5);
      for (const section of document.sections) expect(section.text.length).toBeLessThanOrEqual(4_000);
    }
  });

  it('every workflow of the catalog names skills that exist', () => {
    const ids = new Set(library.documents.map(({ id }) => id));
    for (const entry of catalog) {
      expect(entry.skills.length, entry.slug).toBeGreaterThan(0);
      expect(entry.skills.filter((skill) => !ids.has(skill)), entry.slug).toEqual([]);
    }
  });
});

describe('SKILLS_DIR', () => {
  it('reads a tree of SKILL.md files, reports what it passes over, follows no link', async () => {
    const deep = Array.from({ length: 10 }, (_, index) => `d${index}`).join('/');
    const root = folder({
      '01-basics/tokenizers/SKILL.md': '---\nname: tokenizers\ndescription: d\ntags: [BPE, Tokenization]\n---\n# Tokenizers\n\nByte pair encoding merges frequent pairs.\n', '01-basics/tokenizers/references/more.md': '# More\n\nDetails.',
      'plain.md': '# Plain\n\nQuokka text.', 'broken.md': '---\ntags: [unclosed\n---\n# Broken', 'binary.md': Buffer.from([0, 1, 2]), 'latin.md': Buffer.from([0x23, 0x20, 0xe9]), 'README.md': '# no', 'other.txt': 'x', 'huge.md': 'x'.repeat(600 * 1024), 'nothing.md': '',
      'bomb.md': `---\na: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, index) => `${String.fromCharCode(98 + index)}: &${String.fromCharCode(98 + index)} [${Array(9).fill(`*${String.fromCharCode(97 + index)}`).join()}]`).join('\n')}\n---\n# Bomb`, [`${deep}/far.md`]: '# Far\n\naway', 'twice-a.md': '---\nid: twice\n---\nfirst', 'twice-b.md': '---\nid: twice\n---\nsecond',
    });
    symlinkSync(root, path.join(root, 'cycle'));
    symlinkSync('/etc/hostname', path.join(root, 'leak.md'));
    const before = snapshot(root);
    const library = await loadLibrary(root);
    expect(library).toMatchObject({ source: 'SKILLS_DIR', detail: '4 documents of SKILLS_DIR are used.' });
    expect(library.documents.map((document) => document.id)).toEqual(['01-basics/tokenizers', '01-basics/tokenizers/references/more', 'plain', 'twice']);
    const report = library.problems.join('\n');
    for (const line of [/cycle: a symbolic link/, /leak\.md: a symbolic link/, /binary\.md: not a text file/, /broken\.md: /, /latin\.md: not UTF-8/, /huge\.md: larger than 512 KiB/, /nothing\.md: holds no text/, /bomb\.md: /, /deeper than 8 folders/, /twice-b\.md: the id twice is used twice/]) expect(report).toMatch(line);
    expect(report).not.toContain(root);
    expect(snapshot(root)).toEqual(before);
  });

  it('a folder of more than 2,000 files is read up to there, and says so', async () => {
    const library = await loadLibrary(folder(Object.fromEntries(Array.from({ length: 2_010 }, (_, index) => [`n${index}.md`, `# N${index}\n\ntext`]))));
    expect(library.documents).toHaveLength(2_000);
    expect(library.problems).toEqual([expect.stringMatching(/^Only the first 2000 files are read/)]);
  });

  it.each([['missing', '/nonexistent/skills'], ['empty', folder({})], ['a file', path.join(folder({ 'x.txt': 'x' }), 'x.txt')]])('%s: the starter set is used, and the report says so', async (_, dir) => {
    const library = await loadLibrary(dir);
    expect(library.documents).toHaveLength(45);
    expect(library).toMatchObject({ source: 'shipped', detail: 'SKILLS_DIR holds no readable document; the starter library that ships with the platform is used instead.' });
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
