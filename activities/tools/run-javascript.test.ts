import { describe, expect, it } from 'vitest';
import type { RunJavascriptData } from '#contracts/data-tools';
import { checkScript, createRunJavascript } from './run-javascript.ts';
import { runTool, type Tool } from './tool.ts';

const tool = createRunJavascript() as Tool;
const run = (code: string, more: object = {}) => runTool(tool, { code, ...more }, { signal: new AbortController().signal, capabilities: { tools: ['run_javascript'], hosts: null } });
const valueOf = async (code: string, more: object = {}) => ((await run(code, more)).data as RunJavascriptData | undefined)?.result;

describe('run_javascript', { timeout: 60_000 }, () => {
  it('gives the value of the last expression, of a promise too, and keeps what was logged', async () => {
    expect((await run('console.log("rows", input.rows.length, [1]); input.rows.reduce((a, b) => a + b, 0)', { input: { rows: [1, 2, 3] } })).data).toEqual({ result: 6, console: ['rows 3 [1]'] });
    expect(await valueOf('(async () => ({ a: await Promise.resolve(1), b: undefined, c: [null] }))()')).toEqual({ a: 1, c: [null] });
    expect(await valueOf('undefined')).toBeNull();
  });

  it('the same script gives the same result; another seed another', async () => {
    const code = '[Date.now(), new Date().toISOString(), Math.random(), Math.random()]';
    const first = await valueOf(code) as unknown[];
    expect(first.slice(0, 2)).toEqual([0, '1970-01-01T00:00:00.000Z']);
    expect(await valueOf(code)).toEqual(first);
    expect(await valueOf(code, { seed: 2 })).not.toEqual(first);
  });

  it('there is nothing to reach the world with', async () => {
    expect(await valueOf('["process", "require", "fetch", "setTimeout", "XMLHttpRequest", "Deno", "Bun", "os", "std", "WebAssembly", "module", "globalThis.process"].map((name) => typeof globalThis[name])')).toEqual(Array.from({ length: 12 }, () => 'undefined'));
    expect(await valueOf('this.constructor.constructor("return typeof process")()')).toBe('undefined');
    expect((await run('(async () => (await import("fs")).readFileSync("/etc/passwd"))()')).outcome).toBe('failed');
  });

  it.each([
    ['for (;;);', /longer than 3 s/], ['const a = []; for (;;) a.push("x".repeat(1e5) + a.length);', /memory|longer/], ['const f = () => f(); f()', /stack|Maximum|Internal/i], ['let x = ;', /line 1: SyntaxError/], ['\nthrow new TypeError("bad\\nrow")', /line 2: TypeError: bad row/], ['new Promise(() => {})', /never comes/], ['Promise.reject(new Error("no"))', /Error: no/], ['"x".repeat(200000)', /at most 100 kB/], ['const o = {}; o.o = o; o', /circular/i], ['1n', /BigInt|bigint/], ['throw 7', /failed: 7/],
  ])('%s ends in a sentence', async (code, why) => {
    const result = await run(code);
    expect(result).toMatchObject({ outcome: 'failed', summary: expect.stringMatching(why) });
  });

  it('a module is parsed and nothing of it runs', async () => {
    const { signal } = new AbortController();
    expect(await checkScript('import http from "k6/http"; export default function () { http.get("x"); } for (;;);', signal)).toEqual([]);
    expect(await checkScript('export default function () {\n  const a = ;\n}', signal)).toMatchObject([{ line: 2, message: expect.stringMatching(/SyntaxError/) }]);
  });
});
