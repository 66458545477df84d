import { bestSentences, type Corpus, type Quote } from './corpus.ts';
import { keywords, score } from './score.ts';

/** What the items of an array are about: item i of a list of topics is the i-th heading, of a quiz the i-th sentence. */
export interface Anchor { title: string; sentence: string; materialId: string; url: string; term: string }

export function topicAnchors(corpus: Corpus): Anchor[] {
  const anchors: Anchor[] = [];
  const seen = new Set<string>();
  const add = (title: string, quotes: Quote[], materialId: string, url: string) => {
    const key = title.toLowerCase();
    if (!title || seen.has(key)) return;
    seen.add(key);
    const sentence = quotes.filter((quote) => quote.kind === 'sentence').sort((a, b) => b.score - a.score)[0]?.text ?? '';
    anchors.push({ title, sentence, materialId, url, term: keyTerm(sentence, corpus) });
  };
  for (const { material, title, quotes } of corpus.materials) add(title, quotes, material.id, material.url);
  const sections = corpus.materials.flatMap(({ material, quotes }) => quotes.filter((quote) => quote.kind === 'heading').map((heading) => ({ material, quotes, heading })));
  sections.sort((a, b) => score(b.heading.text, corpus.weights) - score(a.heading.text, corpus.weights));
  for (const { material, quotes, heading } of sections) add(heading.text, quotes.filter((quote) => quote.heading === heading.text), material.id, material.url);
  return anchors;
}

export function sentenceAnchors(corpus: Corpus): Anchor[] {
  const urls = new Map(corpus.materials.map(({ material }) => [material.id, material.url]));
  return bestSentences(corpus.materials).map((quote) => ({
    title: quote.heading || quote.materialTitle, sentence: quote.text, materialId: quote.materialId, url: urls.get(quote.materialId) ?? '', term: keyTerm(quote.text, corpus),
  }));
}

/** The word of a sentence that says most: heavy in the question asked, else the longest. */
export function keyTerm(sentence: string, corpus: Corpus): string {
  const words = sentence.match(/\p{L}[\p{L}\p{N}-]{3,}/gu) ?? [];
  const rated = words.filter((word) => keywords(word).length > 0)
    .map((word, index) => ({ word, index, value: (corpus.weights.get(keywords(word)[0] ?? '') ?? 0) + word.length / 4 }));
  return rated.sort((a, b) => b.value - a.value || a.index - b.index)[0]?.word ?? words[0] ?? '';
}

/** A gap text from one sentence: the question is the sentence without its key term. */
export function gapQuestion(anchor: Anchor): string {
  return anchor.term ? `Which word fills the gap? “${anchor.sentence.replace(anchor.term, '_____')}”` : anchor.sentence;
}

/** The right term at a place that depends on the item, the others from other sentences. */
export function gapOptions(anchor: Anchor, others: readonly Anchor[], count: number, index: number): { options: string[]; correct: number } {
  const wrong = [...new Set(others.map((other) => other.term))].filter((term) => term && term.toLowerCase() !== anchor.term.toLowerCase());
  const start = wrong.length === 0 ? 0 : (index * (count - 1)) % wrong.length;
  const options = [...wrong.slice(start), ...wrong.slice(0, start)].slice(0, Math.max(0, count - 1));
  for (let extra = 1; options.length < count - 1; extra += 1) options.push(`not in the material (${extra})`);
  const correct = count === 0 ? 0 : index % count;
  options.splice(correct, 0, anchor.term || anchor.title);
  return { options: options.slice(0, count), correct };
}
