/** Waits for work, but not for ever; the work itself goes on, and what it throws later is nobody's.
 * @throws Error when it takes longer than `ms`, else what the work throws */
export async function bounded<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work, new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms); })]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
