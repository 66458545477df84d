import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDefinition } from './check.schema.ts';
import { fromSkill, type SkillFile } from './from-skill.ts';

const world = { tools: [], providers: ['demo'], subs: {} };
const ROOT = path.join(import.meta.dirname, '../../skills');
const folders = readdirSync(ROOT, { recursive: true, withFileTypes: true }).filter((entry) => entry.name === 'SKILL.md').map((entry) => entry.parentPath);
const filesOf = (folder: string): SkillFile[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => ({ path: path.relative(folder, path.join(entry.parentPath, entry.name)), text: readFileSync(path.join(entry.parentPath, entry.name), 'utf8') }));
const problems = (document: unknown) => checkDefinition(document, world).errors;

describe('a skill folder as a draft', () => {
  it.each(folders.map((folder) => [path.relative(ROOT, folder), folder] as const))('%s holds', (name, folder) => {
    const { document, notes } = fromSkill(name, filesOf(folder));
    expect(problems(document)).toEqual([]);
    expect(notes.length).toBeGreaterThan(0);
    expect(checkDefinition(document, world).definition?.review.length).toBe(Math.min(200, notes.length));
  });

  it('takes sections as steps, asked-for things as inputs, references as knowledge', () => {
    const text = '---\nname: Review a PR\ndescription: "How we review"\n---\n# Review\n\n## Inputs\n\n- **diff**: the change\n- ticket — its number\n\n## Read\n\nRead {{branch_name}} first.\n\n```\n## not a heading\n```\n\n## Judge\n\nSay what breaks.\n';
    const { document, notes } = fromSkill('x', [{ path: 'SKILL.md', text }, { path: 'references/rules.md', text: 'Rule one.' }, { path: 'logo.png', text: '\u0000' }]);
    expect(document).toMatchObject({ slug: 'review_a_pr', name: 'Review a PR', description: 'How we review' });
    expect((document as unknown as { steps: { title: string }[] }).steps.map(({ title }) => title)).toEqual(['Inputs', 'Read', 'Judge']);
    expect(Object.keys((document as unknown as { inputs: { schema: { properties: object } } }).inputs.schema.properties)).toEqual(['goal', 'diff', 'ticket', 'branch_name']);
    expect(notes.map(({ at }) => at)).toContain('logo.png');
    expect(problems(document)).toEqual([]);
  });

  it.each([['empty', []], ['no text', [{ path: 'SKILL.md', text: '' }]], ['only a head', [{ path: 'SKILL.md', text: '---\nname: x\n---\n' }]]])('%s: no draft, and why', (_name, files) => {
    const { document, notes } = fromSkill('x', files);
    expect([document, notes.length > 0]).toEqual([null, true]);
  });

  it('odd folders make a draft that holds, or none, and never throw', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('---', '# A', '## B', '## B', '### {{x}}', '```', '- **in**: y', '{{while}}', '<a_b>', '## Inputs', '## ', 'name: {{', '## 日本', '# "q" {{'));
    const odd = fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\n'));
    fc.assert(fc.property(fc.string(), odd, fc.array(fc.record({ path: fc.oneof(fc.string(), fc.constantFrom('a.md', 'a.md', 'b/c.txt')), text: odd }), { maxLength: 6 }), (name, text, more) => {
      const { document } = fromSkill(name, [{ path: 'SKILL.md', text }, ...more]);
      if (document) expect(problems(document)).toEqual([]);
    }), { numRuns: 300 });
  });

  it('a huge folder is cut and told', () => {
    const text = Array.from({ length: 200 }, (_, index) => `## Part ${index}\n\n${'words '.repeat(4000)}`).join('\n');
    const { document, notes } = fromSkill('big', [{ path: 'SKILL.md', text }, ...Array.from({ length: 80 }, (_, index) => ({ path: `r${index}.md`, text: 'x '.repeat(9000) }))]);
    expect(problems(document)).toEqual([]);
    expect(notes.map(({ note }) => note).join()).toContain('left out');
  });
});
