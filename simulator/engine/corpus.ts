import type { Material, ParsedPrompt } from './parse-prompt.ts';
import { score, weigh, type Weights } from './score.ts';
import { splitText, type TextUnit } from './text.ts';

/** What the engine may quote, ranked by how well it meets the instruction and the inputs. */
export interface Quote extends TextUnit { materialId: string; materialTitle: string; score: number }
export interface RankedMaterial { material: Material; title: string; score: number; quotes: Quote[] }
export interface Corpus { prompt: ParsedPrompt; weights: Weights; materials: RankedMaterial[] }

export function buildCorpus(prompt: ParsedPrompt): Corpus {
  const weights = weigh(...prompt.inputs.map((input) => ({ text: input.value, weight: 3 })), { text: prompt.instruction, weight: 1 });
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

const MAIN_INPUT = /goal|topic|question|query|objective|subject|problem|title|task/;

/** What the run is about, in the person's own words: the input whose name says so, else the first that holds text. */
export function subjectOf(prompt: ParsedPrompt): string {
  const texts = prompt.inputs.filter((input) => /\p{L}/u.test(input.value));
  const main = texts.find((input) => MAIN_INPUT.test(input.name)) ?? texts[0];
  return (main?.value ?? '').replace(/\s+/g, ' ').trim();
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
