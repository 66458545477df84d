import type { z } from 'zod';
import type { TrainCharModelArgs } from '#contracts/data-tools.schema';
import type { TrainCharModelData } from '#contracts/data-tools';
import { seededRandom } from '../stats/seeded-random.ts';

/** A real, very small language model: a table of letter pairs as the baseline, then an embedding with one hidden layer (Bengio
 * 2003), trained by plain gradient descent. The same text, sizes and seed give the same losses and samples to the last digit. */
type Args = z.output<typeof TrainCharModelArgs>;
const MAX_VOCABULARY = 96;
const MAX_VALIDATION = 1_500;
const REPORTS = 30;
const UNKNOWN = '\uFFFD';

export function trainCharModel(args: Args): TrainCharModelData {
  const random = seededRandom(args.seed);
  const { vocabulary, tokens } = tokenise(args.text);
  const cut = Math.max(args.context + 1, Math.floor(tokens.length * 0.9));
  const [training, held] = [tokens.slice(0, cut), tokens.slice(cut - args.context)];
  const model = newModel(vocabulary.length, args, random);
  const validationAt = positions(held, args.context, MAX_VALIDATION);
  const trainAt = positions(training, args.context, MAX_VALIDATION);
  const loss: TrainCharModelData['loss'] = [];
  const report = (step: number): void => { loss.push({ step, train: lossOf(model, training, trainAt), validation: lossOf(model, held, validationAt) }); };
  report(0);
  const every = Math.max(1, Math.round(args.steps / REPORTS));
  for (let step = 1; step <= args.steps; step += 1) {
    // The rate falls to a tenth along a cosine: large steps first, fine ones at the end.
    const rate = args.learning_rate * (0.55 + 0.45 * Math.cos((Math.PI * (step - 1)) / args.steps));
    const batch = Array.from({ length: args.batch }, () => args.context + Math.floor(random() * (training.length - args.context)));
    descend(model, training, batch, rate);
    if (step % every === 0 || step === args.steps) report(step);
  }
  const final = loss.at(-1)?.validation as number;
  return {
    vocabulary, parameters: model.embedding.length + model.hidden.length + model.hiddenBias.length + model.output.length + model.outputBias.length, bigram_loss: bigramLoss(training, held.slice(args.context - 1), vocabulary.length), loss, final_loss: final,
    perplexity: Math.exp(final), uniform_loss: Math.log(vocabulary.length), samples: Array.from({ length: args.samples }, () => sample(model, vocabulary, tokens, args, random)), seed: args.seed, train_characters: training.length, validation_characters: held.length - args.context,
  };
}

/** The most frequent characters; the rest share one sign. */
function tokenise(text: string): { vocabulary: string[]; tokens: Int32Array } {
  const characters = Array.from(text.replace(/\r\n?/g, '\n'));
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  const frequent = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([character]) => character);
  const vocabulary = (frequent.length > MAX_VOCABULARY ? [...frequent.slice(0, MAX_VOCABULARY - 1), UNKNOWN] : frequent).toSorted();
  const ids = new Map(vocabulary.map((character, id) => [character, id]));
  return { vocabulary, tokens: Int32Array.from(characters, (character) => ids.get(character) ?? (ids.get(UNKNOWN) as number)) };
}

interface Model { size: { vocabulary: number; context: number; embedding: number; hidden: number }; embedding: Float64Array; hidden: Float64Array; hiddenBias: Float64Array; output: Float64Array; outputBias: Float64Array }

function newModel(vocabulary: number, { context, embedding, hidden }: Args, random: () => number): Model {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const fill = (length: number, scale: number): Float64Array => Float64Array.from({ length }, () => normal() * scale);
  const inputs = context * embedding;
  return { size: { vocabulary, context, embedding, hidden }, embedding: fill(vocabulary * embedding, 0.5), hidden: fill(inputs * hidden, 1 / Math.sqrt(inputs)), hiddenBias: new Float64Array(hidden), output: fill(hidden * vocabulary, 0.1 / Math.sqrt(hidden)), outputBias: new Float64Array(vocabulary) };
}

interface Pass { input: Float64Array; activation: Float64Array; probability: Float64Array }
const newPass = ({ size }: Model): Pass => ({ input: new Float64Array(size.context * size.embedding), activation: new Float64Array(size.hidden), probability: new Float64Array(size.vocabulary) });

/** Fills `pass` with what the model expects after the characters before `at`. */
function forward(model: Model, tokens: Int32Array, at: number, pass: Pass, temperature = 1): void {
  const { vocabulary, context, embedding, hidden } = model.size;
  for (let place = 0; place < context; place += 1) {
    const token = tokens[at - context + place] as number;
    for (let index = 0; index < embedding; index += 1) pass.input[place * embedding + index] = model.embedding[token * embedding + index] as number;
  }
  for (let unit = 0; unit < hidden; unit += 1) {
    let sum = model.hiddenBias[unit] as number;
    for (let index = 0; index < pass.input.length; index += 1) sum += (pass.input[index] as number) * (model.hidden[index * hidden + unit] as number);
    pass.activation[unit] = Math.tanh(sum);
  }
  let highest = -Infinity;
  for (let letter = 0; letter < vocabulary; letter += 1) {
    let sum = model.outputBias[letter] as number;
    for (let unit = 0; unit < hidden; unit += 1) sum += (pass.activation[unit] as number) * (model.output[unit * vocabulary + letter] as number);
    pass.probability[letter] = sum / temperature;
    highest = Math.max(highest, sum / temperature);
  }
  let total = 0;
  for (let letter = 0; letter < vocabulary; letter += 1) { const weight = Math.exp((pass.probability[letter] as number) - highest); pass.probability[letter] = weight; total += weight; }
  for (let letter = 0; letter < vocabulary; letter += 1) pass.probability[letter] = (pass.probability[letter] as number) / total;
}

/** One step of gradient descent on the mean loss of a batch. */
export function descend(model: Model, tokens: Int32Array, batch: readonly number[], rate: number): void {
  const { vocabulary, context, embedding, hidden } = model.size;
  const pass = newPass(model);
  const gradient = { embedding: new Float64Array(model.embedding.length), hidden: new Float64Array(model.hidden.length), hiddenBias: new Float64Array(hidden), output: new Float64Array(model.output.length), outputBias: new Float64Array(vocabulary) };
  const before = new Float64Array(hidden);
  const share = 1 / batch.length;
  for (const at of batch) {
    forward(model, tokens, at, pass);
    before.fill(0);
    for (let letter = 0; letter < vocabulary; letter += 1) {
      const error = ((pass.probability[letter] as number) - (letter === tokens[at] ? 1 : 0)) * share;
      gradient.outputBias[letter] = (gradient.outputBias[letter] as number) + error;
      for (let unit = 0; unit < hidden; unit += 1) {
        const weight = unit * vocabulary + letter;
        gradient.output[weight] = (gradient.output[weight] as number) + error * (pass.activation[unit] as number);
        before[unit] = (before[unit] as number) + error * (model.output[weight] as number);
      }
    }
    for (let unit = 0; unit < hidden; unit += 1) {
      const error = (before[unit] as number) * (1 - (pass.activation[unit] as number) ** 2);
      gradient.hiddenBias[unit] = (gradient.hiddenBias[unit] as number) + error;
      for (let index = 0; index < pass.input.length; index += 1) {
        const weight = index * hidden + unit;
        gradient.hidden[weight] = (gradient.hidden[weight] as number) + error * (pass.input[index] as number);
        const cell = (tokens[at - context + Math.floor(index / embedding)] as number) * embedding + (index % embedding);
        gradient.embedding[cell] = (gradient.embedding[cell] as number) + error * (model.hidden[weight] as number);
      }
    }
  }
  for (const part of ['embedding', 'hidden', 'hiddenBias', 'output', 'outputBias'] as const) {
    const [values, slopes] = [model[part], gradient[part]];
    for (let index = 0; index < values.length; index += 1) values[index] = (values[index] as number) - rate * (slopes[index] as number);
  }
}

/** Places to measure at, spread evenly. */
function positions(tokens: Int32Array, context: number, most: number): number[] {
  const count = tokens.length - context;
  const step = Math.max(1, count / most);
  return Array.from({ length: Math.min(count, most) }, (_, index) => context + Math.floor(index * step));
}

function lossOf(model: Model, tokens: Int32Array, at: readonly number[]): number {
  const pass = newPass(model);
  let sum = 0;
  for (const place of at) { forward(model, tokens, place, pass); sum -= Math.log(Math.max(1e-300, pass.probability[tokens[place] as number] as number)); }
  return sum / at.length;
}

/** Counts of pairs with one added to each: the score that the trained model has to beat. */
function bigramLoss(training: Int32Array, held: Int32Array, vocabulary: number): number {
  const pairs = new Float64Array(vocabulary * vocabulary).fill(1);
  const totals = new Float64Array(vocabulary).fill(vocabulary);
  for (let at = 1; at < training.length; at += 1) {
    const [left, right] = [training[at - 1] as number, training[at] as number];
    pairs[left * vocabulary + right] = (pairs[left * vocabulary + right] as number) + 1;
    totals[left] = (totals[left] as number) + 1;
  }
  let sum = 0;
  for (let at = 1; at < held.length; at += 1) sum -= Math.log((pairs[(held[at - 1] as number) * vocabulary + (held[at] as number)] as number) / (totals[held[at - 1] as number] as number));
  return sum / Math.max(1, held.length - 1);
}

function sample(model: Model, vocabulary: readonly string[], tokens: Int32Array, { context, sample_length: length, temperature }: Args, random: () => number): string {
  const start = Math.floor(random() * (tokens.length - context));
  const written = Int32Array.from({ length: context + length }, (_, index) => (index < context ? (tokens[start + index] as number) : 0));
  const pass = newPass(model);
  for (let at = context; at < written.length; at += 1) {
    forward(model, written, at, pass, temperature);
    let rest = random();
    let letter = 0;
    while (letter < vocabulary.length - 1 && (rest -= pass.probability[letter] as number) > 0) letter += 1;
    written[at] = letter;
  }
  return Array.from(written.subarray(context), (token) => vocabulary[token] ?? UNKNOWN).join('');
}
