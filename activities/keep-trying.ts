import { isDatabaseAway } from '#platform/database-errors';

const LIMIT_MS = 4 * 60_000;

/** Repeats `work` while the database is away, 0.5 s to 5 s apart, four minutes at most; other errors and the last one are
 * thrown. A cancel does not stop it: what was bought is stored even for a run that is being cancelled. */
export async function keepTrying<T>(work: () => Promise<T>, limitMs = LIMIT_MS): Promise<T> {
  const until = performance.now() + limitMs;
  for (let delay = 500; ; delay = Math.min(delay * 2, 5000)) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() + delay > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
