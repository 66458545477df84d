import { clip, neutralise } from '../material.ts';
import { isNode, outlineOf, valueAtPointer, type Node } from './outline.ts';

/** A draft that was made of a SKILL.md by structure, looked at once by a model: which sections are things to do, what each step
 * is told, what the person has to give. The model's words are material: they become plain text of prompts and titles, never
 * names, tools or settings, and each is marked for review. Without a model the draft stays as it is. Pure. */
const SECTION_CHARACTERS = 320;
const MOST_INPUTS = 4;
export const REFINE_STEP = '#/steps/0';
export const REFINE_CALL = 'test/refine/1';

interface Refined { description?: string; steps: { section: string; is_a_step: boolean; title?: string; instruction?: string }[]; inputs?: { name: string; title: string; help?: string }[] }
const ANSWER = {
  type: 'object', required: ['steps'],
  properties: {
    description: { type: 'string', maxLength: 300, description: 'What a person holds afterwards' },
    steps: { type: 'array', minItems: 1, maxItems: 14, items: { type: 'object', required: ['section', 'is_a_step'], properties: { section: { type: 'string', maxLength: 40 }, is_a_step: { type: 'boolean' }, title: { type: 'string', maxLength: 80 }, instruction: { type: 'string', maxLength: 240 } } } },
    inputs: { type: 'array', maxItems: MOST_INPUTS, items: { type: 'object', required: ['name', 'title'], properties: { name: { type: 'string', maxLength: 30 }, title: { type: 'string', maxLength: 60 }, help: { type: 'string', maxLength: 120 } } } },
  },
};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const sectionOf = (step: Node): string => (Array.isArray(step['knowledge']) ? text(step['knowledge'][0]) : '');
const fromSection = (step: Node): boolean => step['type'] === 'prompt' && text(step['output_variable']).startsWith('made_') && sectionOf(step) !== '';

/** Whether a draft is one that an import made and nobody has gone through yet. */
export const canRefine = (document: Node): boolean => Array.isArray(document['review']) && document['review'].length > 0 && outlineOf(document).some(({ step }) => fromSection(step));

/** The one call, as a step to try: what is to be read, and what the answer has to look like. */
export function refineTrial(document: Node): { definition: Node; values: Record<string, string> } {
  const knowledge = Array.isArray(document['knowledge']) ? document['knowledge'].filter(isNode) : [];
  const sections = outlineOf(document).filter(({ step }) => fromSection(step)).map(({ step }) => {
    const key = sectionOf(step);
    const known = knowledge.find((item) => item['key'] === key);
    return `${key} — ${text(known?.['title'])}\n${clip(text(known?.['text']).replace(/\s+/g, ' '), SECTION_CHARACTERS)}`;
  });
  return {
    definition: {
      slug: document['slug'], name: `Refine ${text(document['name'])}`.slice(0, 255), personas: document['personas'],
      steps: [{ type: 'prompt', key: 'refine', title: 'Refine the import', temperature: 0.2, max_tokens: 900, answer_schema: ANSWER, prompt: 'A playbook was cut into sections. For each section, named by its key, say whether it is a step that somebody carries out (not background, not a reference), give a short title, and one sentence that tells what to do. Name what else the person has to give, if anything. The sections: {{sections}}' }],
    },
    values: { sections: sections.join('\n\n') },
  };
}

/** @param answer  JSON of the model @returns null when it is no such answer or would leave no step */
export function refined(document: Node, answer: string): Node | null {
  const found = parsed(answer);
  const steps = (Array.isArray(document['steps']) ? document['steps'] : []).filter(isNode);
  if (!found) return null;
  const told = new Map(found.steps.map((step) => [step.section, step]));
  const kept = steps.filter((step) => !fromSection(step) || told.get(sectionOf(step))?.is_a_step !== false);
  if (!kept.some(fromSection)) return null;
  const properties = valueAtPointer(document, '#/inputs/schema/properties');
  const fields: Node = { ...(isNode(properties) ? properties : {}) };
  const notes: { pointer: string; note: string }[] = [];
  const say = (pointer: string, note: string): void => { notes.push({ pointer, note: clip(note, 500) }); };
  const taken = new Set([...Object.keys(fields), ...steps.map((step) => text(step['output_variable']))]);
  for (const input of (found.inputs ?? []).slice(0, MOST_INPUTS)) {
    const name = input.name.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 34);
    if (name.length < 2 || taken.has(name)) continue;
    // The ending keeps it apart from every word of the expression language.
    const field = `${name}_info`;
    taken.add(name).add(field);
    fields[field] = { type: 'string', title: plain(input.title, 60) || name, description: plain(input.help ?? '', 120) || 'Asked for by the playbook, says the model', default: 'not said', maxLength: 2000 };
    say(`#/inputs/schema/properties/${field}`, `The model thinks that ${field} has to be asked for.`);
  }
  const named = Object.keys(fields).map((name) => `${name.replaceAll('_', ' ')}: {{${name}}}`).join('; ');
  let before = '';
  const next = kept.map((step, index) => {
    if (!fromSection(step)) return step;
    const words = told.get(sectionOf(step));
    const title = plain(words?.title ?? '', 100) || text(step['title']);
    const prompt = `${plain(words?.instruction ?? '', 240) || `Do the part "${title.replaceAll('"', "'")}" of the playbook, as its text says.`} ${named}.${before ? ` Go on from {{${before}}}.` : ''}`;
    before = text(step['output_variable']);
    if (words) say(`#/steps/${index}`, `Title and instruction are the model's: ${title}`);
    return { ...step, title, prompt };
  });
  for (const step of steps.filter((one) => !kept.includes(one))) say('#/steps', `The model took out "${text(step['title'])}": it reads as background. Its text is still knowledge.`);
  const there = new Set(next.map((step) => text(step['output_variable'])));
  const outputs = [{ file_name: 'result.md', title: text(document['name']).slice(0, 120), content: next.filter((step) => there.has(text(step['output_variable'])) && fromSection(step)).map((step) => `## ${plain(text(step['title']), 100)}\n\n{{${text(step['output_variable'])}}}`).join('\n\n') }];
  const schema = valueAtPointer(document, '#/inputs/schema');
  const inputs = isNode(document['inputs']) ? document['inputs'] : {};
  const review = Array.isArray(document['review']) ? (document['review'] as unknown[]) : [];
  const { tabs: _tabs, ...others } = inputs;
  return { ...document, ...(found.description ? { description: plain(found.description, 300) } : {}), inputs: { ...others, schema: { ...(isNode(schema) ? schema : {}), properties: fields } }, steps: next, outputs, review: [...notes, ...review].slice(0, 400) };
}

/** Words of a model as plain text of one line: no placeholder, no mark. */
const plain = (words: string, most: number): string => clip(neutralise(words).replace(/\s+/g, ' ').replaceAll('{{', '{ {').replaceAll('}}', '} }').trim(), most);

function parsed(answer: string): Refined | null {
  try {
    const value = JSON.parse(answer.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, '')) as unknown;
    if (!isNode(value) || !Array.isArray(value['steps'])) return null;
    const steps = value['steps'].filter(isNode).map((step) => ({ section: text(step['section']), is_a_step: step['is_a_step'] !== false, title: text(step['title']), instruction: text(step['instruction']) }));
    const inputs = (Array.isArray(value['inputs']) ? value['inputs'] : []).filter(isNode).map((input) => ({ name: text(input['name']), title: text(input['title']), help: text(input['help']) }));
    return { description: text(value['description']), steps, inputs };
  } catch {
    return null;
  }
}
