/** The address of the next page of a list, from its answer's Link header (RFC 8288, as api/paged.ts writes it); null on the last one. */
export const nextPage = (link: string | null): string | null => /<([^<>]+)>; rel="next"/.exec(link ?? '')?.[1] ?? null;

/** Every row of a list, a page after the other.
 * @param path  with the page's `limit`
 * @param ask  gets one page */
export async function allPages<Row>(path: string, ask: (path: string) => Promise<{ rows: Row[]; link: string | null }>): Promise<Row[]> {
  const all: Row[] = [];
  for (let next: string | null = path; next !== null;) {
    const { rows, link } = await ask(next);
    all.push(...rows);
    next = nextPage(link);
  }
  return all;
}
