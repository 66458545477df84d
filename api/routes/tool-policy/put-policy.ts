import { ToolPolicyBody, ToolPolicySchema } from '#contracts/api/tool-policy.schema';
import { CodedError } from '#platform/coded-error';
import { digestOf } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { writeToolPolicy } from '#platform/repositories/tool-policy';
import { defineEndpoint } from '../../endpoint.ts';
import { policyToWire } from './policy-to-wire.ts';

export const putToolPolicy = defineEndpoint({
  method: 'put', path: '/api/v1/tool-policy', operationId: 'changeToolPolicy', tag: 'Tool policy', summary: 'Change which tools runs may use', description: 'Replaces the whole list. It holds at once, also for calls of runs that are under way.', permission: 'settings:manage', audit: 'tool_policy.changed', body: ToolPolicyBody,
  answers: { 200: { description: 'As it is now', schema: ToolPolicySchema } }, errors: ['InvalidInput', 'PermissionDenied', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const policy = await deps.db.$transaction(async (tx) => {
      const written = await writeToolPolicy(tx, body.rules, body.version, principal.userId);
      if (!written) throw new CodedError('Conflict', 'Somebody changed the tool policy since you read it; read it again and apply your change.');
      await appendAuditEvent(tx, audit({ type: 'tool_policy.changed', resource: `tool_policy/${written.version}`, data: { from_version: body.version, to_version: written.version, rules: body.rules.length, rules_digest: digestOf(body.rules) } }));
      return written;
    });
    return { status: 200, body: policyToWire(policy, deps.config) };
  },
});
