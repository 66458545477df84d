import { CodedError } from '#platform/coded-error';
import type { Endpoint } from './endpoint.ts';

/** Requests of a person that wait for each other: whatever changes something or leaves a row in the audit log. Starts of runs have
 * limits of their own. */
export const isLined = (endpoint: Pick<Endpoint, 'method' | 'audit' | 'idempotent' | 'permission' | 'turnsWithin'>): boolean => (endpoint.method !== 'get' || endpoint.audit !== 'none') && !endpoint.idempotent && !endpoint.turnsWithin && endpoint.permission !== 'public';

/** What one asker may have under way in this process at the same moment; the next ones wait in their order, and what is too much even
 * to wait is refused. Nobody waits for anybody else. */
export interface Turns { /** waits for a turn @returns what gives it back @throws CodedError RateLimited */ enter(who: string): Promise<() => void> }

interface Line { going: number; waiting: (() => void)[] }

export function createTurns({ atOnce, mayWait, what }: { atOnce: number; mayWait: number; /** for the refusal: "changes of one person" */ what: string }): Turns {
  const lines = new Map<string, Line>();
  return {
    async enter(who) {
      const line = lines.get(who) ?? { going: 0, waiting: [] };
      lines.set(who, line);
      if (line.going < atOnce) {
        line.going += 1;
      } else {
        if (line.waiting.length >= mayWait) throw new CodedError('RateLimited', `At most ${atOnce + mayWait} ${what} at the same moment.`, { retryAfterSeconds: 1 });
        // Whoever leaves hands its turn on.
        await new Promise<void>((resolve) => { line.waiting.push(resolve); });
      }
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const next = line.waiting.shift();
        if (next) { next(); return; }
        line.going -= 1;
        if (line.going === 0) lines.delete(who);
      };
    },
  };
}
