import { Context } from '@temporalio/activity';
import { z } from 'zod';
import { answerSchema } from '#contracts/catalog.schema';
import { jsonSafe } from '#contracts/json-safe';
import { MAX_SHOWN_BYTES } from '#contracts/limits';
import type { CloseGateRequest, OpenGateRequest, RemindGateRequest } from '#contracts/workflow';
import { CodedError } from '#platform/coded-error';
import { canonicalJson, sha256Hex } from '#platform/ids';
import { closeApproval, openApproval, remindApproval } from '#platform/repositories/approvals';
import { appendRunEvents } from '#platform/repositories/run-events';
import { waitingForRun } from '#platform/repositories/webhook-deliveries';
import { wakeWebhooks } from '#platform/webhooks/wake';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';

/** Stores what people are asked, row and event in one transaction. Idempotent.
 * @returns SHA-256 of title, kind and what is shown: decisions are bound to it
 * @throws PayloadTooLarge when more is shown than a person can take in; Internal when the definition has no such answers */
export async function openGate(deps: ActivityDeps, { runId, userId, slug, before, stage, gate: asked }: OpenGateRequest): Promise<{ shownHash: string }> {
  const gate = jsonSafe(asked);
  try {
    const content = canonicalJson({ kind: gate.kind, title: gate.title, shown: gate.shown ?? null, answers: gate.answers });
    if (Buffer.byteLength(content) > MAX_SHOWN_BYTES) throw new CodedError('PayloadTooLarge', `What "${gate.title}" shows is larger than ${MAX_SHOWN_BYTES} bytes.`);
    const shownHash = sha256Hex(content);
    const schema = gate.answers === null ? null : await jsonSchemaOf(deps, runId, slug, gate.answers);
    await deps.db.$transaction(async (tx) => {
      const known = await appendRunEvents(tx, runId, [...carriedEvents(before), {
        key: `gate/${gate.gateId}/open/${gate.until}`,
        event: { type: 'gate-open', stage, data: { gate_id: gate.gateId, kind: gate.kind, key: gate.key, title: gate.title, shown: gate.shown, shown_hash: shownHash, role: gate.role, approvers: gate.approvers, answer_schema: schema, until: gate.until } },
      }]);
      if (known === null) throw new CodedError('NotFound', 'The run was deleted.');
      await openApproval(tx, { runId, userId, gate, shownHash, answerSchema: schema });
    });
    await wakeWebhooks(deps, await waitingForRun(deps.db, runId));
    return { shownHash };
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), null);
  }
}

async function jsonSchemaOf(deps: ActivityDeps, runId: string, slug: string, name: string): Promise<Record<string, unknown>> {
  const schema = answerSchema(await deps.findEntry(slug, runId), { name });
  if (!schema) throw new CodedError('Internal', `${slug} has no answer schema named ${name}.`);
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) as Record<string, unknown>;
}

/** Idempotent. */
export async function remindGate(deps: ActivityDeps, { runId, before, stage, gateId, until }: RemindGateRequest): Promise<void> {
  await deps.db.$transaction(async (tx) => {
    await appendRunEvents(tx, runId, [...carriedEvents(before), { key: `${before.keyPrefix}/gate/${gateId}/remind`, event: { type: 'gate-remind', stage, data: { gate_id: gateId, until } } }]);
    await remindApproval(tx, runId, gateId);
  });
}

/** Idempotent. */
export async function closeGate(deps: ActivityDeps, { runId, before, stage, gateId, outcome }: CloseGateRequest): Promise<void> {
  await deps.db.$transaction(async (tx) => {
    await appendRunEvents(tx, runId, [...carriedEvents(before), { key: `${before.keyPrefix}/gate/${gateId}/close`, event: { type: 'gate-close', stage, data: { gate_id: gateId, outcome } } }]);
    await closeApproval(tx, runId, gateId, outcome);
  });
}
