import { bestSentences, phrasesOf, subjectOf, uncovered, type Corpus, type Quote } from './corpus.ts';
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
  // More topics than the material has: the other parts of what was asked.
  for (const anchor of inputAnchors(corpus)) if (!seen.has(anchor.title.toLowerCase())) anchors.push(anchor);
  return anchors;
}

/** Without material: the parts of what was asked, the main input first, then lists such as known gaps and short choices
 * (a framework, a language) beside the first part. */
function inputAnchors(corpus: Corpus): Anchor[] {
  const { inputs } = corpus.prompt;
  const subject = subjectOf(corpus.prompt);
  const listed = inputs.filter((input) => /gap|topic|missing|need|question/.test(input.name)).flatMap((input) => phrasesOf(input.value));
  const phrases = [...phrasesOf(subject), ...listed];
  const choices = inputs.filter((input) => /framework|language|library|tool|domain|dataset|method/.test(input.name) && /\p{L}/u.test(input.value) && input.value.length <= 40 && !/^(?:no|none)\b/i.test(input.value));
  const mixed = choices.flatMap((choice) => phrases.slice(0, 3).map((phrase) => `${phrase} with ${choice.value}`));
  const all = [...phrases, ...mixed, ...(phrases.length === 0 && subject ? [subject] : [])];
  return [...new Map(all.map((title) => [keywords(title).sort().join(' '), plainAnchor(title)])).values()];
}

/** The parts of the goal itself: what a learner is still missing before anything was read. */
export function goalAnchors(corpus: Corpus): Anchor[] {
  return phrasesOf(subjectOf(corpus.prompt)).map(plainAnchor);
}

/** What the material leaves open. */
export function openAnchors(corpus: Corpus): Anchor[] {
  return uncovered(corpus).map(plainAnchor);
}

function plainAnchor(phrase: string): Anchor {
  return { title: phrase.charAt(0).toUpperCase() + phrase.slice(1), sentence: '', materialId: '', url: '', term: phrase };
}

export function sentenceAnchors(corpus: Corpus): Anchor[] {
  const urls = new Map(corpus.materials.map(({ material }) => [material.id, material.url]));
  // Short enough for a question with a gap.
  return bestSentences(corpus.materials).filter((quote) => quote.text.length <= 190).map((quote) => ({
    title: quote.heading || quote.materialTitle, sentence: quote.text, materialId: quote.materialId, url: urls.get(quote.materialId) ?? '', term: keyTerm(quote.text, corpus),
  }));
}

/** The word of a sentence that says most: heavy in the question asked, used elsewhere as well, and rather long. */
export function keyTerm(sentence: string, corpus: Corpus): string {
  const words = sentence.match(/\p{L}[\p{L}\p{N}-]{3,}/gu) ?? [];
  const used = frequencies(corpus);
  const rated = words.map((word, index) => ({ word, index, key: keywords(word)[0] ?? '' })).filter(({ key }) => key !== '')
    .map(({ word, index, key }) => ({ word, index, value: (corpus.weights.get(key) ?? 0) + Math.min(4, used.get(key) ?? 0) + word.length / 4 - (word.endsWith('ly') ? 6 : 0) }));
  return rated.sort((a, b) => b.value - a.value || a.index - b.index)[0]?.word ?? words[0] ?? '';
}

const known = new WeakMap<Corpus, Map<string, number>>();

/** In how many sentences each keyword stands. */
function frequencies(corpus: Corpus): Map<string, number> {
  const counted = known.get(corpus);
  if (counted) return counted;
  const counts = new Map<string, number>();
  for (const { quotes } of corpus.materials) for (const quote of quotes) for (const key of keywords(quote.text)) counts.set(key, (counts.get(key) ?? 0) + 1);
  known.set(corpus, counts);
  return counts;
}

/** A gap text from one sentence: the question is the sentence without its key term. */
export function gapQuestion(anchor: Anchor): string {
  return anchor.term && anchor.sentence ? `Which word fills the gap? “${anchor.sentence.replace(anchor.term, '_____')}”` : anchor.sentence || `What is known about: ${anchor.title}?`;
}

/** The right term at a place that depends on the item, the others from other sentences. */
export function gapOptions(anchor: Anchor, others: readonly Anchor[], count: number, index: number): { options: string[]; correct: number } {
  const own = keywords(anchor.term).join(' ');
  // The terms of the other sentences first, then any longer word of theirs.
  const spoken = [...others.map((other) => other.term), ...others.flatMap((other) => other.sentence.match(/\p{L}[\p{L}-]{5,}/gu) ?? [])];
  const terms = new Map<string, string>();
  for (const term of spoken) { const key = keywords(term).join(' '); if (key && !terms.has(key)) terms.set(key, term); }
  terms.delete(own);
  // What stands in the sentence besides would be right as well.
  const wrong = [...terms].filter(([stemmed]) => !keywords(anchor.sentence).includes(stemmed)).map(([, term]) => term);
  const start = wrong.length === 0 ? 0 : (index * (count - 1)) % wrong.length;
  const options = [...wrong.slice(start), ...wrong.slice(0, start)].slice(0, Math.max(0, count - 1));
  for (let extra = 1; options.length < count - 1; extra += 1) options.push(`not in the material (${extra})`);
  const correct = count === 0 ? 0 : index % count;
  options.splice(correct, 0, anchor.term || anchor.title);
  return { options: options.slice(0, count), correct };
}
