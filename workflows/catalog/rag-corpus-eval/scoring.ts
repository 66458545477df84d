import { cut } from '#contracts/chunking';
import type { RetrievalVariant } from '#contracts/data-tools';
import { mcnemar, wilson } from '../../steps/scoring.ts';
import { normal, searchText, wordsOf, type Document } from './corpus.ts';
import { TOLERANCE, TOO_EASY, type METHODS } from './sizes.ts';

/** Questions, variants and what the evaluation says about them. Pure. */
export interface Asked { question: string; /** words that stand so in a document */ answer: string; origin: 'yours' | 'made'; documents: string[]; /** share of the question's words that stand in its passage */ overlap: number; tooEasy: boolean }
export interface Variant { name: string; chunk_size: number; overlap: number; method: (typeof METHODS)[number] }
export const CAUSES = { other_words: 'asks in other words than the document', cut_apart: 'the passage is cut apart', ranking: 'found, but too far down', wrong_document: 'other documents win' } as const;
export type Cause = keyof typeof CAUSES;
export interface Miss { question: string; answer: string; origin: Asked['origin']; cause: Cause; wanted: string[]; retrieved: string[] }

const SMALL_WORDS = new Set('a an and are as at be by can do does for from has have how i if in is it may my no not of on or our so that the their this to was we what when where which who why will with you your'.split(' '));
/** Words that carry meaning; plain plurals meet, as in the evaluation. */
export const content = (text: string): Set<string> => new Set(wordsOf(text).filter((word) => !SMALL_WORDS.has(word)).map((word) => (word.length > 4 ? word.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '') : word)));

const holds = (text: string, answer: string): boolean => normal(text).includes(normal(answer));

/** The sentence around the answer: what a question about it would have to share words with. */
export function passageOf(text: string, answer: string): string {
  const flat = normal(text);
  const at = flat.indexOf(normal(answer));
  if (at < 0) return '';
  const from = Math.max(flat.lastIndexOf('. ', at), flat.lastIndexOf('! ', at), flat.lastIndexOf('? ', at)) + 1;
  const after = at + normal(answer).length;
  const end = /[.!?]$/.test(normal(answer)) ? -1 : flat.slice(after).search(/[.!?](?:\s|$)/);
  return flat.slice(from, end >= 0 ? after + end + 1 : /[.!?]$/.test(normal(answer)) ? after : undefined).trim();
}

/** Questions whose answer stands in the corpus, each once; the others are told apart, for they are a matter of ingestion. */
export function usable(given: readonly { question: string; answer: string; origin: Asked['origin'] }[], documents: readonly Document[]): { asked: Asked[]; missing: { question: string; answer: string; origin: Asked['origin'] }[] } {
  const seen = new Set<string>();
  const asked: Asked[] = [];
  const missing: { question: string; answer: string; origin: Asked['origin'] }[] = [];
  for (const each of given) {
    if (seen.has(normal(each.question))) continue;
    seen.add(normal(each.question));
    const found = documents.filter(({ text }) => holds(text, each.answer));
    const [first] = found;
    if (!first || normal(each.answer) === '') { missing.push(each); continue; }
    const [words, passage] = [content(each.question), content(`${first.title} ${passageOf(first.text, each.answer)}`)];
    const own = content(passageOf(first.text, each.answer));
    const shareIn = (some: ReadonlySet<string>, others: ReadonlySet<string>): number => (some.size === 0 ? 0 : [...some].filter((word) => others.has(word)).length / some.size);
    const overlap = shareIn(words, passage);
    asked.push({ ...each, documents: found.map(({ id }) => id), overlap, tooEasy: each.origin === 'made' && (overlap >= TOO_EASY.overlap || shareIn(own, words) >= TOO_EASY.copied) });
  }
  return { asked, missing };
}

/** What variants are ranked by: without questions that are too easy, as long as three others are left. */
export function ranked(asked: readonly Asked[]): Asked[] {
  const hard = asked.filter(({ tooEasy }) => !tooEasy);
  return hard.length >= 3 ? hard : [...asked];
}

/** Every combination; an overlap is a percentage of the chunk. */
export function variantsOf(sizes: readonly string[], overlaps: readonly string[], methods: readonly Variant['method'][], most: number): Variant[] {
  return methods.flatMap((method) => sizes.flatMap((size) => overlaps.map((share): Variant => { const overlap = Math.round((Number(size) * Number(share)) / 100); return { name: `${method} ${size}/${overlap}`, chunk_size: Number(size), overlap, method }; }))).slice(0, most);
}

/** Tokens that k chunks put into a prompt, at four characters a token. */
export const contextTokens = (variant: Pick<RetrievalVariant, 'mean_chunk_characters'>, k: number): number => Math.round((variant.mean_chunk_characters * k) / 4);

export interface Standing { variant: RetrievalVariant; hits: number; n: number; low: number; high: number; tokens: number; fits: boolean; /** against the variant with the best recall; exact McNemar, not corrected */ p: number }

/** Best recall first, then rank, then the smaller context. @param budget tokens of context */
export function standings(variants: readonly RetrievalVariant[], asked: readonly Asked[], k: number, budget: number): Standing[] {
  const missed = (variant: RetrievalVariant): Set<string> => new Set(variant.misses.map(({ question }) => question));
  const order = variants.toSorted((a, b) => b.recall_at_k - a.recall_at_k || b.mrr - a.mrr || contextTokens(a, k) - contextTokens(b, k) || (a.name < b.name ? -1 : 1));
  const best = order[0] ? missed(order[0]) : new Set<string>();
  return order.map((variant) => {
    const own = missed(variant);
    const hits = asked.length - own.size;
    const [low, high] = wilson(hits, asked.length);
    const tokens = contextTokens(variant, k);
    return { variant, hits, n: asked.length, low, high, tokens, fits: tokens <= budget, p: mcnemar([...best].filter((question) => !own.has(question)).length, [...own].filter((question) => !best.has(question)).length) };
  });
}

/** The smallest context whose recall is near enough to the best that fits. Null when nothing was evaluated. */
export function choose(rows: readonly Standing[], priority: keyof typeof TOLERANCE): { row: Standing; overBudget: boolean } | null {
  const fitting = rows.filter(({ fits }) => fits);
  const pool = fitting.length > 0 ? fitting : rows.toSorted((a, b) => a.tokens - b.tokens).slice(0, 1);
  const [top] = pool;
  if (!top) return null;
  const near = pool.filter(({ variant }) => variant.recall_at_k >= top.variant.recall_at_k - TOLERANCE[priority] - 1e-9);
  const row = priority === 'recall' ? top : near.toSorted((a, b) => a.tokens - b.tokens || b.variant.recall_at_k - a.variant.recall_at_k || b.variant.mrr - a.variant.mrr)[0] ?? top;
  return { row, overBudget: fitting.length === 0 };
}

/** Why a question was missed, decided by what can be seen: cut, words, how far down. @param deep  questions missed among the first 50 chunks too */
export function causeOf(asked: Asked, variant: Pick<Variant, 'chunk_size' | 'overlap'>, documents: readonly Document[], deep: ReadonlySet<string>): Cause {
  const homes = documents.filter(({ id }) => asked.documents.includes(id));
  const whole = homes.flatMap((document) => cut(searchText(document), variant)).filter((chunk) => holds(chunk, asked.answer));
  if (whole.length === 0) return 'cut_apart';
  const words = content(asked.question);
  if (!whole.some((chunk) => { const own = content(chunk); return [...words].some((word) => own.has(word)); })) return 'other_words';
  return deep.has(asked.question) ? 'wrong_document' : 'ranking';
}
