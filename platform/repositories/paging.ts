import { CodedError, invalidField } from '../coded-error.ts';
import { isUuid } from '../ids.ts';
import { LIST_LIMIT_DEFAULT } from '#contracts/limits';

/** Newest-first paging by (created_at, id): rows that arrive while a person pages never repeat or push one out. */
export interface Page { limit: number; skip: number; cursor: { createdAt: Date; id: string } | null }
/** How many there are on all pages together; null = more than is counted. */
export type Total = number | null;
export interface Paged<Row> { rows: Row[]; total: Total; nextCursor: string | null }
interface PageQuery { limit?: number | undefined; skip?: number | undefined; cursor?: string | undefined }

const encode = (row: { createdAt: Date; id: string }): string => Buffer.from(`${row.createdAt.toISOString()} ${row.id}`).toString('base64url');

function decode(cursor: string): { createdAt: Date; id: string } {
  const [at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const createdAt = new Date(at ?? '');
  if (Number.isNaN(createdAt.getTime()) || !id || !isUuid(id)) throw notOurs();
  return { createdAt, id };
}

const notOurs = (): CodedError => invalidField('#/query/cursor', 'That is not a cursor of this API.');
function refuseBoth(query: PageQuery): void {
  if (query.cursor !== undefined && query.skip !== undefined) throw new CodedError('InvalidInput', 'Send either cursor or skip.', { errors: [{ pointer: '#/query/skip', detail: 'not together with cursor' }] });
}

/** @throws CodedError InvalidInput for a cursor that is not ours, or cursor and skip together */
export function pageFrom(query: PageQuery): Page {
  refuseBoth(query);
  return { limit: query.limit ?? LIST_LIMIT_DEFAULT, skip: query.skip ?? 0, cursor: query.cursor === undefined ? null : decode(query.cursor) };
}

/** The Prisma condition for "after the cursor". */
export function after(page: Page): { OR?: ({ createdAt: { lt: Date } } | { createdAt: Date; id: { lt: string } })[] } {
  return page.cursor ? { OR: [{ createdAt: { lt: page.cursor.createdAt } }, { createdAt: page.cursor.createdAt, id: { lt: page.cursor.id } }] } : {};
}

/** The same for a list that goes from the oldest to the newest. */
export function afterOldest(page: Page): { OR?: ({ createdAt: { gt: Date } } | { createdAt: Date; id: { gt: string } })[] } {
  return page.cursor ? { OR: [{ createdAt: { gt: page.cursor.createdAt } }, { createdAt: page.cursor.createdAt, id: { gt: page.cursor.id } }] } : {};
}

/** Paging of rows that carry a number of their own, highest first: the cursor is the number of the last row that was shown. */
export interface NumberedPage { limit: number; skip: number; before: bigint | null }

/** @throws as pageFrom */
export function numberedPageFrom(query: PageQuery): NumberedPage {
  refuseBoth(query);
  if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor)) throw notOurs();
  return { limit: query.limit ?? LIST_LIMIT_DEFAULT, skip: query.skip ?? 0, before: query.cursor === undefined ? null : BigInt(query.cursor) };
}

/** @param rows as for pageOf */
export function numberedPageOf<Row>(rows: Row[], total: Total, page: NumberedPage, numberOf: (row: Row) => bigint | number): Paged<Row> {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { rows: shown, total, nextCursor: rows.length > page.limit && last ? String(numberOf(last)) : null };
}

/** A page of a list that is short enough to be read whole and goes from the oldest to the newest: the files of a run.
 * @param rows all of them, oldest first */
export function pageOfOldestFirst<Row extends { createdAt: Date; id: string }>(rows: readonly Row[], page: Page): Paged<Row> {
  const { cursor } = page;
  const rest = cursor ? rows.filter(({ createdAt, id }) => createdAt > cursor.createdAt || (createdAt.getTime() === cursor.createdAt.getTime() && id > cursor.id)) : rows;
  return pageOf(rest.slice(page.skip, page.skip + page.limit + 1), rows.length, page);
}

/** @param rows one more than the limit was asked for, to see whether there is a next page */
export function pageOf<Row extends { createdAt: Date; id: string }>(rows: Row[], total: number, page: Page): Paged<Row> {
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { rows: shown, total, nextCursor: rows.length > page.limit && last ? encode(last) : null };
}
