import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { goTool, kubernetesSchemas, prometheusFolder, pythonTool } from '../deploy/tools.ts';
import { projectRoot } from '../launch/paths.ts';
import { vitest, type TestStep } from './steps.ts';

const KUBERNETES = '1.34';
const done = { passed: 1, failed: 0, summary: '', output: '' };

/** `npm run test:deploy`: what deployment promises, without a container engine and without a cluster. */
export const DEPLOY_STEPS: readonly TestStep[] = [
  {
    name: 'helm, kubeconform, schemas, policies, promtool, S3 server',
    filters: ['deploy'],
    onlyWhenNamed: true,
    run: async ({ env, tell }) => {
      await goTool('helm', env, tell);
      await goTool('kubeconform', env, tell);
      await goTool('versitygw', env, tell);
      await kubernetesSchemas(KUBERNETES, env, tell);
      await pythonTool('checkov', env, tell);
      await prometheusFolder(env, tell);
      return done;
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
  { name: 'deployment tests', filters: ['deploy'], onlyWhenNamed: true, run: (context) => vitest(context, ['deploy']) },
];
