import { MUST_HAVE_INFO, PART_INFO } from './criteria.ts';
import { LEVELS, type Level, type MustHave, type Part } from './sizes.ts';

/** Sentences, where they come from, and what they are worth. Pure. */
export type Kind = 'vendor says' | 'vendor document' | 'independent';
export interface Text { /** id among the sources of the run */ id: string; kind: Kind; title: string; text: string }
export interface Sentence { source: string; kind: Kind; text: string }
export interface Assessment { vendor: number; part: Part; level: Level; score: number; quote: string; source: string | null; kind: Kind | null; quoteMatch: string; reason: string }
export interface Contradiction { vendor: number; part: Part; claim: Sentence; evidence: Sentence; why: string }

/** The best that a source can show: what a vendor says of itself is a claim, whatever it says. */
const MOST: Record<Kind, number> = { 'vendor says': 1, 'vendor document': 2, independent: 3 };

export const sentencesOf = (texts: readonly Text[]): Sentence[] => texts.flatMap(({ id, kind, text }) => text.replace(/\s+/g, ' ').split(/(?<=[.!?])\s+/).map((sentence) => sentence.trim()).filter((sentence) => sentence.length >= 12).map((sentence) => ({ source: id, kind, text: sentence.slice(0, 400) })));

/** Sentences that speak of a part, those from better sources first; at most `most` of each kind. */
export function about(part: Part, sentences: readonly Sentence[], most = 3): Sentence[] {
  const hits = ({ text }: Sentence): number => (text.match(new RegExp(PART_INFO[part].words, 'gi')) ?? []).length;
  return (['independent', 'vendor document', 'vendor says'] as const).flatMap((kind) => sentences.filter((sentence) => sentence.kind === kind && hits(sentence) > 0).toSorted((a, b) => hits(b) - hits(a)).slice(0, most));
}

/** Somebody independent tells of trouble: that is evidence, but not for the vendor. */
const ADVERSE = /\b(outage\w*|breach\w*|leak\w*|fined|lawsuit\w*|failed|refused|never|unless|extra|without notice|not announced)\b/i;
export const isAdverse = ({ kind, text }: Pick<Sentence, 'kind' | 'text'>): boolean => kind === 'independent' && ADVERSE.test(text);

/** What the sources alone allow, before anybody read them; evidence against the vendor carries nothing. */
export const firstGuess = (found: readonly Sentence[]): Level => LEVELS[Math.max(0, ...found.filter((sentence) => !isAdverse(sentence)).map(({ kind }) => MOST[kind]))] ?? 'none';

/** The sentence that the sources alone would put first: from the best source, and not against the vendor where there is another. */
export const strongest = (found: readonly Sentence[]): Sentence | null => found.filter((sentence) => !isAdverse(sentence)).toSorted((a, b) => MOST[b.kind] - MOST[a.kind])[0] ?? found[0] ?? null;

/** 0 none, 1 claimed, 2 documented, 3 shown; never above what the source of the quotation can show, and 1 at most without one. */
export function scoreOf(level: Level, kind: Kind | null): number {
  return Math.min(LEVELS.indexOf(level), kind === null ? 1 : MOST[kind]);
}

const NEGATIVE = /\b(no|not|never|without|none|cannot|isn't|doesn't|don't|failed|refused|missing)\b/i;
/** Pairs that may contradict each other: figures in per cent that fall short, or one side denies what the other says. */
export interface Dispute { claim: Sentence; evidence: Sentence; sign: 'figures' | 'denial' }
export function disputes(part: Part, sentences: readonly Sentence[]): Dispute[] {
  const own = about(part, sentences).filter(({ kind }) => kind !== 'independent');
  const others = about(part, sentences).filter(({ kind }) => kind === 'independent');
  return own.flatMap((claim) => others.flatMap((evidence): Dispute[] => {
    const [a, b] = [percents(claim.text), percents(evidence.text)];
    if (a.length > 0 && b.length > 0) return Math.max(...b) >= Math.max(...a) ? [] : [{ claim, evidence, sign: 'figures' }];
    return shared(claim.text, evidence.text) >= 2 && NEGATIVE.test(claim.text) !== NEGATIVE.test(evidence.text) ? [{ claim, evidence, sign: 'denial' }] : [];
  })).slice(0, 2);
}

export const percents = (text: string): number[] => [...text.matchAll(/(\d+(?:\.\d+)?)\s?(?:%|per ?cent)/gi)].map((match) => Number(match[1]));
const stems = (text: string): Set<string> => new Set((text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map((word) => word.slice(0, 5)));
function shared(a: string, b: string): number {
  const other = stems(b);
  return [...stems(a)].filter((stem) => other.has(stem) && !['that', 'with', 'from', 'this', 'have', 'their', 'which', 'custo', 'they', 'your'].includes(stem)).length;
}

/** A part whose claim is contradicted is worth a claim at most, whatever else was quoted. */
export const disputedDown = (assessments: readonly Assessment[], contradictions: readonly Pick<Contradiction, 'vendor' | 'part'>[]): Assessment[] => assessments.map((each) => (each.score > 1 && contradictions.some(({ vendor, part }) => vendor === each.vendor && part === each.part) ? { ...each, score: 1, reason: `${each.reason} A claim on this part is contradicted, so it counts as claimed.` } : each));

export type MustState = 'shown' | 'claimed' | 'disputed' | 'no evidence';
/** Whether a must-have is shown by somebody or a document, only claimed, disputed, or not spoken of at all. */
export function mustState(must: MustHave, sentences: readonly Sentence[], contradictions: readonly Pick<Contradiction, 'part' | 'claim' | 'evidence'>[]): { state: MustState; sentence: Sentence | null } {
  const { words } = MUST_HAVE_INFO[must];
  const found = sentences.filter(({ text }) => words.test(text));
  const dispute = contradictions.find(({ claim, evidence }) => words.test(claim.text) && words.test(evidence.text));
  if (dispute) return { state: 'disputed', sentence: dispute.evidence };
  const best = found.find(({ kind }) => kind === 'independent') ?? found.find(({ kind }) => kind === 'vendor document') ?? found[0] ?? null;
  if (best !== null && isAdverse(best)) return { state: 'disputed', sentence: best };
  return { state: best === null ? 'no evidence' : best.kind === 'vendor says' ? 'claimed' : 'shown', sentence: best };
}
