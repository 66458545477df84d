import { proxyActivities } from '@temporalio/workflow';
import type { BareActivities } from './activities.ts';
import type { BareBatch, BareOperation } from './plan.ts';

const { bareModelCall, bareTool, barePing, bareFile } = proxyActivities<BareActivities>({ startToCloseTimeout: '10 minutes', heartbeatTimeout: '10 seconds', retry: { maximumAttempts: 4, initialInterval: '2 seconds' } });

const perform = async (operation: BareOperation): Promise<unknown> => {
  switch (operation.kind) {
    case 'model': return bareModelCall(operation.call);
    case 'tool': return bareTool({ tool: operation.tool, arguments: operation.arguments });
    case 'ping': return barePing();
    case 'file': return bareFile({ fileName: operation.fileName, content: operation.content });
  }
};

/** What the platform is measured against: the same operations in the same order, by a workflow without ledger, event log,
 * caps, checks or trace. Lanes of a batch go on side by side, three at once as in the real workflow.
 * @returns how many operations were done */
export async function bareLoop(batches: BareBatch[], parallel: number): Promise<number> {
  let done = 0;
  for (const { lanes } of batches) {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < lanes.length) {
        const lane = lanes[next] ?? [];
        next += 1;
        for (const operation of lane) {
          await perform(operation);
          done += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallel, lanes.length) }, worker));
  }
  return done;
}
