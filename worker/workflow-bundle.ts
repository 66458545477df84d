import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from '#platform/payloads/data-converter';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['workflows', 'contracts'];
const interceptors = (): string => fileURLToPath(import.meta.resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js'));
/** Part of the kept bundle's name: another way of bundling is another bundle. */
const BUNDLER = 'preloaded, failures encoded';

/** The workflow bundle with its inline source map, built once per content of workflows/ and contracts/ and kept in `cacheFolder`:
 * a restarted worker is ready two seconds sooner, and two workers of one version run the same bytes.
 * @param workflowsPath  the sandbox's entry; tests bring their own, which re-exports this one
 * @param traced  with the interceptors of OpenTelemetry: more memory a cached workflow, and the same commands, so that histories
 *   of either replay on the other (test/replay) */
export async function workflowBundle(cacheFolder: string, workflowsPath = path.join(ROOT, 'workflows/index.ts'), traced = false): Promise<WorkflowBundleWithSourceMap> {
  const file = path.join(cacheFolder, `workflows-${await sourceHash(workflowsPath)}${traced ? '-traced' : ''}.js`);
  const cached = await readFile(file, 'utf8').catch(() => null);
  if (cached) return { code: cached, sourceMap: 'deprecated: this is no longer in use\n' };
  // Module scope is evaluated once a worker, not once a cached workflow, however many playbooks the catalog has; the SDK freezes
  // what is shared, so a module that keeps state in itself fails loudly instead of leaking from run to run.
  const bundle = await bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath], failureConverterPath: FAILURE_CONVERTER_PATH, ...(traced ? { workflowInterceptorModules: [interceptors()] } : {}), logger: new DefaultLogger('WARN') });
  await mkdir(cacheFolder, { recursive: true });
  // Not the process id: containers that share a folder all have the same one.
  const temporary = `${file}.${randomUUID()}`;
  await writeFile(temporary, bundle.code);
  await rename(temporary, file);
  return bundle;
}

/** Names the workflow code of this worker: the same for the same sources, wherever they are built. */
export const workflowBuildId = (workflowsPath = path.join(ROOT, 'workflows/index.ts')): Promise<string> => sourceHash(workflowsPath);

async function sourceHash(workflowsPath: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(path.join(ROOT, 'package-lock.json'))).update(path.relative(ROOT, workflowsPath)).update(BUNDLER).update(await readFile(workflowsPath));
  for (const folder of SOURCES) {
    const entries = await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')).map((entry) => path.join(entry.parentPath, entry.name)).sort();
    for (const file of files) hash.update(path.relative(ROOT, file)).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 20);
}
