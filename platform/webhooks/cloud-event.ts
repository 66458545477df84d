import { cloudEventType, type DeliveredEvent } from '#contracts/webhooks';

/** What a message says, as a CloudEvents 1.0 JSON envelope. Each line of it is here: ids, names of the platform's own, numbers, times and
 * a link. Never a title, an input, a prompt, an answer, a reason or an error's words: a receiver's log is not the run page.
 * @source CloudEvents 1.0.2, JSON event format */
export const CLOUD_EVENTS_TYPE = 'application/cloudevents+json; charset=utf-8';

/** The run that is told of; money in micro-dollars. */
export interface ToldRun {
  id: string; workflowSlug: string; runMode: string; provider: string; model: string; simulated: boolean; createdAt: Date;
  /** as it is now: told only of a run that has ended, where it stays so */
  status: string; capReached: string | null; errorCode: string | null; startedAt: Date | null; completedAt: Date | null; inputTokens: number; outputTokens: number; costUsdMicros: number | null;
}
export interface ToldEvent { eventId: string; eventType: DeliveredEvent; createdAt: Date; data: Record<string, string | number | null>; run: ToldRun | null }

/** The body that is sent and signed. The same at each try: of a run that goes on only what does not change is told. */
export function cloudEvent({ eventId, eventType, createdAt, data, run }: ToldEvent, webOrigin: string): string {
  return JSON.stringify({
    specversion: '1.0', id: eventId, source: webOrigin, type: cloudEventType(eventType), time: createdAt.toISOString(), ...(run ? { subject: run.id } : {}), datacontenttype: 'application/json',
    data: run ? { ...aboutRun(eventType, run, webOrigin), ...data } : { message: 'This is a test. Nothing happened.', ...data },
  });
}

function aboutRun(eventType: DeliveredEvent, run: ToldRun, webOrigin: string): object {
  const ended = eventType.startsWith('run.');
  return {
    run_id: run.id, url: eventType === 'approval.requested' ? `${webOrigin}/approvals` : `${webOrigin}/runs/${run.id}`,
    workflow_id: run.workflowSlug, run_mode: run.runMode, status: ended ? run.status : 'waiting', simulated: run.simulated, provider: run.provider, model: run.model, queued_at: run.createdAt.toISOString(),
    ...(ended ? {
      started_at: run.startedAt?.toISOString() ?? null, completed_at: run.completedAt?.toISOString() ?? null, cap_reached: run.capReached, error_code: run.errorCode,
      input_tokens: run.inputTokens, output_tokens: run.outputTokens, cost_usd_micros: run.costUsdMicros,
    } : {}),
  };
}
