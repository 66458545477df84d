import { RunPolicyBody, RunPolicySchema, type RunPolicyWire } from '#contracts/api/usage.schema';
import { CodedError } from '#platform/coded-error';
import { digestOf } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { currentRunPolicy, writeRunPolicy, type StoredRunPolicy } from '#platform/repositories/run-policy';
import { defineEndpoint } from '../../endpoint.ts';

const toWire = (policy: StoredRunPolicy): RunPolicyWire => ({ version: policy.version, rules: policy.rules, changed_by: policy.createdBy, changed_at: policy.createdAt?.toISOString() ?? null });

export const getRunPolicy = defineEndpoint({
  method: 'get', path: '/api/v1/run-policy', operationId: 'getRunPolicy', tag: 'Usage and policy', summary: 'Who may run what, how and with which provider', permission: 'settings:manage', audit: 'none', answers: { 200: { description: 'The rules in their order', schema: RunPolicySchema } }, errors: [],
  handler: (deps) => async () => ({ status: 200, body: toWire(await currentRunPolicy(deps.db)) }),
});

export const putRunPolicy = defineEndpoint({
  method: 'put', path: '/api/v1/run-policy', operationId: 'changeRunPolicy', tag: 'Usage and policy', summary: 'Change who may run what', description: 'Replaces the whole list. The first rule that fits decides; what none names is allowed, within the rights of the role. It holds at once, also for the next step of runs under way.', permission: 'settings:manage', audit: 'run_policy.changed', body: RunPolicyBody,
  answers: { 200: { description: 'As it is now', schema: RunPolicySchema } }, errors: ['InvalidInput', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const policy = await deps.db.$transaction(async (tx) => {
      const written = await writeRunPolicy(tx, body.rules, body.version, principal.userId);
      if (!written) throw new CodedError('Conflict', 'Somebody changed the run policy since you read it; read it again and apply your change.');
      await appendAuditEvent(tx, audit({ type: 'run_policy.changed', resource: `run_policy/${written.version}`, data: { from_version: body.version, to_version: written.version, rules: body.rules.length, rules_digest: digestOf(body.rules) } }));
      return written;
    });
    return { status: 200, body: toWire(policy) };
  },
});
