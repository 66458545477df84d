import { CodedError, invalidField } from '../coded-error.ts';
import { isUuid } from '../ids.ts';
import { LIST_LIMIT_DEFAULT } from '#contracts/limits';

/** Newest-first paging by (created_at, id): rows that arrive while a person pages never repeat or push one out. */
export interface Page { limit: number; skip: number; cursor: { createdAt: Date; id: string } | null }
export interface Paged<Row> { rows: Row[]; total: number; nextCursor: string | null }

const encode = (row: { createdAt: Date; id: string }): string => Buffer.from(`${row.createdAt.toISOString()} ${row.id}`).toString('base64url');

function decode(cursor: string): { createdAt: Date; id: string } {
  const [at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const createdAt = new Date(at ?? '');
  if (Number.isNaN(createdAt.getTime()) || !id || !isUuid(id)) throw invalidField('#/query/cursor', 'That is not a cursor of this API.');
  return { createdAt, id };
}

/** @throws CodedError InvalidInput for a cursor that is not ours, or cursor and skip together */
export function pageFrom(query: { limit?: number | undefined; skip?: number | undefined; cursor?: string | undefined }): Page {
  if (query.cursor !== undefined && query.skip !== undefined) throw new CodedError('InvalidInput', 'Send either cursor or skip.', { errors: [{ pointer: '#/query/skip', detail: 'not together with cursor' }] });
  return { limit: query.limit ?? LIST_LIMIT_DEFAULT, skip: query.skip ?? 0, cursor: query.cursor === undefined ? null : decode(query.cursor) };
}

/** The Prisma condition for "after the cursor". */
export function after(page: Page): { OR?: ({ createdAt: { lt: Date } } | { createdAt: Date; id: { lt: string } })[] } {
  return page.cursor ? { OR: [{ createdAt: { lt: page.cursor.createdAt } }, { createdAt: page.cursor.createdAt, id: { lt: page.cursor.id } }] } : {};
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
