import { proxyActivities } from '@temporalio/workflow';
import type { KeyTestRequest, KeyTestResult, WorkflowActivities } from '#contracts/workflow';

/** Tests a saved key: one cheap call to the vendor, the result stored with the setting. One try: the person sees what happened. */
export async function testProviderKey(request: KeyTestRequest): Promise<KeyTestResult> {
  const activities = proxyActivities<Pick<WorkflowActivities, 'testProviderKey'>>({ startToCloseTimeout: request.timeoutMs + 10_000, retry: { maximumAttempts: 2 } });
  return activities.testProviderKey(request);
}
