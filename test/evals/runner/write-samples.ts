import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { CatalogEntry } from '#contracts/catalog.schema';
import { generateClient } from '#scripts/launch/prisma';
import { catalog } from '#workflows/catalog/index';
import { useServers } from '../../support/servers.ts';
import { startServers } from '../../support/start-servers.ts';
import { startBench } from './bench.ts';
import { runCase } from './run-case.ts';
import { beginOf } from './sample-text.ts';

/** `npm run samples [SLUG …]`: a Full run of the first preset of each workflow with the demo provider, on the real engine; the
 * begin of its main file is committed in workflows/samples/ and shown in the catalog. */
const wanted = new Set(process.argv.slice(2));
await generateClient(process.env);
const servers = await startServers();
useServers(servers);
const bench = await startBench(['demo']);
try {
  for (const entry of catalog.filter(({ slug }) => wanted.size === 0 || wanted.has(slug))) {
    try {
      console.log(await writeSample(entry));
    } catch (error) {
      // One that fails costs only itself.
      console.error(`${entry.slug}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
} finally {
  await bench.close();
  await servers.stop();
}

/** @returns which file was written @throws Error when the run did not make it, or it cannot be cut */
async function writeSample(entry: CatalogEntry): Promise<string> {
  const { view, files } = await runCase(bench, entry, { name: 'sample', checks: [] }, { provider: 'demo' });
  const [main] = Object.values(entry.artifacts);
  const text = main && files[main.fileName];
  if (view.status !== 'completed' || !main || !text) throw new Error(`the run is ${view.status}, ${main?.fileName ?? 'its file'} is ${text ? 'there' : 'missing'}`);
  const sample = beginOf(main.fileName, text);
  const folder = new URL(`../../../workflows/samples/${entry.slug}/`, import.meta.url);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(main.fileName, folder), sample);
  return `${entry.slug}/${main.fileName}`;
}
