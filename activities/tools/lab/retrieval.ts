import type { z } from 'zod';
import { cut } from '#contracts/chunking';
import type { RetrievalEvalArgs } from '#contracts/data-tools.schema';
import type { RetrievalEvalData, RetrievalMiss, RetrievalVariant } from '#contracts/data-tools';
import { JobProblem } from '../child/answer.ts';

/** Cuts documents into chunks, finds chunks for questions, and counts what was found: recall and rank for each way of doing it. */
type Args = z.output<typeof RetrievalEvalArgs>;
type Variant = Args['variants'][number];
interface Chunk { document: string; text: string; terms: Map<string, number>; length: number }
const MAX_CHARACTERS = 1_000_000;
const MAX_CHUNKS = 20_000;

export function evaluateRetrieval({ documents, questions, variants, k }: Args): RetrievalEvalData {
  if (documents.reduce((sum, { text }) => sum + text.length, 0) > MAX_CHARACTERS) throw new JobProblem(`The documents hold more than ${MAX_CHARACTERS.toLocaleString('en-US')} characters; give fewer.`);
  const ids = new Set(documents.map(({ id }) => id));
  if (ids.size !== documents.length) throw new JobProblem('Two documents have the same id.');
  const strange = questions.flatMap(({ relevant_ids: wanted }) => wanted).find((id) => !ids.has(id));
  if (strange !== undefined) throw new JobProblem(`A question points at "${strange}", which is no document.`);
  const results = variants.map((variant) => evaluateVariant(variant, documents, questions, k));
  const best = results.toSorted((a, b) => b.recall_at_k - a.recall_at_k || b.mrr - a.mrr || a.chunks - b.chunks)[0] as RetrievalVariant;
  return { k, questions: questions.length, documents: documents.length, variants: results, best: best.name };
}

function evaluateVariant(variant: Variant, documents: Args['documents'], questions: Args['questions'], k: number): RetrievalVariant {
  const chunks = documents.flatMap(({ id, text }) => cut(text, variant).map((part): Chunk => { const terms = termsOf(part); return { document: id, text: part, terms, length: [...terms.values()].reduce((sum, count) => sum + count, 0) }; }));
  if (chunks.length > MAX_CHUNKS) throw new JobProblem(`Chunks of ${variant.chunk_size} with ${variant.overlap} of overlap are more than ${MAX_CHUNKS.toLocaleString('en-US')}; make them larger.`);
  const rank = ranker(chunks, variant.method);
  const misses: RetrievalMiss[] = [];
  let [recall, hits, reciprocal] = [0, 0, 0];
  for (const { question, relevant_ids: wanted, answer } of questions) {
    const ranked = rank(question);
    const isRight = ({ document, text }: Chunk): boolean => (wanted.length > 0 ? wanted.includes(document) : plain(text).includes(plain(answer ?? '')));
    const first = ranked.slice(0, k);
    const place = ranked.findIndex(isRight);
    const share = wanted.length > 0 ? new Set(first.filter(isRight).map(({ document }) => document)).size / new Set(wanted).size : first.some(isRight) ? 1 : 0;
    recall += share;
    hits += share > 0 ? 1 : 0;
    reciprocal += place < 0 ? 0 : 1 / (place + 1);
    if (share < 1) misses.push({ question, wanted: wanted.length > 0 ? wanted : [answer ?? ''], retrieved: [...new Set(first.map(({ document }) => document))] });
  }
  const count = questions.length;
  return {
    name: variant.name ?? `${variant.method} ${variant.chunk_size}/${variant.overlap}`, chunk_size: variant.chunk_size, overlap: variant.overlap, method: variant.method, chunks: chunks.length,
    mean_chunk_characters: chunks.length === 0 ? 0 : chunks.reduce((sum, { text }) => sum + text.length, 0) / chunks.length, recall_at_k: recall / count, hit_rate: hits / count, mrr: reciprocal / count, misses,
  };
}

const plain = (text: string): string => text.toLowerCase().normalize('NFKC').replace(/\s+/g, ' ').trim();
const STOP = new Set('a an and are as at be by for from has in is it of on or that the this to was were what when where which who why how with do does der die das und ist ein eine'.split(' '));

function termsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of plain(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    if (STOP.has(word)) continue;
    // Plain plurals and the like meet: "agents" and "agent".
    const stem = word.length > 4 ? word.replace(/(?:ies)$/, 'y').replace(/(?<=[^s])s$/, '') : word;
    counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}

/** Chunks that share a word with the question, best first; equal scores keep the order of the documents.
 * bm25: k1 = 1.2, b = 0.75 (Robertson); tfidf: cosine of (1 + ln tf) · ln(1 + N / df). */
function ranker(chunks: readonly Chunk[], method: Variant['method']): (question: string) => Chunk[] {
  const postings = new Map<string, { chunk: number; count: number }[]>();
  for (const [index, { terms }] of chunks.entries()) for (const [term, count] of terms) { const list = postings.get(term); if (list) list.push({ chunk: index, count }); else postings.set(term, [{ chunk: index, count }]); }
  const total = chunks.length;
  const average = chunks.reduce((sum, { length }) => sum + length, 0) / Math.max(1, total);
  const weight = (count: number, found: number): number => (1 + Math.log(count)) * Math.log(1 + total / found);
  const norms = method === 'tfidf' ? chunks.map(({ terms }) => Math.sqrt([...terms].reduce((sum, [term, count]) => sum + weight(count, postings.get(term)?.length ?? 1) ** 2, 0)) || 1) : [];
  return (question) => {
    const scores = new Map<number, number>();
    for (const [term, wanted] of termsOf(question)) {
      const list = postings.get(term) ?? [];
      for (const { chunk, count } of list) {
        const score = method === 'bm25'
          ? (Math.log(1 + (total - list.length + 0.5) / (list.length + 0.5)) * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * (chunks[chunk] as Chunk).length) / average))
          : (weight(count, list.length) * weight(wanted, list.length)) / (norms[chunk] as number);
        scores.set(chunk, (scores.get(chunk) ?? 0) + score);
      }
    }
    return [...scores].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).map(([chunk]) => chunks[chunk] as Chunk);
  };
}
