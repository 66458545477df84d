import { spawn } from 'node:child_process';
import { projectRoot } from '../launch/paths.ts';

export interface ToolResult {
  code: number | null;
  output: string;
}

const running = new Set<ReturnType<typeof spawn>>();

/** Runs a Node program of node_modules and collects all it prints. Its children end with it. */
export async function runTool(program: string, args: readonly string[], env: NodeJS.ProcessEnv, onLine: (line: string) => void = () => undefined): Promise<ToolResult> {
  const child = spawn(process.execPath, [program, ...args], { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      for (const line of chunk.split('\n')) onLine(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  running.delete(child);
  return { code, output };
}

/** Passes a stop on to the tools that run now; each stops its own children. */
export function stopTools(): void {
  for (const child of running) child.kill('SIGTERM');
}
