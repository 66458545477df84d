import { sentencesOf } from '../../steps/sentences.ts';

/** What code finds in a paper without a model: captions, terms, figures of a sentence. Pure. */
export interface Caption { label: string; caption: string; /** sentences of the text that point at it */ mentions: string[] }

const CAPTION = /^\s*((?:Figure|Fig\.|Table|Algorithm)\s*\d{1,3})\s*[.:|]\s*(\S.*)$/i;

/** Captions with what the text says about them, in the order of the paper, each once. */
export function captionsOf(texts: readonly string[], most: number): Caption[] {
  const found = new Map<string, Caption>();
  for (const text of texts) {
    for (const line of text.split('\n')) {
      const match = CAPTION.exec(line);
      if (!match?.[1] || !match[2]) continue;
      const label = match[1].replace(/^fig\./i, 'Figure').replace(/\s*(\d)/, ' $1').replace(/^\w/, (letter) => letter.toUpperCase());
      if (!found.has(label)) found.set(label, { label, caption: match[2].trim(), mentions: [] });
    }
  }
  const sentences = texts.flatMap((text) => sentencesOf(text.split('\n').filter((line) => !CAPTION.test(line)).join('\n')));
  for (const caption of found.values()) {
    const number = /\d+$/.exec(caption.label)?.[0] ?? '';
    const kind = caption.label.startsWith('Figure') ? '(?:Figure|Fig\\.)' : caption.label.replace(/ \d+$/, '');
    caption.mentions = sentences.filter((sentence) => new RegExp(`\\b${kind}\\s*${number}\\b`, 'i').test(sentence)).slice(0, 3);
  }
  return [...found.values()].slice(0, most);
}

export interface Term { term: string; times: number; sentences: string[] }
const COMMON = new Set('about above after again also although among another because been before being below between both could does during each either every first from have having here however into itself less like many more most much must only other over same second shall should since some such than that their them then there these they this those three through under until upon used using very well were what when where which while whose will with within without would your paper figure table section results result show shows shown work works propose proposed method methods given make made take taken found one two based different'.split(' '));
const word = (text: string): boolean => text.length >= 4 && !COMMON.has(text.toLowerCase());

/** Terms worth a definition: abbreviations first, then pairs of words that come back, then single words that come back often.
 * @param known  terms that the reader knows, in any case */
export function termsOf(texts: readonly string[], known: readonly string[], most: number): Term[] {
  const sentences = texts.flatMap(sentencesOf);
  const skip = new Set(known.map((term) => term.trim().toLowerCase()).filter(Boolean));
  const counts = new Map<string, { term: string; times: number; weight: number }>();
  const count = (term: string, weight: number): void => {
    const key = term.toLowerCase();
    const seen = counts.get(key) ?? { term, times: 0, weight };
    seen.times += 1;
    counts.set(key, seen);
  };
  for (const sentence of sentences) {
    for (const [abbreviation] of sentence.matchAll(/\b\p{Lu}[\p{Lu}\d]{1,7}s?\b/gu)) count(abbreviation, 4);
    const words = sentence.match(/\p{L}[\p{L}\p{N}-]*/gu) ?? [];
    for (const [index, first] of words.entries()) {
      const second = words[index + 1];
      if (word(first) && second && word(second) && sentence.includes(`${first} ${second}`)) count(`${first} ${second}`, 3);
      if (word(first) && first.length >= 7) count(first, 1);
    }
  }
  const rated = [...counts.entries()].filter(([key, { times, weight }]) => !skip.has(key) && (weight === 4 ? /\p{L}/u.test(key) && key.length > 1 : times >= (weight === 3 ? 2 : 5)))
    .toSorted(([, a], [, b]) => b.weight * b.times - a.weight * a.times);
  const chosen: Term[] = [];
  for (const [key, { term, times }] of rated) {
    if (chosen.length === most) break;
    // A word of a pair that is there already adds nothing.
    if (chosen.some((other) => ` ${other.term.toLowerCase()} `.includes(` ${key} `) || ` ${key} `.includes(` ${other.term.toLowerCase()} `))) continue;
    chosen.push({ term, times, sentences: sentences.filter((sentence) => sentence.toLowerCase().includes(key)).slice(0, 4) });
  }
  return chosen;
}
