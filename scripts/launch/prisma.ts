import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './paths.ts';
import { LaunchError } from './ports.ts';

const generatedFolder = join(projectRoot, 'prisma/generated');
const stampFile = join(generatedFolder, '.made-from');

/** Environment in which the Prisma CLI needs no downloaded engine: the same engine from npm, see scripts/prisma/schema-engine.mjs. */
export function prismaEnvironment(env: NodeJS.ProcessEnv, databaseUrl?: string): NodeJS.ProcessEnv {
  return {
    ...env,
    PRISMA_SCHEMA_ENGINE_BINARY: env['PRISMA_SCHEMA_ENGINE_BINARY'] || join(projectRoot, 'scripts/prisma/schema-engine.mjs'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
}

/** Runs the Prisma CLI. @returns its standard output @throws LaunchError with all it said */
export async function prisma(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [join(projectRoot, 'node_modules/prisma/build/index.js'), ...args], { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new LaunchError(`prisma ${args.join(' ')} ended with ${code}:\n${output.trim()}`);
  return stdout;
}

/** Writes the typed client to prisma/generated when the schema or Prisma's version changed. @returns true when it did */
export async function generateClient(env: NodeJS.ProcessEnv): Promise<boolean> {
  const version = readFileSync(join(projectRoot, 'node_modules/prisma/package.json'));
  const source = createHash('sha256').update(readFileSync(join(projectRoot, 'prisma/schema.prisma'))).update(version).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === source) return false;
  await prisma(['generate'], prismaEnvironment(env));
  writeFileSync(stampFile, source);
  return true;
}

/** Applies the migrations that the database has not seen. Safe from several launchers at once: Prisma holds an advisory lock. */
export async function applyMigrations(env: NodeJS.ProcessEnv, databaseUrl: string): Promise<string> {
  const output = await prisma(['migrate', 'deploy'], prismaEnvironment(env, databaseUrl));
  const applied = output.match(/^ {2}└─ /gm)?.length ?? 0;
  return output.includes('No pending migrations') ? 'up to date' : `${applied} applied`;
}
