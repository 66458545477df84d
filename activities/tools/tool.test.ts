import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTools } from './registry.ts';
import { config, context } from './test-support.ts';
import { runTool, toToolDefinition, ToolProblem, type Tool, type ToolContext } from './tool.ts';

const Args = z.strictObject({ query: z.string().min(1), limit: z.int().min(1).max(8).default(5) });
const tool = (run: Tool<z.infer<typeof Args>>['run'], timeoutMs = 1_000): Tool => ({
  name: 'sample', title: 'Sample tool', description: 'd', args: Args, networked: false, timeoutMs, availability: () => ({ available: true, detail: '', remedy: null }), run,
});
const granted = (overrides: Partial<ToolContext> = {}) => context({ capabilities: { tools: ['sample'], hosts: null }, ...overrides });
const ok = { outcome: 'ok' as const, summary: 'Done.', items: [] };
const item = { id: 'a', title: 'A', url: null, source: 's', snippet: 'x', text: 'y' };

describe('runTool', () => {
  it('gives defaults, and refuses unknown keys, wrong types and prototype keys before anything runs', async () => {
    let seen: unknown = null;
    const sample = tool((args) => { seen = args; return Promise.resolve(ok); });
    expect(await runTool(sample, { query: 'x' }, granted())).toEqual(ok);
    expect(seen).toEqual({ query: 'x', limit: 5 });
    seen = null;
    for (const bad of [{}, { query: '' }, { query: 'x', limit: 9 }, { query: 'x', limit: '3' }, { query: 'x', extra: 1 }, JSON.parse('{"query":"x","__proto__":{"limit":1}}'), null, 'query', [], 7]) {
      const result = await runTool(sample, bad, granted());
      expect(result).toMatchObject({ outcome: 'failed', items: [] });
      expect(result.summary).toMatch(/^The arguments of sample need a change: /);
    }
    expect(seen).toBeNull();
  });

  it('figures travel beside the texts and count into the limit', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => ({ index, value: 'x'.repeat(10) }));
    expect(await runTool(tool(() => Promise.resolve({ ...ok, data: { rows: rows.slice(0, 3) } })), { query: 'x' }, granted())).toMatchObject({ data: { rows: rows.slice(0, 3) } });
    const full = await runTool(tool(() => Promise.resolve({ ...ok, data: rows.slice(0, 3_000), items: Array.from({ length: 20 }, () => ({ ...item, text: 'y'.repeat(12_000) })) })), { query: 'x' }, granted());
    expect(Buffer.byteLength(JSON.stringify(full))).toBeLessThan(152_000);
    expect((await runTool(tool(() => Promise.resolve({ ...ok, data: rows })), { query: 'x' }, granted())).summary).toMatch(/figures; at most 150 kB fit/);
  });

  it('outside trouble ends in a result; only a cancelled run throws', async () => {
    expect(await runTool(tool(() => Promise.reject(new ToolProblem('unavailable', 'Nobody\nanswers.'))), { query: 'x' }, granted())).toEqual({ outcome: 'unavailable', summary: 'Nobody answers.', items: [] });
    expect((await runTool(tool(() => Promise.reject(new TypeError('secret path /root'))), { query: 'x' }, granted())).summary).toBe('Sample tool failed unexpectedly (TypeError).');
    const unexpected: unknown[] = [];
    expect((await runTool(tool(() => { throw new RangeError('at once'); }), { query: 'x' }, granted({ onUnexpected: (error) => { unexpected.push(error); } }))).outcome).toBe('failed');
    expect(unexpected).toEqual([new RangeError('at once')]);
    expect((await runTool(tool(() => new Promise(() => {}), 20), { query: 'x' }, granted())).summary).toBe('Sample tool gave no answer within 0.02 s.');
    const controller = new AbortController();
    const running = runTool(tool(() => new Promise(() => {})), { query: 'x' }, granted({ signal: controller.signal }));
    controller.abort(new Error('cancelled by a person'));
    await expect(running).rejects.toThrow('cancelled by a person');
    await expect(runTool(tool(() => Promise.resolve(ok)), { query: 'x' }, granted({ signal: controller.signal }))).rejects.toThrow('cancelled by a person');
  });

  it('refuses a tool the run was not granted', async () => {
    expect(await runTool(tool(() => Promise.resolve(ok)), { query: 'x' }, context())).toMatchObject({ outcome: 'failed', summary: 'This run was not granted sample.' });
  });

  it('cleans and cuts what comes back to one payload', async () => {
    const items = Array.from({ length: 40 }, (_, index) => ({ ...item, id: `i${index}`, title: 'T\u202Eitle\nmore', text: `\u200B${'漢'.repeat(20_000)}` }));
    const result = await runTool(tool(() => Promise.resolve({ outcome: 'ok', summary: 'Many.', items })), { query: 'x' }, granted());
    expect(result.items).toHaveLength(20);
    expect(result.items[0]).toMatchObject({ title: 'Title more' });
    expect(result.items[0]?.text.startsWith('漢')).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(160_000);
  });
});

describe('the registry', () => {
  it('holds the five tools, each with a strict schema a provider can take', () => {
    const tools = createTools(config());
    expect(Object.keys(tools)).toEqual(['library_search', 'web_search', 'fetch_url', 'read_pdf', 'check_citations']);
    for (const one of Object.values(tools)) {
      const definition = toToolDefinition(one);
      expect(definition).toMatchObject({ name: one.name, parameters: { type: 'object', additionalProperties: false } });
      expect(definition.parameters).not.toHaveProperty('$schema');
      expect(one.availability()).toMatchObject({ available: true });
    }
    expect(toToolDefinition(tools.library_search as Tool).parameters).toMatchObject({ required: ['query'], properties: { limit: { maximum: 8 } } });
  });

  it('check_citations reports what is unresolved', async () => {
    const result = await runTool(createTools(config()).check_citations as Tool, { text: 'True [web-1a]. Not [web-2b]. It is 40 %.', ids: ['web-1a'] }, context());
    expect(result).toMatchObject({ outcome: 'ok', summary: '1 of 2 cited sources was fetched in this run; not found: [web-2b]; 1 figure without a citation.' });
    expect(result.items[0]?.text).toContain('Unresolved citation: [web-2b]');
  });
});
