import { mapItems, type Prompt, type Step } from '../stages/step.ts';

/** Several voices on one question. Each voice is a call of its own in the ledger; who said what stays visible. */
export interface Voice { name: string; prompt: Prompt }
export interface Vote<T> { voice: string; answer: T }

/** Every voice answers without seeing the others. @param answer  name in the definition's `answers` */
export async function vote<T>(step: Step, answer: string, voices: readonly Voice[], items?: number): Promise<Vote<T>[]> {
  return mapItems(voices, voices.length, async ({ name, prompt }) => ({ voice: name, answer: await step.answer<T>(answer, prompt, items) }));
}

/** The choice of most voices; ties and empty votes are nobody's. @returns counts in the order of first mention */
export function majority<T, K extends string>(votes: readonly Vote<T>[], choiceOf: (answer: T) => K): { winner: K | null; counts: { choice: K; voices: string[] }[]; unanimous: boolean } {
  const counts: { choice: K; voices: string[] }[] = [];
  for (const { voice, answer } of votes) {
    const choice = choiceOf(answer);
    const known = counts.find((count) => count.choice === choice);
    if (known) known.voices.push(voice);
    else counts.push({ choice, voices: [voice] });
  }
  const most = Math.max(0, ...counts.map((count) => count.voices.length));
  const best = counts.filter((count) => count.voices.length === most);
  return { winner: best.length === 1 ? (best[0]?.choice ?? null) : null, counts, unanimous: counts.length === 1 };
}

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
