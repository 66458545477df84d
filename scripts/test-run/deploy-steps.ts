import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { composeSchema, goTool, kubernetesSchemas, prometheusFolder, pythonTool } from '../deploy/tools.ts';
import { projectRoot } from '../launch/paths.ts';
import { vitest, type StepContext, type TestStep } from './steps.ts';

const KUBERNETES = '1.34';
const done = { passed: 1, failed: 0, summary: '', output: '' };

/** What comes over the network once, and the files of test/deploy that need it. */
interface Tool { bring(context: StepContext): Promise<unknown>; neededBy: readonly string[] }
const TOOLS: Record<string, Tool> = {
  helm: { bring: ({ env, tell }) => goTool('helm', env, tell), neededBy: ['helm.test.ts', 'helm-workers.test.ts', 'pages.test.ts'] },
  kubeconform: { bring: ({ env, tell }) => goTool('kubeconform', env, tell), neededBy: ['helm.test.ts', 'pages.test.ts'] },
  'schemas of Kubernetes': { bring: ({ env, tell }) => kubernetesSchemas(KUBERNETES, env, tell), neededBy: ['helm.test.ts', 'pages.test.ts'] },
  checkov: { bring: ({ env, tell }) => pythonTool('checkov', env, tell), neededBy: ['helm.test.ts'] },
  'schema of Compose': { bring: ({ env }) => composeSchema(env), neededBy: ['compose-schema.test.ts'] },
  versitygw: { bring: ({ env, tell }) => goTool('versitygw', env, tell), neededBy: ['s3.test.ts', 'backup-bucket.test.ts'] },
  // compose.test.ts leaves out its one test by itself.
  Prometheus: { bring: ({ env, tell }) => prometheusFolder(env, tell), neededBy: ['alerts.test.ts'] },
};
const missing = new Map<string, string>();

/** `npm run test:deploy`: what deployment promises, without a container engine and without a cluster. */
export const DEPLOY_STEPS: readonly TestStep[] = [
  {
    name: 'helm, kubeconform, schemas, policies, promtool, S3 server',
    filters: ['deploy'],
    onlyWhenNamed: true,
    run: async (context) => {
      for (const [name, { bring }] of Object.entries(TOOLS)) await bring(context).catch((error: unknown) => { missing.set(name, error instanceof Error ? error.message : String(error)); });
      if (missing.size === 0) return done;
      const words = [...missing].map(([name, why]) => `${name}: ${why.trim()}`).join('\n\n');
      // A check that nobody runs is no check: where releases come from, everything must be there.
      if (context.env['CI']) return { passed: 0, failed: missing.size, summary: 'see below', output: words };
      return { ...done, summary: `cannot be had here, and what needs it is left out: ${[...missing.keys()].join(', ')} (${leftOut().join(', ')})` };
    },
  },
  {
    name: 'what images carry',
    filters: ['deploy'],
    onlyWhenNamed: true,
    run: async ({ env }) => {
      const built = spawnSync(process.execPath, [join(projectRoot, 'scripts/deploy/build-image.ts')], { cwd: projectRoot, env, encoding: 'utf8' });
      return built.status === 0 ? done : { passed: 0, failed: 1, summary: 'see below', output: built.stdout + built.stderr };
    },
  },
  {
    name: 'deployment tests',
    filters: ['deploy'],
    onlyWhenNamed: true,
    run: (context) => {
      const files = globSync('test/deploy/*.test.ts', { cwd: projectRoot }).filter((file) => !leftOut().includes(basename(file)));
      return vitest({ ...context, env: { ...context.env, DEPLOY_WITHOUT: [...missing.keys()].join(',') } }, ['deploy'], missing.size === 0 ? [] : files);
    },
  },
];

function leftOut(): string[] {
  return [...new Set([...missing.keys()].flatMap((name) => TOOLS[name]?.neededBy ?? []))];
}
