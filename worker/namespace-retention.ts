import type { Connection } from '@temporalio/client';
import type { Logger } from '#platform/logger';

const DAY_SECONDS = 86_400;
/** When artifacts are kept for ever, histories are kept this long. */
const WITHOUT_LIMIT_DAYS = 90;

/** Temporal forgets closed executions after its namespace's own retention (one day on the dev server): a run that we still
 * show would not open in Temporal Web. Raises it to the platform's days; never lowers it, and a namespace that this worker may
 * not change (Temporal Cloud) is only reported.
 * @returns the days in force, null when the namespace could not be read */
export async function ensureNamespaceRetention(connection: Connection, namespace: string, retentionDays: number, logger: Logger): Promise<number | null> {
  const wanted = (retentionDays > 0 ? retentionDays : WITHOUT_LIMIT_DAYS) * DAY_SECONDS;
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const present = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    if (present >= wanted) return present / DAY_SECONDS;
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: { seconds: wanted as never } } });
    logger.info({ namespace, days: wanted / DAY_SECONDS }, 'Temporal keeps histories as long as artifacts are kept');
    return wanted / DAY_SECONDS;
  } catch (error) {
    logger.warn({ err: error, namespace, days: wanted / DAY_SECONDS }, 'Temporal\'s retention could not be matched; set it on the namespace');
    return null;
  }
}
