import type { RunRequest } from '#contracts/workflow';
import { Budget } from './budget.ts';
import type { EventLog } from './event-log.ts';
import { Gates } from './gates.ts';
import { ProviderChain } from './provider-chain.ts';
import type { RunActivities } from './proxies.ts';
import { Waits } from './waiting.ts';

/** What governs one run beyond its caps: money, providers, people. Built before the first await, so that an Update that
 * arrives with the first workflow task finds its handler. */
export interface Governor { waits: Waits; budget: Budget; providers: ProviderChain; gates: Gates }

export function governorOf(request: RunRequest, log: EventLog, activities: RunActivities): Governor {
  const waits = new Waits(request.runId, log, activities);
  return { waits, budget: new Budget(request, waits, log), providers: new ProviderChain(request, waits, log), gates: new Gates(request, waits, log, activities) };
}
