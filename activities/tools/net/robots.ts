import robotsParserModule from 'robots-parser';
import { hostOf } from '#platform/public-address';
import { ToolProblem } from '../tool.ts';
import { USER_AGENT, type FetchedDocument } from './guarded-fetch.ts';

// The package is CommonJS with a `default` typing that Node's ESM loader does not give.
type Rules = { isDisallowed(url: string, agent: string): boolean | undefined };
const parseRobots = robotsParserModule as unknown as (url: string, text: string) => Rules;

export interface Robots { /** @throws ToolProblem `failed` when the site asks robots to stay away */ check(url: URL, fetch: (address: string) => Promise<FetchedDocument>): Promise<void> }

const KEEP_MS = 3_600_000;
const MAX_ORIGINS = 500;

/** robots.txt by RFC 9309, kept for an hour per origin: 4xx = no rules, 5xx = nothing may be read.
 * @param now  ms, for tests */
export function createRobots(now: () => number = Date.now): Robots {
  const known = new Map<string, { until: number; rules: Rules | 'none' | 'closed' }>();
  return {
    async check(url, fetch) {
      let entry = known.get(url.origin);
      if (!entry || entry.until <= now()) {
        entry = { until: now() + KEEP_MS, rules: await readRules(url.origin, fetch) };
        const oldest = known.keys().next().value;
        if (known.size >= MAX_ORIGINS && oldest !== undefined) known.delete(oldest);
        known.set(url.origin, entry);
      }
      const { rules } = entry;
      if (rules === 'closed') throw new ToolProblem('unavailable', `${hostOf(url)} does not say whether robots may read it (its robots.txt fails).`);
      if (rules !== 'none' && rules.isDisallowed(url.href, USER_AGENT) === true) throw new ToolProblem('failed', `${hostOf(url)} asks robots not to read this page (robots.txt).`);
    },
  };
}

async function readRules(origin: string, fetch: (address: string) => Promise<FetchedDocument>): Promise<Rules | 'none' | 'closed'> {
  const address = `${origin}/robots.txt`;
  const answer = await fetch(address);
  if (answer.status >= 500) return 'closed';
  if (answer.status >= 400) return 'none';
  return parseRobots(address, answer.bytes.toString('utf8'));
}
