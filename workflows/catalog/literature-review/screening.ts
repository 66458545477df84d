/** Two screeners on each paper: what they agree on, what is split, and how much better than chance they agree. Pure. */
export const DECISIONS = ['include', 'exclude', 'unclear'] as const;
export type Decision = (typeof DECISIONS)[number];
export interface Voice { decision: Decision; /** words of the record that decide it; empty when they are not in it */ evidence: string }
export interface Screening { paper: string; first: Voice; second: Voice }
export type Outcome = 'include' | 'exclude' | 'split';

/** Both sure and of one mind, else split: a paper that one of two does not understand is looked at again. */
export const outcomeOf = ({ first, second }: Screening): Outcome => (first.decision === second.decision && first.decision !== 'unclear' ? first.decision : 'split');

export interface Agreement { papers: number; same: number; /** 0 to 1 */ share: number; /** Cohen's kappa over the three choices; null when chance alone explains everything */ kappa: number | null }
export function agreementOf(screenings: readonly Screening[]): Agreement {
  const papers = screenings.length;
  const same = screenings.filter(({ first, second }) => first.decision === second.decision).length;
  const share = papers === 0 ? 0 : same / papers;
  const chance = DECISIONS.reduce((sum, choice) => sum + (screenings.filter(({ first }) => first.decision === choice).length * screenings.filter(({ second }) => second.decision === choice).length) / Math.max(1, papers * papers), 0);
  return { papers, same, share, kappa: papers === 0 || chance === 1 ? null : (share - chance) / (1 - chance) };
}

/** @source J. R. Landis, G. G. Koch, Biometrics 33 (1977) 159–174 */
export const kappaWords = (kappa: number): string => (kappa < 0 ? 'worse than chance' : kappa <= 0.2 ? 'slight' : kappa <= 0.4 ? 'fair' : kappa <= 0.6 ? 'moderate' : kappa <= 0.8 ? 'substantial' : 'almost perfect');

/** Ids such as "p3, p7" in what a person wrote; only those that were asked about. */
export const idsIn = (text: string, asked: readonly string[]): string[] => { const named = new Set(text.toLowerCase().match(/\bp\d{1,4}\b/g) ?? []); return asked.filter((id) => named.has(id)); };

/** Share of a text's longer words that stand in the record. */
export function grounded(text: string, record: string): number {
  const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [])];
  const held = record.toLowerCase();
  return words.length === 0 ? 1 : words.filter((word) => held.includes(word.slice(0, Math.max(4, word.length - 2)))).length / words.length;
}
