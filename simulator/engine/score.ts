/** Keywords with a light stem, and how well a text matches them. */
const STOP_WORDS = new Set(
  ('a an and are as at be been but by can could did do does done each for from had has have how i if in into is it its just may me more most must my no not of on one only or other our ' +
    'out over own per should so some such than that the their them then there these they this those to too under up us use used using very was we were what when where which while who why will with would ' +
    'you your want able write answer give make list below above also about any all need learn know understand please note notes text material materials cite citation sentence short small plain words word answer exactly most missing against something sometimes within without before after another every several first second third fourth still both same many few what itself always never often between during until when whether because either neither even much better good well case cases thing things way ways like help make makes').split(' '),
);

/** A light stem: enough that agents/agent, planning/plan and used/use meet. */
export function stem(word: string): string {
  let result = word;
  if (result.length > 5 && result.endsWith('ies')) result = `${result.slice(0, -3)}y`;
  else if (result.length > 4 && /(?:sses|shes|ches|xes)$/.test(result)) result = result.slice(0, -2);
  else if (result.length > 3 && result.endsWith('s') && !result.endsWith('ss')) result = result.slice(0, -1);
  if (result.length > 5 && result.endsWith('ing')) result = result.slice(0, -3);
  else if (result.length > 4 && result.endsWith('ed')) result = result.slice(0, -2);
  if (result.length > 3 && /([bdfgmnprt])\1$/.test(result)) result = result.slice(0, -1);
  return result.length > 4 && result.endsWith('e') ? result.slice(0, -1) : result;
}

export function wordsOf(text: string): string[] {
  return text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}+#]+/u)
    .filter(Boolean);
}

/** Stemmed keywords in order of first use, stop words away. */
export function keywords(text: string): string[] {
  const found = new Set<string>();
  for (const word of wordsOf(text)) {
    if (word.length < 2 || STOP_WORDS.has(word)) continue;
    found.add(stem(word));
  }
  return [...found];
}

export type Weights = ReadonlyMap<string, number>;

/** Adds up weighted sources; a word that several name counts more. */
export function weigh(...sources: { text: string; weight: number }[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { text, weight } of sources) for (const word of keywords(text)) weights.set(word, (weights.get(word) ?? 0) + weight);
  return weights;
}

/** Sum of the weights met, damped by length so that a long text does not win by its length alone. */
export function score(text: string, weights: Weights): number {
  let sum = 0;
  const own = keywords(text);
  for (const word of own) sum += weights.get(word) ?? 0;
  return own.length === 0 ? 0 : sum / Math.sqrt(4 + own.length);
}

export function overlap(left: string, right: string): number {
  const other = new Set(keywords(right));
  return keywords(left).filter((word) => other.has(word)).length;
}
