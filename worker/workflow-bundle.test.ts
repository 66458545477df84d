import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workflowBundle } from './workflow-bundle.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'awp-bundle-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

describe('the workflow bundle', () => {
  it('is kept for one state of the sources, however many workers build it at once, and holds no zod', async () => {
    const [first, second] = await Promise.all([workflowBundle(folder), workflowBundle(folder)]);
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    expect(second.code).toBe(first.code);
    expect(first.code).toContain('learnAgenticAi');
    // Loaded once per cached workflow: a schema library at module scope would cost memory for each.
    expect(first.code).not.toContain('ZodError');
    writeFileSync(path.join(folder, files[0] as string), 'kept');
    expect((await workflowBundle(folder)).code).toBe('kept');
  }, 30_000);
});
