import { wordsOf, type Neighbour } from './papers.ts';
import { similarities } from './similarity.ts';
import { READ_PER_CLAIM, type Relation } from './sizes.ts';

/** The matrix and what follows from it. Pure. */
export interface Cell { claim: number; paper: string; /** by words */ similarity: number; /** as read; unclear = the quotation is not in the paper */ relation: Relation | 'unclear'; quote: string; quoteMatch: string; difference: string }
export type ClaimVerdict = 'anticipated' | 'partly known' | 'open so far' | 'not compared';

/** Which paper is read for which claim: the nearest first, each paper at most once a claim. */
export function readingList(claims: readonly string[], papers: readonly Pick<Neighbour, 'id' | 'title' | 'text'>[], perClaim = READ_PER_CLAIM): { claim: number; paper: string; similarity: number }[] {
  return similarities(claims, papers.map(wordsOf)).flatMap((row, claim) => row.map((similarity, at) => ({ claim, paper: papers[at]?.id ?? '', similarity })).toSorted((a, b) => b.similarity - a.similarity || a.paper.localeCompare(b.paper, 'en', { numeric: true })).slice(0, perClaim));
}

export function claimVerdict(claim: number, cells: readonly Cell[]): ClaimVerdict {
  const own = cells.filter((cell) => cell.claim === claim);
  if (own.length === 0) return 'not compared';
  if (own.some((cell) => cell.relation === 'same')) return 'anticipated';
  return own.some((cell) => cell.relation === 'partial') ? 'partly known' : own.every((cell) => cell.relation === 'unclear') ? 'not compared' : 'open so far';
}

export interface SearchLog { query: string; by: string; outcome: string; found: number; fresh: number }
/** One sentence that never says "new" of what nobody could search. */
export function overall(claims: readonly string[], cells: readonly Cell[], papers: number, searches: readonly SearchLog[]): string {
  const verdicts = claims.map((_, claim) => claimVerdict(claim, cells));
  const count = (verdict: ClaimVerdict): number => verdicts.filter((each) => each === verdict).length;
  const answered = searches.filter((search) => search.outcome === 'ok' || search.outcome === 'empty').length;
  const told = (['open so far', 'partly known', 'anticipated', 'not compared'] as const).filter((verdict) => count(verdict) > 0).map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
  const reach = answered > 0 ? `after ${answered} ${answered === 1 ? 'search' : 'searches'} ${searches.some(({ by }) => by.endsWith('web_search')) ? 'of registries and web' : 'of the registries'}` : 'no registry was searched, so this shows only how the idea lies to the papers named here, not that it is new';
  return claims.length === 0 ? 'There are no claims, so there is no verdict.' : `Of ${claims.length} ${claims.length === 1 ? 'claim' : 'claims'} against ${papers} papers: ${told}; ${reach}.`;
}
