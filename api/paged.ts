import type { Request } from 'express';
import type { Paged } from '#platform/repositories/paging';
import type { Answer } from './endpoint.ts';

/** A list answer: an array, with the total in X-Total-Count and the next page in Link (RFC 8288). */
export function pagedAnswer<Row>(req: Request, paged: Paged<Row>, toWire: (row: Row) => unknown): Answer {
  const headers: Record<string, string> = paged.total === null ? {} : { 'X-Total-Count': String(paged.total) };
  if (paged.nextCursor !== null) {
    const query = new URLSearchParams(Object.entries(req.query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    query.delete('skip');
    query.set('cursor', paged.nextCursor);
    headers['Link'] = `<${req.baseUrl}${req.path}?${query}>; rel="next"`;
  }
  return { status: 200, body: paged.rows.map(toWire), headers };
}
