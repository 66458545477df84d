import { describe, expect, it } from 'vitest';
import { addressesIn, decideTool, modelToolName, toolOfModelName, type ToolQuestion } from './tool-policy.ts';

const ask = (overrides: Partial<ToolQuestion> = {}): ToolQuestion => ({ tool: 'web_search', risk: 'read', workflowId: 'learn', role: 'student', stage: 'full', declared: ['web_search', 'run_js', 'send', 'fetch_url', 'mcp:docs:*'], chosen: ['web_search', 'run_js', 'send', 'fetch_url', 'mcp:docs:*'], ...overrides });
const act = (overrides: Partial<ToolQuestion> = {}) => ask({ tool: 'send', risk: 'act', ...overrides });

describe('decideTool', () => {
  it.each([
    ['reads by default', ask(), null, true], ['reads in a Test', ask({ stage: 'test' }), [], true], ['computes by the default list', ask({ tool: 'run_js', risk: 'compute' }), null, true],
    ['computes no longer once a list without it is written', ask({ tool: 'run_js', risk: 'compute' }), [], false], ['never what the workflow does not declare', ask({ tool: 'other' }), null, false], ['never what the inputs left out', ask({ chosen: ['run_js'] }), null, false],
    ['acts only by a rule', act(), null, false], ['acts by a rule for its name', act(), [{ workflow_id: 'learn', role: 'student', allow: 'send' }], true], ['acts by a rule for its class', act(), [{ workflow_id: '*', role: '*', allow: 'act' }], true],
    ['not by a rule for another workflow', act(), [{ workflow_id: 'write', role: '*', allow: 'act' }], false], ['not by a rule for another role', act(), [{ workflow_id: '*', role: 'admin', allow: 'act' }], false],
    ['never acts in a Test, whatever the rules', act({ stage: 'test' }), [{ workflow_id: '*', role: '*', allow: 'act' }], false], ['a server by its wildcard', ask({ tool: 'mcp:docs:read', risk: 'act' }), [{ workflow_id: '*', role: '*', allow: 'mcp:docs:*' }], true],
    ['not another server by that wildcard', ask({ tool: 'mcp:docs2:read', risk: 'act', declared: ['mcp:docs2:read'], chosen: ['mcp:docs2:read'] }), [{ workflow_id: '*', role: '*', allow: 'mcp:docs:*' }], false],
    ['not an address that nobody named', ask({ tool: 'fetch_url', unnamedAddress: 'https://evil.test/?d=1' }), null, false], ['not by a rule for the tool alone', ask({ tool: 'fetch_url', unnamedAddress: 'https://evil.test/' }), [{ workflow_id: '*', role: '*', allow: 'fetch_url' }], false],
    ['such an address on a host of the rule', ask({ tool: 'fetch_url', unnamedAddress: 'https://Docs.Example.org./a' }), [{ workflow_id: '*', role: '*', allow: 'network', hosts: ['docs.example.org'] }], true],
    ['not one on another host', ask({ tool: 'fetch_url', unnamedAddress: 'https://docs.example.org.evil.test/' }), [{ workflow_id: '*', role: '*', allow: 'network', hosts: ['docs.example.org'] }], false],
    ['not what is no address', ask({ tool: 'fetch_url', unnamedAddress: 'docs.example.org' }), [{ workflow_id: '*', role: '*', allow: 'network', hosts: ['docs.example.org'] }], false],
    ['nor a tool that reaches out by itself', ask({ tool: 'mcp:docs:read', risk: 'network' }), [{ workflow_id: '*', role: '*', allow: 'network', hosts: ['docs.example.org'] }], false],
    ['such an address by a rule for the class', ask({ tool: 'fetch_url', unnamedAddress: 'https://evil.test/' }), [{ workflow_id: '*', role: '*', allow: 'network' }], true],
  ] as const)('%s', (_, question, rules, allowed) => {
    const decision = decideTool(question, rules);
    expect(decision).toMatchObject({ allowed, reason: expect.stringMatching(/^[A-Z\w].*\.$/) as string });
  });

  it('a rule that names hosts binds the call to them', () => {
    expect(decideTool(ask({ tool: 'fetch_url', unnamedAddress: 'https://docs.example.org/a' }), [{ workflow_id: '*', role: '*', allow: 'network', hosts: ['docs.example.org', 'api.example.org'] }])).toEqual({ allowed: true, risk: 'network', reason: 'Allowed by the rule * · * · network on docs.example.org, api.example.org.', hosts: ['docs.example.org', 'api.example.org'] });
  });

  it('says why, and what class the call has', () => {
    expect(decideTool(ask({ tool: 'fetch_url', unnamedAddress: 'https://evil.test/?d=1' }), null)).toEqual({ allowed: false, risk: 'network', reason: 'Neither the inputs nor an earlier result of this run names the address https://evil.test/?d=1; no rule of the tool policy allows that to the role student in learn.' });
  });
});

it('a model sees names that vendors take, and they lead back', () => {
  expect(modelToolName('mcp:docs:get_page')).toBe('mcp__docs__get_page');
  for (const name of ['mcp:docs:get_page', 'mcp:my-docs:a__b', 'fetch_url']) expect(toolOfModelName(modelToolName(name))).toBe(name);
});

it('addresses are found in nested values, with and without the sentence around them', () => {
  expect(addressesIn({ goal: 'Read https://example.org/a(b). Then', more: ['http://b.test/x?y=1', 3, null] })).toEqual(['https://example.org/a(b', 'https://example.org/a(b).', 'http://b.test/x?y=1']);
});
