import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '#scripts/launch/paths';
import { runTool } from '#scripts/test-run/run-tool';

/** A check that cannot fail proves nothing: each tool of `npm test`, by the settings of this project, on one planted fault. The others
 * are planted where they are looked for: a key and a script payload in supply-chain.test.ts, a forbidden import in boundaries.test.ts,
 * a changed workflow in replay/replay.test.ts, a package below its floor in supply-chain.test.ts, a dead link in docs.test.ts. */
let folder: string;
beforeAll(() => {
  // Inside the project, for its settings, and where nothing looks for sources.
  mkdirSync(join(projectRoot, '.awp-test'), { recursive: true });
  folder = mkdtempSync(join(projectRoot, '.awp-test/seeded-'));
});
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

const plant = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const tool = (path: string, ...args: string[]) => runTool(join(projectRoot, 'node_modules', path), args, process.env);

it('a wrong type turns the check of types red, and only it', async () => {
  const check = async (name: string, text: string) => {
    plant(`${name}.ts`, text);
    return tool('typescript/bin/tsc', '-p', plant(`${name}.json`, JSON.stringify({ extends: join(projectRoot, 'tsconfig.json'), compilerOptions: { noEmit: true, incremental: false }, include: [`./${name}.ts`], exclude: [] })));
  };
  const wrong = await check('wrong-type', 'export const count: number = "three";\n');
  expect(wrong.output).toContain('TS2322');
  expect(wrong.code).not.toBe(0);
  expect((await check('right-type', 'export const count: number = 3;\n')).code).toBe(0);
});

it('a promise that nobody waits for turns lint red, by this project\'s rules', async () => {
  // Elsewhere: the project's rules leave out the folder where faults are planted.
  const elsewhere = mkdtempSync(join(tmpdir(), 'awp-seeded-'));
  try {
    const lint = (name: string, text: string) => {
      writeFileSync(join(elsewhere, name), text);
      return tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '-c', join(projectRoot, '.oxlintrc.json'), join(elsewhere, name));
    };
    writeFileSync(join(elsewhere, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: 'es2024', module: 'esnext', types: [] }, include: ['*.ts'] }));
    const wrong = await lint('floating.ts', 'const later = async (): Promise<void> => {};\nexport function leave(): void {\n  later();\n}\n');
    expect(wrong.output).toContain('no-floating-promises');
    expect(wrong.code).not.toBe(0);
    const right = await lint('awaited.ts', 'const later = async (): Promise<void> => {};\nexport async function stay(): Promise<void> {\n  await later();\n}\n');
    expect([right.code, right.output]).toEqual([0, expect.any(String)]);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

it('a failing test turns the tests red', async () => {
  plant('wrong.test.ts', 'import { expect, it } from "vitest";\nit("adds", () => { expect(1 + 1).toBe(3); });\n');
  const { code, output } = await tool('vitest/vitest.mjs', 'run', '--root', folder, '--no-color');
  expect(output).toMatch(/1 failed/);
  expect(code).not.toBe(0);
});
