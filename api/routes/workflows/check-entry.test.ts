import { describe, expect, it } from 'vitest';
import { loadConfig } from '#platform/config';
import { catalog } from '#workflows/catalog/index';
import { checkEntry } from './check-entry.ts';

const deps = (environment: Record<string, string> = {}) => ({ config: loadConfig(environment) });
const [entry] = catalog;
if (!entry) throw new Error('an empty catalog');

describe('a workflow of the catalog, as it stands here', () => {
  it.each(catalog.map((each) => [each.slug, each] as const))('%s has nothing to report', (_slug, each) => {
    const { errors, warnings, plan } = checkEntry(deps(), each);
    expect([errors, warnings]).toEqual([[], []]);
    expect(plan.length).toBeGreaterThan(0);
  });

  it('that left it is not valid', () => {
    expect(checkEntry(deps(), undefined)).toMatchObject({ errors: [{ pointer: '#' }], plan: [] });
  });

  it('names tools that nobody knows; those of a connected server are known', () => {
    const wants = { ...entry, tools: ['web_search', 'mcp:docs:*', 'read_minds'] };
    expect(checkEntry(deps(), wants)).toMatchObject({ errors: [{ pointer: '#/tools/1' }, { pointer: '#/tools/2', detail: expect.stringContaining('read_minds') as string }], plan: [] });
    const config = { ...deps().config, AWP_MCP_SERVERS: { docs: { tools: ['search'] } } } as never;
    expect(checkEntry({ config }, wants).errors).toMatchObject([{ pointer: '#/tools/2' }]);
  });

  it('warns once for each cap of this installation that its examples do not fit', () => {
    const { errors, warnings, plan } = checkEntry(deps({ TEST_RUN_MAX_TOKENS: '100' }), entry);
    expect([errors, warnings.map(({ pointer }) => pointer)]).toEqual([[], ['#/plan']]);
    expect(warnings[0]?.detail).toMatch(/^The plan of the Test may write [\d,]+ output tokens, and the run may write 100\.$/);
    expect(plan.length).toBeGreaterThan(0);
  });

  it('tells an example that does not fit its form', () => {
    expect(checkEntry(deps(), { ...entry, presets: [{ key: 'x', title: 'X', inputs: {} }] })).toMatchObject({ errors: [{ pointer: '#/presets/0' }], plan: [] });
  });
});
