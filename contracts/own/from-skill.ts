import { cleanText, clip } from '../material.ts';
import { DEFINITION_LIMITS } from './definition.ts';

/** A skill folder (SKILL.md with references) as the draft of a written workflow, by structure alone: sections become steps, what
 * the text asks for becomes inputs, references become knowledge. Each guess is marked for review; nothing of the text is run or
 * fetched. Never throws: what cannot be used is told. Pure. */
export interface SkillFile { /** below the folder, with `/` */ path: string; text: string }
export interface SkillImport { document: Record<string, unknown> | null; notes: { at: string; note: string }[] }
const MOST_SECTIONS = 14;
const MOST_INPUTS = 8;
const TOTAL_CHARACTERS = 150_000;
const REFERENCE = /\.(?:md|txt|csv|json|ya?ml|py|sh|js|ts)$/i;

export function fromSkill(folder: string, files: readonly SkillFile[]): SkillImport {
  const notes: SkillImport['notes'] = [];
  const main = files.find(({ path }) => /^skill\.md$/i.test(path)) ?? files.find(({ path }) => /(?:^|\/)skill\.md$/i.test(path));
  if (!main) return { document: null, notes: [{ at: folder, note: 'There is no SKILL.md in it.' }] };
  const { head, body, problem } = frontMatter(cleanText(main.text));
  if (problem) notes.push({ at: main.path, note: problem });
  if (body.trim() === '') return { document: null, notes: [...notes, { at: main.path, note: 'It has no text below its front matter.' }] };
  const name = clip([head['name'], /^#\s+(.+)$/m.exec(body)?.[1], folder].map((text) => cleanText(text ?? '').trim()).find(Boolean) ?? 'Imported skill', 120);
  const sections = sectionsOf(body, notes, main.path);
  const knowledge = [...sections.map(({ key, title, text }) => ({ key, title, text })), ...referencesOf(files, main, new Set(sections.map(({ key }) => key)), notes)];
  let left = TOTAL_CHARACTERS;
  const kept = knowledge.filter(({ key, text }) => {
    left -= text.length;
    if (left < 0) notes.push({ at: key, note: 'Left out: the folder is larger than what a definition holds.' });
    return left >= 0;
  }).slice(0, DEFINITION_LIMITS.knowledge);
  const shared = kept.slice(sections.length).map(({ key }) => key).slice(0, 6);
  const has = new Set(kept.map(({ key }) => key));
  const inputs = inputsOf(body, notes, main.path);
  const named = Object.keys(inputs).map((input) => `${input.replaceAll('_', ' ')}: {{${input}}}`).join('; ');
  const steps = sections.map(({ key, title }, index) => ({
    type: 'prompt', key: `do_${key}`, title, knowledge: [key, ...shared].filter((one) => has.has(one)), max_tokens: 800, output_variable: `made_${key}`,
    prompt: `Do the part "${oneLine(title)}" of the playbook, as its text says. ${named}.${index > 0 ? ` Go on from {{made_${sections[index - 1]?.key ?? ''}}}.` : ''}`,
  }));
  notes.push({ at: 'steps', note: `${steps.length} ${steps.length === 1 ? 'step was' : 'steps were'} made from the sections, in their order; check which of them are really things to do.` });
  return {
    notes,
    document: {
      slug: slugOf(name), name, description: clip(head['description']?.trim() ?? firstParagraph(body), 1_000), personas: ['ml_engineer'], tags: ['imported'],
      inputs: { schema: { type: 'object', properties: inputs, required: ['goal'] } }, knowledge: kept, steps,
      outputs: [{ file_name: 'result.md', title: name, content: sections.map(({ key, title }) => `## ${oneLine(title)}\n\n{{made_${key}}}`).join('\n\n') }],
      review: notes.slice(0, 200).map(({ at, note }) => ({ pointer: clip(at, 300), note: clip(note, 500) })),
    },
  };
}

/** A plain `key: value` head between lines of `---`. What is more than that is left alone. */
function frontMatter(text: string): { head: Record<string, string>; body: string; problem: string | null } {
  if (!text.startsWith('---\n')) return { head: {}, body: text, problem: 'It has no front matter, so name and description are guessed.' };
  const end = text.indexOf('\n---', 3);
  if (end < 0) return { head: {}, body: text.slice(4), problem: 'Its front matter never ends, so it is read as text.' };
  const head: Record<string, string> = {};
  for (const line of text.slice(4, end).split('\n')) {
    const colon = line.indexOf(':');
    const key = line.slice(0, colon).trim();
    if (colon > 0 && /^[a-z_-]{1,40}$/i.test(key)) head[key.toLowerCase()] = line.slice(colon + 1).trim().replace(/^["']|["']$/g, '');
  }
  return { head, body: text.slice(text.indexOf('\n', end + 1) + 1 || text.length), problem: null };
}

interface Section { key: string; title: string; text: string }

/** The parts below its headings of the highest level that is used more than once; the whole when there are none. */
function sectionsOf(body: string, notes: SkillImport['notes'], at: string): Section[] {
  const lines = body.split('\n');
  let fenced = false;
  const headings = lines.flatMap((line, index) => {
    if (/^\s{0,3}(?:```|~~~)/.test(line)) fenced = !fenced;
    const match = fenced ? null : /^(#{1,4})\s+(\S.*)$/.exec(line);
    return match ? [{ level: (match[1] ?? '').length, title: (match[2] ?? '').trim(), index }] : [];
  });
  const level = [2, 1, 3, 4].find((wanted) => headings.filter((heading) => heading.level === wanted).length > 1);
  const chosen = headings.filter((heading) => heading.level === level);
  if (chosen.length === 0) {
    notes.push({ at, note: 'It has no sections, so the whole text is one step.' });
    return [{ key: 'whole', title: 'Follow the playbook', text: clip(body.trim(), DEFINITION_LIMITS.knowledgeCharacters) }];
  }
  const used = new Set<string>();
  const parts = chosen.map((heading, index) => ({ title: clip(heading.title.replace(/[*_`]/g, '').trim(), 100), text: lines.slice(heading.index + 1, chosen[index + 1]?.index ?? lines.length).join('\n').trim() })).filter(({ text }) => text !== '');
  const taken = parts.slice(0, MOST_SECTIONS);
  if (parts.length > taken.length) notes.push({ at, note: `${parts.length} sections: the first ${MOST_SECTIONS} became steps, the others were left out.` });
  if (taken.length === 0) return [{ key: 'whole', title: 'Follow the playbook', text: clip(body.trim(), DEFINITION_LIMITS.knowledgeCharacters) }];
  return taken.map(({ title, text }, index) => {
    if (text.length > DEFINITION_LIMITS.knowledgeCharacters) notes.push({ at: title, note: 'The section is cut: it is longer than a step can hold.' });
    return { key: unique(`s${index + 1}_${slugOf(title)}`.slice(0, 30), used), title: title || `Part ${index + 1}`, text: clip(text, DEFINITION_LIMITS.knowledgeCharacters) };
  });
}

function referencesOf(files: readonly SkillFile[], main: SkillFile, used: Set<string>, notes: SkillImport['notes']): Section[] {
  return files.filter((file) => file !== main).flatMap((file) => {
    const text = cleanText(file.text).trim();
    if (!REFERENCE.test(file.path) || text === '') { notes.push({ at: file.path, note: 'Not taken: no text that a model could read.' }); return []; }
    if (text.length > DEFINITION_LIMITS.knowledgeCharacters) notes.push({ at: file.path, note: 'Only its beginning is taken as knowledge.' });
    return [{ key: unique(`ref_${slugOf(file.path)}`.slice(0, 34), used), title: clip(file.path, 110), text: clip(text, DEFINITION_LIMITS.knowledgeCharacters) }];
  });
}

/** A goal always; beside it what stands in `{{…}}`, `<…>` or as a bold item below a heading about inputs. */
function inputsOf(body: string, notes: SkillImport['notes'], at: string): Record<string, object> {
  const inputs: Record<string, object> = { goal: { type: 'string', title: 'Goal', description: 'What this should be done for', minLength: 3, maxLength: 2000 } };
  const section = /^#{1,4}\s+(?:inputs?|parameters|arguments|requirements)\b.*\n((?:(?!^#).*\n?){1,60})/im.exec(body)?.[1] ?? '';
  const found = [...section.matchAll(/^\s*[-*]\s+[*`]{0,2}([A-Za-z][\w -]{1,30}?)[*`]{0,2}\s*(?::|—|–|$)/gm), ...body.matchAll(/\{\{\s*([A-Za-z]\w{1,30})\s*\}\}/g), ...body.matchAll(/<([a-z][a-z0-9]*_[a-z0-9_]{1,25})>/g)];
  for (const match of found) {
    const name = slugOf(match[1] ?? '').slice(0, 40);
    if (Object.keys(inputs).length > MOST_INPUTS || Object.hasOwn(inputs, name) || RESERVED.test(name) || name === 'my_workflow') continue;
    inputs[name] = { type: 'string', title: name.replaceAll('_', ' '), description: 'Guessed from the text', default: 'not said', maxLength: 2000 };
    notes.push({ at, note: `The input ${name} is a guess from the text.` });
  }
  return inputs;
}

const RESERVED = /^(?:true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while|bool|bytes|double|dyn|int|list|map|string|type|uint|null_type|timestamp|duration|optional|google|constructor|prototype|made_.*)$/;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('{{', '{ {').replaceAll('"', "'").trim();
const firstParagraph = (body: string): string => body.split(/\n\s*\n/).map((part) => part.trim()).find((part) => part !== '' && !part.startsWith('#')) ?? '';
const slugOf = (text: string): string => text.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 50).replace(/_+$/, '').padEnd(2, '_').replace(/^_+$/, 'my_workflow');

function unique(wanted: string, used: Set<string>): string {
  let key = wanted.replace(/_+$/, '');
  for (let number = 2; used.has(key); number += 1) key = `${wanted}_${number}`;
  used.add(key);
  return key;
}
