// Programs that check what is deployed, kept in the user's cache: helm, kubeconform and an S3 server (Go), schemas and policies (Python), promtool (Debian).
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, findOnPath } from '../launch/paths.ts';
import { LaunchError } from '../launch/ports.ts';

const run = promisify(execFile);
const GO_TOOLS = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.19.2',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0',
  versitygw: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
} as const;
const COMPOSE_GO = 'github.com/compose-spec/compose-go/v2@v2.16.2';
/** kubernetes-validate ships the JSON schemas of every Kubernetes version; checkov is the policy scan. */
const PYTHON_PACKAGES = { 'kubernetes-validate': '1.37.0', checkov: '3.3.30', schemathesis: '4.32.5' } as const;
const OUTPUT = { maxBuffer: 64e6 };

type Tell = (detail: string) => void;
const toolsFolder = (env: NodeJS.ProcessEnv) => join(cacheFolder(env), 'tools');

/** Path of helm, kubeconform or versitygw (an S3 server on a folder); built once per version (helm: some minutes). @throws LaunchError without Go */
export async function goTool(name: keyof typeof GO_TOOLS, env: NodeJS.ProcessEnv, tell: Tell = () => undefined): Promise<string> {
  const version = GO_TOOLS[name].split('@')[1] as string;
  const target = join(toolsFolder(env), `${name}-${version}`);
  if (existsSync(target)) return target;
  const work = mkdtempSync(`${ensured(toolsFolder(env))}/new-`);
  try {
    tell(`building ${name} from source with Go, some minutes`);
    await run(go(env), ['install', '-ldflags', '-s -w', GO_TOOLS[name]], { env: { ...env, GOBIN: work }, ...OUTPUT });
    renameSync(join(work, name), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return target;
}

/** JSON schema of Compose files, from the parser that Docker Compose itself uses. */
export async function composeSchema(env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(go(env), ['mod', 'download', '-json', COMPOSE_GO], { env, ...OUTPUT });
  return join((JSON.parse(stdout) as { Dir: string }).Dir, 'schema/compose-spec.json');
}

/** A virtual environment with one of the Python packages. @returns its folder @throws LaunchError without Python */
export async function pythonTool(name: keyof typeof PYTHON_PACKAGES, env: NodeJS.ProcessEnv, tell: Tell = () => undefined): Promise<string> {
  const folder = join(toolsFolder(env), `${name}-${PYTHON_PACKAGES[name]}`);
  if (existsSync(join(folder, 'complete'))) return folder;
  const python = findOnPath('python3', env);
  if (python === null) throw new LaunchError(`${name} needs Python 3 on PATH`);
  rmSync(folder, { recursive: true, force: true });
  tell(`installing ${name}`);
  ensured(toolsFolder(env));
  await run(python, ['-m', 'venv', folder], { env, ...OUTPUT });
  await run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `${name}==${PYTHON_PACKAGES[name]}`], { env, ...OUTPUT });
  mkdirSync(join(folder, 'complete'));
  return folder;
}

/** Folder of the JSON schemas for one Kubernetes version, strict: unknown fields are errors. The package's ids and references are
 * addresses of a server; kubeconform reads files, so they are rewritten once. */
export async function kubernetesSchemas(version: string, env: NodeJS.ProcessEnv, tell?: Tell): Promise<string> {
  const target = join(toolsFolder(env), `kubernetes-schemas-${version}`);
  if (existsSync(target)) return target;
  const folder = await pythonTool('kubernetes-validate', env, tell);
  const [found] = globSync(join(folder, `lib/python3*/site-packages/kubernetes_validate/kubernetes-json-schema/v${version}.*-local-strict`));
  if (found === undefined) throw new LaunchError(`no schemas of Kubernetes ${version} in kubernetes-validate`);
  const work = mkdtempSync(`${toolsFolder(env)}/new-`);
  for (const name of readdirSync(found)) writeFileSync(join(work, name), readFileSync(join(found, name), 'utf8').replaceAll('"/api/_definitions.json', '"_definitions.json').replaceAll('"$id": "https://', '"$comment": "https://'));
  renameSync(work, target);
  return target;
}

/** Prometheus and promtool: from PATH, or unpacked from Debian's package without installing it. @returns the folder they lie in */
export async function prometheusFolder(env: NodeJS.ProcessEnv, tell: Tell = () => undefined): Promise<string> {
  const onPath = findOnPath('promtool', env);
  if (onPath !== null) return join(onPath, '..');
  const folder = join(toolsFolder(env), 'prometheus');
  const programs = join(folder, 'usr/bin');
  if (existsSync(join(programs, 'promtool'))) return programs;
  const apt = findOnPath('apt-get', env);
  if (apt === null) throw new LaunchError('promtool is not on PATH, and there is no apt-get to bring it: install Prometheus');
  const work = mkdtempSync(`${ensured(toolsFolder(env))}/new-`);
  try {
    tell('fetching Prometheus');
    await run(apt, ['download', 'prometheus'], { cwd: work, env, ...OUTPUT });
    const [archive] = globSync('*.deb', { cwd: work });
    await run('dpkg', ['-x', join(work, archive as string), folder], { env, ...OUTPUT });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return programs;
}

function go(env: NodeJS.ProcessEnv): string {
  const found = findOnPath('go', env);
  if (found === null) throw new LaunchError('Go is not on PATH: the deployment checks build helm and kubeconform with it');
  return found;
}

function ensured(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
