import type { TrainCharModelData } from '#contracts/data-tools';
import { allot } from '../../steps/allot.ts';
import type { Change, Fault, Hardware } from './sizes.ts';

/** The arithmetic of the lab: sizes that fit, what a run shows, what may be changed. Pure; no model. */
export interface Settings { steps: number; seed: number; context: number; embedding: number; hidden: number; batch: number; learning_rate: number; temperature: number }

/** Operations a second that training really gets, by experience far below the peak: an assumption, said in the lab. */
export const THROUGHPUT: Record<Hardware, { title: string; flops: number }> = {
  laptop_cpu: { title: 'Laptop, processor only', flops: 5e10 }, laptop_gpu: { title: 'Laptop with a graphics card', flops: 3e12 },
  gpu_24gb: { title: 'One GPU of 24 GB', flops: 3e13 }, gpu_80gb: { title: 'One GPU of 80 GB', flops: 1.5e14 },
};

export interface Size { name: string; layers: number; width: number; context: number; vocabulary: number }
export const LADDER: readonly Size[] = [
  { name: 'first steps', layers: 2, width: 64, context: 64, vocabulary: 96 }, { name: 'characters', layers: 4, width: 128, context: 128, vocabulary: 96 },
  { name: 'small', layers: 6, width: 384, context: 256, vocabulary: 96 }, { name: 'medium', layers: 8, width: 512, context: 512, vocabulary: 8192 }, { name: 'GPT-2 small', layers: 12, width: 768, context: 1024, vocabulary: 50_257 },
];

/** 12·L·d² in the blocks, V·d for the shared embedding, T·d for learnt positions. */
export const parameters = ({ layers, width, context, vocabulary }: Size): number => 12 * layers * width ** 2 + vocabulary * width + context * width;
/** Hours for 20 tokens a parameter at 6 operations a token and parameter. */
export const trainingHours = (size: Size, hardware: Hardware): number => (6 * parameters(size) * 20 * parameters(size)) / THROUGHPUT[hardware].flops / 3600;

export const TRAINING_SHARE = 0.25;
/** The largest of the ladder that trains in a quarter of the time; the smallest when none does. */
export const sizeFor = (hardware: Hardware, hours: number): Size => LADDER.findLast((size) => trainingHours(size, hardware) <= hours * TRAINING_SHARE) ?? (LADDER[0] as Size);

/** Puts a fault into the settings on purpose, to be found. */
export function withFault(settings: Settings, fault: Fault): Settings {
  if (fault === 'rate_too_small') return { ...settings, learning_rate: round(settings.learning_rate / 20) };
  if (fault === 'too_few_steps') return { ...settings, steps: Math.max(10, Math.round(settings.steps / 10)) };
  return fault === 'no_context' ? { ...settings, context: 1 } : settings;
}

const round = (value: number): number => Number(value.toPrecision(3));

export interface Symptom { words: string; suggests: Change[] }

/** What the losses of a run say, most telling first. Empty = nothing left to change. */
export function symptomsOf(run: TrainCharModelData, settings: Settings): Symptom[] {
  const { loss, uniform_loss: chance, bigram_loss: pairs, final_loss: final } = run;
  const [first, last] = [loss[0], loss.at(-1)];
  if (!first || !last) return [];
  const best = Math.min(...loss.map(({ validation }) => validation));
  const middle = loss[Math.floor(loss.length / 2)]?.validation ?? first.validation;
  const found: Symptom[] = [];
  if (final > best + 0.05) found.push({ words: `The loss went up again after its best value of ${best.toFixed(3)}.`, suggests: ['lower_rate'] });
  // A gap alone may be a different kind of text at the end; by heart means that checking does not get better any more.
  if (last.validation - last.train > 0.35 && middle - final < 0.02) found.push({ words: `Training loss lies ${(last.validation - last.train).toFixed(2)} below validation loss: the model learns the text by heart.`, suggests: ['look_less_far_back', 'lower_rate'] });
  if (final > pairs && chance - final < 0.45 * (chance - pairs)) found.push({ words: `The loss stays near chance (${chance.toFixed(3)}): it covered ${Math.round((100 * (chance - final)) / Math.max(1e-9, chance - pairs))} % of the way to the letter pairs.`, suggests: ['raise_rate', 'train_longer'] });
  if (final > pairs && middle - final > 0.05) found.push({ words: `The loss was still falling at the end, by ${(middle - final).toFixed(2)} over the second half.`, suggests: ['train_longer', 'raise_rate'] });
  if (final > pairs) found.push({ words: `The letter pairs are still better: ${pairs.toFixed(3)} against ${final.toFixed(3)}.`, suggests: settings.context < 3 ? ['look_further_back', 'raise_rate', 'widen'] : ['raise_rate', 'widen', 'train_longer'] });
  return found.map((symptom) => ({ ...symptom, suggests: symptom.suggests.filter((change) => changed(settings, change) !== null) })).filter((symptom) => symptom.suggests.length > 0);
}

/** @returns the settings after the change; null when they are at their limit */
export function changed(settings: Settings, change: Change): Settings | null {
  const next: Settings = {
    raise_rate: { ...settings, learning_rate: round(Math.min(2, settings.learning_rate * 4)) }, lower_rate: { ...settings, learning_rate: round(Math.max(0.01, settings.learning_rate / 3)) },
    train_longer: { ...settings, steps: Math.min(300, settings.steps * 3) }, widen: { ...settings, hidden: Math.min(64, settings.hidden * 2) },
    look_further_back: { ...settings, context: Math.min(8, settings.context + 2) }, look_less_far_back: { ...settings, context: Math.max(1, settings.context - 2) },
  }[change];
  return JSON.stringify(next) === JSON.stringify(settings) ? null : next;
}

/** Whole minutes that add up to the hours, in the proportions that were given. */
export const fitMinutes = (hours: number, minutes: readonly number[]): number[] => allot(hours * 60, minutes.map((each) => Math.max(1, each)));

/** Entropy of single characters in nats, the loss of a model that only knows how frequent each is. */
export function unigramLoss(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return -[...counts.values()].reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0);
}

const ONES = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
/** 1 to 999 in words. */
export function inWords(number: number): string {
  if (number < 20) return ONES[number - 1] ?? '';
  if (number < 100) return `${TENS[Math.floor(number / 10) - 2]}${number % 10 === 0 ? '' : `-${ONES[(number % 10) - 1]}`}`;
  return `${ONES[Math.floor(number / 100) - 1]} hundred${number % 100 === 0 ? '' : ` and ${inWords(number % 100)}`}`;
}
/** A text so regular that a small model learns it at once. */
export const countingText = (upTo: number): string => Array.from({ length: upTo }, (_, index) => inWords(index + 1)).join(', ');
