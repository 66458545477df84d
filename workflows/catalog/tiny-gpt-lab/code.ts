/** The code of the lab, in pieces. The very same lines run in the sandbox of the run and in Node, so that the lab hands out nothing
 * that was not run. `input.text` is the text. */
export interface Piece { key: string; title: string; /** words to find the page of the library that explains it */ query: string; code: string; /** what the check proves */ proves: string }

export const PIECES: readonly Piece[] = [
  {
    key: 'tokenizer', title: 'A tokenizer of characters', query: 'tokenizer characters integers encode decode', proves: 'decoding what was encoded gives the text back',
    code: `// Every different character gets a number; a list of numbers is all that a model sees.
const vocabulary = [...new Set(input.text)].sort();
const numberOf = new Map(vocabulary.map((character, index) => [character, index]));
const encode = (text) => [...text].map((character) => numberOf.get(character));
const decode = (tokens) => tokens.map((token) => vocabulary[token]).join('');
const roundTrip = decode(encode(input.text)) === input.text;`,
  },
  {
    key: 'pairs', title: 'The baseline: a table of letter pairs', query: 'first loss ln(V) perplexity numbers to expect', proves: 'its loss is the one that the lab tool measured on its own',
    code: `// Count which character follows which in the first 90 %, add one to every count, and measure on the rest.
const tokens = encode(input.text);
const size = vocabulary.length;
const cut = Math.floor(tokens.length * 0.9);
const counts = new Array(size * size).fill(1);
const totals = new Array(size).fill(size);
for (let at = 1; at < cut; at += 1) {
  counts[tokens[at - 1] * size + tokens[at]] += 1;
  totals[tokens[at - 1]] += 1;
}
let surprise = 0;
for (let at = cut; at < tokens.length; at += 1) surprise -= Math.log(counts[tokens[at - 1] * size + tokens[at]] / totals[tokens[at - 1]]);
const pairLoss = surprise / (tokens.length - cut); // nats a character`,
  },
  {
    key: 'attention', title: 'Causal attention, one head', query: 'causal self-attention mask softmax parts of a transformer', proves: 'a change of the last position leaves every earlier output as it was',
    code: `// Each position looks at itself and at what came before: that slice is the whole mask.
const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);
function attention(queries, keys, values) {
  return queries.map((query, at) => {
    const scores = keys.slice(0, at + 1).map((key) => dot(query, key) / Math.sqrt(query.length));
    const highest = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - highest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return query.map((_, part) => weights.reduce((sum, weight, place) => sum + (weight / total) * values[place][part], 0));
  });
}
const vectors = Array.from({ length: 6 }, () => Array.from({ length: 4 }, () => Math.random() - 0.5));
const changed = vectors.map((vector, at) => (at === 5 ? vector.map((value) => value + 1) : vector));
const before = attention(vectors, vectors, vectors);
const after = attention(changed, changed, changed);
const causal = JSON.stringify(before.slice(0, 5)) === JSON.stringify(after.slice(0, 5)) && JSON.stringify(before[5]) !== JSON.stringify(after[5]);`,
  },
  {
    key: 'sampling', title: 'Sampling with a temperature', query: 'sampling temperature top k draw', proves: 'shares add up to one, and a lower temperature is less surprised',
    code: `// Divide by the temperature before the softmax: below one sharpens, above one flattens.
function shares(logits, temperature) {
  const highest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
const entropy = (parts) => -parts.reduce((sum, part) => sum + (part > 0 ? part * Math.log(part) : 0), 0);
const logits = [2, 1, 0.5, -1];
const sums = [0.5, 1, 2].map((temperature) => shares(logits, temperature).reduce((sum, part) => sum + part, 0));
const spread = [0.5, 1, 2].map((temperature) => entropy(shares(logits, temperature)));
const sampled = sums.every((sum) => Math.abs(sum - 1) < 1e-9) && spread[0] < spread[1] && spread[1] < spread[2];`,
  },
];

/** What the check of a run gives back. */
export interface Checks { roundTrip: boolean; vocabulary: number; pairLoss: number | null; causal: boolean | null; sampled: boolean | null }

/** @param count  how many pieces, from the first */
export function script(count: number): string {
  const known = new Set(PIECES.slice(0, count).map((piece) => piece.key));
  const result = `({ roundTrip, vocabulary: vocabulary.length, pairLoss: ${known.has('pairs') ? 'pairLoss' : 'null'}, causal: ${known.has('attention') ? 'causal' : 'null'}, sampled: ${known.has('sampling') ? 'sampled' : 'null'} })`;
  return [...PIECES.slice(0, count).map((piece) => piece.code), result].join('\n\n');
}

/** The same as a file for Node. */
export function labFile(count: number): string {
  const head = "// Put your text into corpus.txt beside this file, then: node lab.mjs\nimport { readFileSync } from 'node:fs';\nconst input = { text: readFileSync(new URL('corpus.txt', import.meta.url), 'utf8').replace(/\\r\\n?/g, '\\n') };";
  const body = script(count).replace(/\n\n\(\{ ([^]*) \}\)$/, '\n\nconsole.log({ $1 });');
  return `${head}\n\n${body}\n`;
}
