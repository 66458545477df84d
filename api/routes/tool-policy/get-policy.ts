import { ToolPolicySchema } from '#contracts/api/tool-policy.schema';
import { currentToolPolicy } from '#platform/repositories/tool-policy';
import { defineEndpoint } from '../../endpoint.ts';
import { policyToWire } from './policy-to-wire.ts';

export const getToolPolicy = defineEndpoint({
  method: 'get', path: '/api/v1/tool-policy', operationId: 'getToolPolicy', tag: 'Tool policy', summary: 'Which tools runs may use', description: 'Reading is allowed by default; the list says who may do more, by workflow and role.', permission: 'settings:manage', audit: 'none',
  answers: { 200: { description: 'The allow list as it holds now', schema: ToolPolicySchema } }, errors: ['PermissionDenied'],
  handler: (deps) => async () => ({ status: 200, body: policyToWire(await currentToolPolicy(deps.db), deps.config) }),
});
