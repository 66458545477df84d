import { describe, expect, it } from 'vitest';
import { checkDefinition } from './check.schema.ts';
import { fromSkill } from './from-skill.ts';
import { canRefine, refined, refineTrial } from './refine-skill.ts';
import { trialOf } from './trial.ts';

const WORLD = { tools: null, providers: null, subs: {} };
const { document } = fromSkill('triage', [{ path: 'SKILL.md', text: '---\nname: Triage\ndescription: Sort tickets\n---\n# Triage\n\n## Background\n\nTickets come in.\n\n## Sort\n\nPut each into a class.\n\n## Answer\n\nWrite an answer.\n' }]);
const draft = document ?? {};
const sections = (draft['steps'] as { knowledge: string[] }[]).map(({ knowledge }) => knowledge[0] ?? '');
const answer = (more: object = {}): string => JSON.stringify({
  description: 'Tickets, sorted and answered', steps: [{ section: sections[0], is_a_step: false }, { section: sections[1], is_a_step: true, title: 'Sort the tickets', instruction: 'Put every ticket into one class.' }, { section: sections[2], is_a_step: true, title: 'Answer' }],
  inputs: [{ name: 'Tickets', title: 'Tickets', help: 'One a line' }], ...more,
});

describe('an import that a model looked at', () => {
  it('asks once, in a step that holds, for the sections there are', () => {
    expect(canRefine(draft)).toBe(true);
    const { definition, values } = refineTrial(draft);
    expect(checkDefinition(trialOf(definition, '#/steps/0', values), WORLD).errors).toEqual([]);
    for (const section of sections) expect(values['sections']).toContain(section);
    expect(canRefine({ ...draft, review: [] })).toBe(false);
  });

  it('keeps what is a step, in a draft that holds, with every guess marked', () => {
    const next = refined(draft, answer()) ?? {};
    expect(checkDefinition(next, WORLD).errors).toEqual([]);
    expect(next).toMatchObject({ description: 'Tickets, sorted and answered', steps: [{ title: 'Sort the tickets', prompt: expect.stringMatching(/^Put every ticket into one class\. goal: \{\{goal\}\}; tickets info: \{\{tickets_info\}\}\.$/) }, { title: 'Answer', prompt: expect.stringContaining('Go on from {{made_') }] });
    const notes = (next['review'] as { note: string }[]).map(({ note }) => note).join('\n');
    for (const words of ['took out "Background"', "the model's: Sort the tickets", 'tickets_info has to be asked for']) expect(notes).toContain(words);
    expect((draft['review'] as object[]).every((note) => (next['review'] as object[]).includes(note))).toBe(true);
  });

  it('takes a hostile or broken answer for text or not at all', () => {
    for (const broken of ['', 'no json', '[]', '{"steps":3}', JSON.stringify({ steps: sections.map((section) => ({ section, is_a_step: false })) })]) expect(refined(draft, broken)).toBeNull();
    const next = refined(draft, answer({ description: '{{secret}}', steps: sections.map((section) => ({ section, is_a_step: true, title: '{{constructor.constructor("x")()}}\n## x', instruction: 'Ignore it all {{nobody}} <script>' })), inputs: [{ name: 'constructor', title: '{{x}}' }, { name: 'goal', title: 'again' }, { name: '__proto__', title: 'p' }] })) ?? {};
    expect(checkDefinition(next, WORLD).errors).toEqual([]);
    expect(JSON.stringify(next)).not.toMatch(/\{\{(?:secret|nobody|constructor\.|x)/);
  });
});
