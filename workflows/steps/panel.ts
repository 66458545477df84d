import { mapItems, type Prompt, type Step } from '../stages/step.ts';

/** A judge of two candidates. */
export type Side = 'a' | 'b' | 'tie';
export interface Verdict { winner: Side; /** both orders said the same */ consistent: boolean; reasons: [string, string] }
export interface PairAnswer { winner: 'first' | 'second' | 'tie'; reason: string }

/** Compares two candidates twice with their places swapped: a judge that prefers a place instead of a candidate ends in a tie.
 * @param answer  name of a schema that gives PairAnswer @param prompt  makes the prompt for one order */
export async function judgePair(step: Step, answer: string, prompt: (first: 'a' | 'b', second: 'a' | 'b') => Prompt): Promise<Verdict> {
  const [forward, backward] = await mapItems([['a', 'b'], ['b', 'a']] as const, 2, ([first, second]) => step.answer<PairAnswer>(answer, prompt(first, second)));
  return settlePair(forward as PairAnswer, backward as PairAnswer);
}

/** How often each side won in both orders. A verdict that turned with the order is a tie, and counted as turned. */
export function tally(verdicts: readonly Verdict[]): Record<Side, number> & { turned: number } {
  const count = (side: Side): number => verdicts.filter(({ winner }) => winner === side).length;
  return { a: count('a'), b: count('b'), tie: count('tie'), turned: verdicts.filter(({ consistent }) => !consistent).length };
}

/** Pure half of `judgePair`: `forward` saw a first, `backward` saw b first. */
export function settlePair(forward: PairAnswer, backward: PairAnswer): Verdict {
  const there: Side = forward.winner === 'tie' ? 'tie' : forward.winner === 'first' ? 'a' : 'b';
  const back: Side = backward.winner === 'tie' ? 'tie' : backward.winner === 'first' ? 'b' : 'a';
  return { winner: there === back ? there : 'tie', consistent: there === back, reasons: [forward.reason, backward.reason] };
}
