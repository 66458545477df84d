import type { RunBody } from '#contracts/api/runs.schema';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { acceptRun } from '../routes/runs/accept-run.ts';
import { acceptedAnswer, postRun } from '../routes/runs/post-run.ts';

/** The start of a run for a program that acts by a model: a Full run needs the yes of a person. Not an address of its own. */
export const startForAgent: Endpoint = defineEndpoint<undefined, undefined, typeof RunBody>({
  ...(postRun as unknown as Parameters<typeof defineEndpoint<undefined, undefined, typeof RunBody>>[0]),
  handler: (deps) => async (call) => acceptedAnswer(201, await acceptRun(deps, call, 'startRun', () => Promise.resolve({ body: call.body, fullNeedsApproval: true }))),
});
