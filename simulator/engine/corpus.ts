import type { Material, ParsedPrompt, PromptInput } from './parse-prompt.ts';
import { keywords, score, weigh, wordsOf, type Weights } from './score.ts';
import { splitText, type TextUnit } from './text.ts';

/** What the engine may quote, ranked by how well it meets the task and the inputs. */
export interface Quote extends TextUnit { materialId: string; materialTitle: string; score: number }
export interface RankedMaterial { material: Material; title: string; score: number; quotes: Quote[] }
export interface Corpus { prompt: ParsedPrompt; weights: Weights; materials: RankedMaterial[] }

export function buildCorpus(prompt: ParsedPrompt): Corpus {
  const main = mainInput(prompt);
  const weights = weigh(...prompt.inputs.map((input) => ({ text: input.value, weight: input === main ? 3 : 1 })), { text: prompt.task, weight: 0.5 });
  const materials = prompt.materials.map((material): RankedMaterial => {
    const units = splitText(material.text);
    const title = material.title || units.find((unit) => unit.kind === 'heading')?.text || material.id;
    const quotes = units.map((unit) => ({
      ...unit, materialId: material.id, materialTitle: title,
      score: score(unit.text, weights) + 0.5 * score(unit.heading, weights) + (unit.position < 3 ? 0.3 : 0),
    }));
    const best = quotes.map((quote) => quote.score).sort((a, b) => b - a).slice(0, 5);
    return { material, title, quotes, score: score(title, weights) + best.reduce((sum, value) => sum + value, 0) };
  });
  materials.sort((a, b) => b.score - a.score);
  return { prompt, weights, materials };
}

/** From the narrowest to the widest: a topic is a part of a goal. */
const MAIN_INPUTS = [/^(?!quiz).*(?:topic|section|chapter)/, /goal|objective|subject|problem/, /^(?!quiz).*(?:question|query)/, /title|task/];

function mainInput(prompt: ParsedPrompt): PromptInput | undefined {
  const texts = prompt.inputs.filter((input) => /\p{L}/u.test(input.value));
  for (const name of MAIN_INPUTS) { const found = texts.find((input) => name.test(input.name)); if (found) return found; }
  return texts[0];
}

/** What the answer is about, in the person's own words: the input whose name says so, else the first that holds text. */
export function subjectOf(prompt: ParsedPrompt): string {
  return (mainInput(prompt)?.value ?? '').replace(/\s+/g, ' ').trim();
}

const BREAKS = /[,;:.!?()]|\b(?:and|or|but|with|for|that|to|how|why|when|where|which|what|between|against|about|into|from|of|so|because|if|on|in|by|than|as|is|are|it|they|their)\b/gi;
const LEADING = /^(?:(?:a|an|the|some|my|our|your|build|understand|learn|know|decide|choose|make|create|write|explain|design|use|help|helps|works?|fits?|first|be|able|can|do|does)\s+)+/i;

/** Parts of a goal, as it names them: "call tools", "customer support assistant". They stand in for topics where there is
 * no material yet. */
export function phrasesOf(text: string): string[] {
  const phrases = text.replace(/\s+/g, ' ').split(BREAKS).map((part) => part.trim().replace(LEADING, '').trim()).filter((part) => keywords(part).length > 0 && part.length > 3 && part.length <= 80);
  return [...new Map(phrases.map((phrase) => [keywords(phrase).join(' '), phrase])).values()];
}

/** A count that the task names beside a noun of `name`: "exactly 3 topics", "one question", "at most two things". */
const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
export function askedCount(task: string, name: string): number | undefined {
  const nouns = wordsOf(name).map((word) => word.replace(/s$/, '')).filter((word) => word.length > 2);
  for (const match of task.matchAll(/\b(\d{1,3}|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s+(?:[a-z-]+\s+)?([a-z]+)/gi)) {
    const word = (match[1] ?? '').toLowerCase();
    if (!nouns.some((noun) => match[0].toLowerCase().includes(noun))) continue;
    return /^\d/.test(word) ? Number(word) : NUMBER_WORDS.indexOf(word);
  }
  return undefined;
}

/** Sentences of one length a person can read, best first; ties keep reading order. */
export function bestSentences(materials: readonly RankedMaterial[], weights?: Weights): Quote[] {
  const rated = materials.flatMap((material) => material.quotes)
    .filter((quote) => quote.kind === 'sentence' && quote.text.length >= 20 && quote.text.length <= 600)
    .map((quote) => ({ quote, value: weights ? score(quote.text, weights) * 2 + 0.25 * quote.score : quote.score }));
  const seen = new Set<string>();
  return rated.sort((a, b) => b.value - a.value).map(({ quote }) => quote)
    .filter((quote) => { const key = quote.text.toLowerCase(); return seen.has(key) ? false : Boolean(seen.add(key)); });
}

/** Phrases of the goal that the material does not speak of at all. */
export function uncovered(corpus: Corpus): string[] {
  const found = new Set(keywords(corpus.prompt.materials.map((material) => `${material.title} ${material.text}`).join(' ')));
  return phrasesOf(subjectOf(corpus.prompt)).filter((phrase) => !keywords(phrase).some((word) => found.has(word)));
}

/** Share of the goal's keywords that the material speaks of, 0 to 1. */
export function coverage(corpus: Corpus): number {
  const asked = keywords(subjectOf(corpus.prompt));
  const found = new Set(keywords(corpus.prompt.materials.map((material) => `${material.title} ${material.text}`).join(' ')));
  return asked.length === 0 ? 0 : Math.round((asked.filter((word) => found.has(word)).length / asked.length) * 100) / 100;
}
