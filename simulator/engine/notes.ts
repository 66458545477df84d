import { bestSentences, subjectOf, type Corpus, type Quote, type RankedMaterial } from './corpus.ts';
import { plain } from './text.ts';
import { CHARACTERS_PER_TOKEN, cutToTokens, trimToLength } from './tokens.ts';
import { weigh } from './score.ts';

/** Composes Markdown notes: every sentence is quoted from a material and carries its id. Nothing is invented: without
 * material the notes say so and restate the inputs. */
const DEFAULT_TOKENS = 900;
const WORDS_PER_TOKEN = 0.7;

export function composeNotes(corpus: Corpus, maxOutputTokens: number): { text: string; cut: boolean } {
  const target = Math.min(maxOutputTokens, askedTokens(corpus.prompt.instruction) ?? DEFAULT_TOKENS);
  const useful = corpus.materials.filter((material) => material.quotes.length > 0);
  const text = useful.length === 0 ? withoutMaterial(corpus) : withMaterial(corpus, useful, target * CHARACTERS_PER_TOKEN);
  return cutToTokens(text, maxOutputTokens);
}

/** "in 300 words" in the instruction; the last one said counts. */
function askedTokens(instruction: string): number | undefined {
  const said = [...instruction.matchAll(/(\d{2,5})(?:\s*(?:to|-|–)\s*(\d{2,5}))?\s+words/gi)].at(-1);
  return said ? Math.ceil(Number(said[2] ?? said[1]) / WORDS_PER_TOKEN) : undefined;
}

/** Headings that the instruction asks for, written as Markdown headings on lines of their own. */
function askedHeadings(instruction: string): string[] {
  return [...instruction.matchAll(/^\s{0,3}#{2,4}\s+(\S.{1,78})$/gm)].map((match) => plain(match[1] ?? '')).slice(0, 12);
}

function withoutMaterial({ prompt }: Corpus): string {
  const subject = subjectOf(prompt);
  const lines = [`# ${heading(subject || 'No material')}`, '', 'No material was given for this step, so there is nothing to quote. What is known is only what was asked:', ''];
  for (const input of prompt.inputs) lines.push(`- **${label(input.name)}:** ${trimToLength(input.value.replace(/\s+/g, ' '), 400)}`);
  if (prompt.inputs.length === 0) lines.push('- No inputs were given either.');
  lines.push('', 'To go further, this step needs material: a search result, a document or notes that deal with the subject.');
  return lines.join('\n');
}

function withMaterial(corpus: Corpus, useful: RankedMaterial[], budget: number): string {
  const used = new Set<string>();
  const sources = sourceList(useful.slice(0, 8));
  const title = `# ${heading(subjectOf(corpus.prompt) || useful[0]?.title || 'Notes')}`;
  let left = budget - title.length - sources.length - 8;
  const summary = paragraph(take(bestSentences(useful), used, 2, Math.min(left, 500)));
  left -= summary.length + 2;
  const asked = askedHeadings(corpus.prompt.instruction);
  const sections = asked.length > 0
    ? asked.map((name) => ({ name, quotes: bestSentences(useful, weigh({ text: name, weight: 4 })), codes: [] as Quote[] }))
    : useful.slice(0, 8).map((material) => ({ name: material.title, quotes: bestSentences([material]), codes: material.quotes.filter((quote) => quote.kind === 'code') }));
  const parts = [title, summary];
  sections.forEach((section, index) => {
    const share = Math.floor(left / (sections.length - index));
    const text = renderSection(section, used, share);
    if (text.length > left) return;
    left -= text.length + 2;
    if (text) parts.push(text);
  });
  if (budget > sources.length * 2) parts.push(sources);
  return parts.filter(Boolean).join('\n\n');
}

/** A short paragraph from the best sentences, then points in reading order, then the best code block that still fits. */
function renderSection(section: { name: string; quotes: Quote[]; codes: Quote[] }, used: Set<string>, budget: number): string {
  const title = `## ${heading(section.name)}`;
  let left = budget - title.length - 4;
  if (left < 60) return '';
  const code = [...section.codes].sort((a, b) => b.score - a.score).find((block) => block.text.length < left * 0.5 && block.text.trim());
  const block = code ? `\`\`\`${code.language}\n${code.text}\n\`\`\`\n\nThe code above is from [${code.materialId}].` : '';
  left -= block.length;
  const opening = take(section.quotes, used, 2, left * 0.5);
  const points = take(section.quotes, used, 6, left - paragraph(opening).length);
  if (opening.length === 0 && !block) return '';
  return [title, paragraph(opening), points.map((quote) => `- ${cite(quote)}`).join('\n'), block].filter(Boolean).join('\n\n');
}

/** The best quotes not used yet that fit, put back into reading order. */
function take(quotes: readonly Quote[], used: Set<string>, count: number, budget: number): Quote[] {
  const taken: Quote[] = [];
  let left = budget;
  for (const quote of quotes) {
    if (taken.length >= count) break;
    const key = `${quote.materialId}:${quote.position}`;
    const size = cite(quote).length + 4;
    if (used.has(key) || size > left) continue;
    used.add(key);
    taken.push(quote);
    left -= size;
  }
  return taken.sort((a, b) => a.materialId.localeCompare(b.materialId) || a.position - b.position);
}

function cite(quote: Quote): string {
  return `${quote.text} [${quote.materialId}]`;
}

function paragraph(quotes: Quote[]): string {
  return quotes.map(cite).join(' ');
}

function sourceList(materials: RankedMaterial[]): string {
  return ['## Sources', '', ...materials.map(({ material, title }) => `- [${material.id}] ${title}${material.url ? `: <${material.url}>` : ''}`)].join('\n');
}

function heading(text: string): string {
  const line = trimToLength(text.replace(/\s+/g, ' ').replace(/[.:;,\s]+$/, ''), 100);
  return line.charAt(0).toUpperCase() + line.slice(1);
}

export function label(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
