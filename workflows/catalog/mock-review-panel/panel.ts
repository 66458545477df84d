import type { Gap } from './checklist.ts';
import { CRITERIA, type Criterion, type Role } from './sizes.ts';

/** What a panel's reviews add up to: scores, points that several made, actions in order. Pure. */
export interface Point { source_id: string; evidence_quote: string; problem: string; remedy: string }
export interface Review { role: Role; summary: string; strength: string; points: (Point & { /** the quoted words stand in the named source */ proven: boolean })[]; scores: Record<Criterion, number>; confidence: number }
export interface Answered { role: Role; problem: string; answer: string; verdict: 'stated' | 'partly' | 'not_stated'; evidence: string; /** by a judge who heard both in both orders; undecided when the verdict turned with the order */ judged?: 'objection' | 'answer' | 'open' | 'turned' }
export interface Action { priority: 1 | 2 | 3; kind: 'major point' | 'checklist'; raisedBy: string[]; place: string; problem: string; action: string }

export const median = (values: readonly number[]): number => { const sorted = values.toSorted((a, b) => a - b); const half = sorted.length / 2; return sorted.length === 0 ? 0 : Number.isInteger(half) ? ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2 : (sorted[Math.floor(half)] ?? 0); };

export interface Standing { criterion: Criterion; median: number; low: number; high: number; /** two points apart or more */ disputed: boolean }
export const standings = (reviews: readonly Review[]): Standing[] => (reviews.length === 0 ? [] : CRITERIA.map((criterion) => {
  const values = reviews.map(({ scores }) => scores[criterion]);
  return { criterion, median: median(values), low: Math.min(...values), high: Math.max(...values), disputed: Math.max(...values) - Math.min(...values) >= 2 };
}));

export type Recommendation = 'accept' | 'revise' | 'reject';
/** By rule, so that it can be argued with: the weakest criterion decides, not the mean. */
export function recommend(reviews: readonly Review[], strictness: 'lenient' | 'usual' | 'strict'): { recommendation: Recommendation; reason: string } {
  const rows = standings(reviews);
  const weakest = rows.toSorted((a, b) => a.median - b.median)[0];
  if (!weakest) return { recommendation: 'revise', reason: 'No review was finished.' };
  const bar = { lenient: 3, usual: 3.5, strict: 4 }[strictness];
  const recommendation = weakest.median >= bar ? 'accept' : weakest.median >= bar - 1.5 ? 'revise' : 'reject';
  return { recommendation, reason: `the weakest criterion, ${weakest.criterion}, has a median of ${weakest.median} where this bar asks for ${bar}` };
}

/** Words of every objection say nothing of which one it is. */
const COMMON = new Set(['paper', 'state', 'states', 'stated', 'which', 'where', 'whether', 'their', 'there', 'these', 'because', 'should', 'would', 'could', 'report', 'reported', 'authors']);
const words = (text: string): Set<string> => new Set((text.toLowerCase().match(/\p{L}{5,}/gu) ?? []).filter((word) => !COMMON.has(word)));
const alike = (one: string, other: string): boolean => { const [a, b] = [words(one), words(other)]; const shared = [...a].filter((word) => b.has(word)).length; return one === other || (shared >= 2 && shared / Math.min(a.size, b.size) >= 0.5); };

/** What several raised comes first; what no source bears out, or what the paper answers already, comes last among the points; then what
 * only the checklist misses. */
export function actionsOf(reviews: readonly Review[], answered: readonly Answered[], gaps: readonly Gap[], placeOf: (id: string) => string): Action[] {
  const points: Action[] = [];
  for (const { role, points: own } of reviews) for (const point of own) {
    const known = points.find(({ problem }) => alike(problem, point.problem));
    if (known) { if (!known.raisedBy.includes(role)) known.raisedBy.push(role); if (known.raisedBy.length > 1) known.priority = 1; continue; }
    const said = answered.find(({ problem, verdict }) => problem === point.problem && verdict === 'stated');
    const settled = said ?? answered.find(({ problem, judged }) => problem === point.problem && judged === 'answer');
    points.push({ priority: point.proven && !settled ? 2 : 3, kind: 'major point', raisedBy: [role], place: placeOf(point.source_id), problem: point.problem, action: said ? `The paper says “${said.evidence.replace(/[.!?]+$/, '')}”: move it to where a reader looks for it.` : point.remedy });
  }
  const missing: Action[] = gaps.filter(({ item, state }) => state !== 'stated' && !points.some(({ problem }) => problem.includes(item.wanted))).map(({ item, section }) => ({ priority: item.criterion === 'soundness' ? 2 : 3, kind: 'checklist', raisedBy: ['checklist'], place: section, problem: `The paper does not state ${item.wanted}.`, action: item.remedy }));
  return [...points, ...missing].toSorted((a, b) => a.priority - b.priority);
}
