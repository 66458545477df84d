import { bestSentences, phrasesOf, subjectOf, type Corpus, type Quote, type RankedMaterial } from './corpus.ts';
import { plain } from './text.ts';
import { CHARACTERS_PER_TOKEN, cutToTokens, trimToLength } from './tokens.ts';
import { score, weigh } from './score.ts';

/** Composes Markdown notes: every sentence is quoted from a material and carries its id. Nothing is invented: without
 * material the notes say so and restate the inputs. */
const DEFAULT_TOKENS = 900;
const SHORT_TOKENS = 260;
const WORDS_PER_TOKEN = 0.7;
const MAX_SECTIONS = 8;

export function composeNotes(corpus: Corpus, maxOutputTokens: number): { text: string; cut: boolean } {
  const { task } = corpus.prompt;
  const short = /\b(?:short|brief|one sentence|two sentences)\b/i.test(task);
  const target = Math.min(maxOutputTokens, askedTokens(task) ?? (short ? SHORT_TOKENS : DEFAULT_TOKENS));
  const useful = corpus.materials.filter((material) => material.quotes.length > 0);
  const layout: Layout = { budget: target * CHARACTERS_PER_TOKEN, flat: short || target < SHORT_TOKENS, level: askedLevel(task), sources: /\b(?:sources|references|bibliography)\b/i.test(task) };
  return cutToTokens(useful.length === 0 ? withoutMaterial(corpus, layout) : withMaterial(corpus, useful, layout), maxOutputTokens);
}

/** `flat`: paragraphs and points without headings; `level`: of the section headings, 1 adds a title above them. */
interface Layout { budget: number; flat: boolean; level: number; sources: boolean }

/** "in 300 words" in the task; the last one said counts. */
function askedTokens(task: string): number | undefined {
  const said = [...task.matchAll(/(\d{2,5})(?:\s*(?:to|-|–)\s*(\d{2,5}))?\s+words/gi)].at(-1);
  return said ? Math.ceil(Number(said[2] ?? said[1]) / WORDS_PER_TOKEN) : undefined;
}

/** "level-3 headings" in the task; otherwise a title with sections of level 2. */
function askedLevel(task: string): number {
  return Number(/\blevel[- ]([2-4])\s+headings?/i.exec(task)?.[1] ?? 1);
}

/** Headings that the task asks for, written as Markdown headings on lines of their own. */
function askedHeadings(task: string): string[] {
  return [...task.matchAll(/^\s{0,3}#{2,4}\s+(\S.{1,78})$/gm)].map((match) => plain(match[1] ?? '')).slice(0, 12);
}

function withoutMaterial({ prompt }: Corpus, layout: Layout): string {
  const subject = subjectOf(prompt);
  const lines = layout.flat || layout.level > 1 ? [] : [`# ${heading(subject || 'No material')}`, ''];
  lines.push('No material was found for this part, so there is nothing to quote. What is known is only what was asked:', '');
  for (const input of prompt.inputs) lines.push(`- **${label(input.name)}:** ${trimToLength(input.value.replace(/\s+/g, ' '), 300)}`);
  if (prompt.inputs.length === 0) lines.push('- No inputs were given either.');
  const phrases = phrasesOf(subject);
  lines.push('', `To go further, look for material on ${phrases.length > 0 ? phrases.slice(0, 4).join(', ') : 'the subject'}, or add a document of your own.`);
  return lines.join('\n');
}

function withMaterial(corpus: Corpus, useful: RankedMaterial[], layout: Layout): string {
  const used = new Set<string>();
  const sources = layout.sources ? sourceList(useful.slice(0, MAX_SECTIONS), Math.max(2, layout.level)) : '';
  const title = layout.flat || layout.level > 1 ? '' : `# ${heading(subjectOf(corpus.prompt) || useful[0]?.title || 'Notes')}`;
  if (layout.flat) return flatNote(useful, used, layout.budget, sources);
  let left = layout.budget - title.length - sources.length - 8;
  // Headings that were asked for get the best sentences themselves.
  const summary = askedHeadings(corpus.prompt.task).length > 0 ? '' : paragraph(take(bestSentences(useful), used, 2, Math.min(left, 500)));
  left -= summary.length + 2;
  const parts = [title, summary];
  const sections = sectionsOf(corpus, useful);
  sections.forEach((section, index) => {
    const text = renderSection(section, Math.max(2, layout.level), used, Math.floor(left / (sections.length - index)));
    if (!text || text.length > left) return;
    left -= text.length + 2;
    parts.push(text);
  });
  return [...parts, sources].filter(Boolean).join('\n\n');
}

interface Section { name: string; quotes: Quote[]; codes: Quote[] }

/** As asked; else one a material; a single material is divided by its own headings. */
function sectionsOf({ prompt }: Corpus, useful: RankedMaterial[]): Section[] {
  const codes = (quotes: Quote[]) => quotes.filter((quote) => quote.kind === 'code');
  const asked = askedHeadings(prompt.task);
  if (asked.length > 0) return underHeadings(asked, useful);
  const [only] = useful;
  const headings = only ? [...new Set(only.quotes.filter((quote) => quote.kind === 'heading').map((quote) => quote.text))] : [];
  if (only && useful.length === 1 && headings.length > 1) {
    return headings.map((name) => only.quotes.filter((quote) => quote.heading === name && quote.kind !== 'heading')).filter((quotes) => quotes.length > 0).slice(0, MAX_SECTIONS)
      .map((quotes) => ({ name: quotes[0]?.heading ?? '', quotes: bestSentences([{ ...only, quotes }]), codes: codes(quotes) }));
  }
  return useful.slice(0, MAX_SECTIONS).map((material) => ({ name: material.title, quotes: bestSentences([material]), codes: codes(material.quotes) }));
}

/** Each sentence goes under the heading it fits best; those that fit none fill the headings in turn. */
function underHeadings(names: string[], useful: RankedMaterial[]): Section[] {
  const sections = names.map((name): Section => ({ name, quotes: [], codes: [] }));
  bestSentences(useful).forEach((quote, index) => {
    const rated = names.map((name) => score(quote.text, weigh({ text: name, weight: 1 })) + 0.5 * score(quote.heading, weigh({ text: name, weight: 1 })));
    const best = Math.max(...rated);
    sections[best > 0 ? rated.indexOf(best) : index % names.length]?.quotes.push(quote);
  });
  return sections;
}

function flatNote(useful: RankedMaterial[], used: Set<string>, budget: number, sources: string): string {
  const quotes = bestSentences(useful);
  let left = budget - sources.length - 4;
  const opening = paragraph(take(quotes, used, 3, left * 0.6));
  left -= opening.length + 2;
  const points = take(quotes, used, 4, left).map((quote) => `- ${cite(quote)}`).join('\n');
  // A budget too small for any whole sentence: the best one, which the cut then shortens and reports.
  return [opening || (quotes[0] ? cite(quotes[0]) : ''), points, sources].filter(Boolean).join('\n\n');
}

/** A short paragraph from the best sentences, then points in reading order, then the best code block that still fits. */
function renderSection(section: Section, level: number, used: Set<string>, budget: number): string {
  const title = `${'#'.repeat(level)} ${heading(section.name)}`;
  let left = budget - title.length - 4;
  if (left < 60) return '';
  const code = [...section.codes].sort((a, b) => b.score - a.score).find((block) => block.text.length < left * 0.5 && block.text.trim());
  const block = code ? `\`\`\`${code.language}\n${code.text}\n\`\`\`\n\n*Code from [${code.materialId}].*` : '';
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

function sourceList(materials: RankedMaterial[], level: number): string {
  return [`${'#'.repeat(level)} Sources`, '', ...materials.map(({ material, title }) => `- [${material.id}] ${title}${material.url ? `: <${material.url}>` : ''}`)].join('\n');
}

function heading(text: string): string {
  const line = trimToLength(text.replace(/\s+/g, ' ').replace(/[.:;,\s]+$/, ''), 100);
  return line.charAt(0).toUpperCase() + line.slice(1);
}

export function label(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
