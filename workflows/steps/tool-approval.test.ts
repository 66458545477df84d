import { expect, it } from 'vitest';
import { TOOL_RISKS } from '#contracts/tool-policy';
import { byRisk } from './tool-approval.ts';

it('what reads or computes goes ahead; what acts, and what nobody wrote a risk for, is asked about', () => {
  for (const [tool, risk] of Object.entries(TOOL_RISKS)) expect(byRisk({ tool, arguments: {} }), tool).toBe(risk === 'read' || risk === 'compute' ? 'allow' : 'ask');
  expect(byRisk({ tool: 'mcp:desk:send', arguments: {} })).toBe('ask');
});
