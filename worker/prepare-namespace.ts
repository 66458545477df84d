import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '#contracts/search-attributes';
import type { Logger } from '#platform/logger';

/** gRPC codes of answers that are no fault here. */
const ALREADY_EXISTS = 6;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
const DAY_SECONDS = 86_400;
const KEYWORD = 2;
const ASK_AGAIN_MS = 500;

const codeOf = (error: unknown): number | undefined => (isGrpcServiceError(error) ? error.code : undefined);

/** Makes a Temporal server ready for the platform: the namespace and the keywords that Temporal Web filters runs by. Idempotent.
 * Temporal Cloud has both made by its own tools; a refusal there is told, not thrown.
 * @param waitMs  how long a server that is still starting is waited for
 * @returns false when namespace or keywords are left to the operator */
export async function prepareNamespace(connection: Connection, namespace: string, retentionDays: number, logger: Logger, waitMs = 60_000): Promise<boolean> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    try {
      await ensureNamespace(connection, namespace, retentionDays);
      await ensureSearchAttributes(connection, namespace);
      logger.info({ namespace, search_attributes: SEARCH_ATTRIBUTES }, 'the namespace is ready');
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === PERMISSION_DENIED || code === UNIMPLEMENTED) {
        logger.warn({ namespace, search_attributes: SEARCH_ATTRIBUTES }, 'this server lets nobody change it from here: make the namespace and its Keyword search attributes with its own tools');
        return false;
      }
      // A new namespace is known to all parts of the server some seconds later.
      if (Date.now() > deadline) throw error;
      await sleep(ASK_AGAIN_MS);
    }
  }
}

async function ensureNamespace(connection: Connection, namespace: string, retentionDays: number): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return;
  } catch (error) {
    if (codeOf(error) !== NOT_FOUND) throw error;
  }
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: (retentionDays || 90) * DAY_SECONDS as never } }).catch((error: unknown) => {
    if (codeOf(error) !== ALREADY_EXISTS) throw error;
  });
}

async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length > 0) await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])) });
}
