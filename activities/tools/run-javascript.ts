import type { z } from 'zod';
import type { RunJavascriptData } from '#contracts/data-tools';
import { RunJavascriptArgs } from '#contracts/data-tools.schema';
import { runJob } from './child/run-job.ts';
import type { ScriptJob, ScriptProblem } from './script/job.ts';
import { ToolProblem, type Tool } from './tool.ts';

const SPEC = { main: new URL('./script/main.ts', import.meta.url), what: 'The script', heapMb: 128, residentMb: 300, timeMs: 8_000 };
const MAX_INPUT_BYTES = 100_000;

/** Parses a script as a module, without running it. */
export const checkScript = (code: string, signal: AbortSignal): Promise<ScriptProblem[]> => runJob<ScriptProblem[]>(SPEC, { operation: 'check', code } satisfies ScriptJob, signal);

/** Runs a small script on given data, in QuickJS in a process of its own. */
export function createRunJavascript(): Tool<z.output<typeof RunJavascriptArgs>> {
  return {
    name: 'run_javascript', title: 'Script', networked: false, timeoutMs: 15_000, args: RunJavascriptArgs,
    description: 'Runs a short JavaScript on the given input and returns the value of its last expression. No network, files, modules or timers.',
    availability: () => ({ available: true, detail: 'Runs in a process of its own, without network and files.', remedy: null }),
    async run({ code, input, seed }, context) {
      if (Buffer.byteLength(JSON.stringify(input ?? null)) > MAX_INPUT_BYTES) throw new ToolProblem('failed', `The input is larger than ${MAX_INPUT_BYTES / 1000} kB.`);
      const data = await runJob<RunJavascriptData>(SPEC, { operation: 'run', code, input, seed } satisfies ScriptJob, context.signal);
      const text = `${JSON.stringify(data.result, null, 1)}${data.console.length > 0 ? `\n\nconsole:\n${data.console.join('\n')}` : ''}`;
      return { outcome: 'ok', summary: 'The script ran to its end.', items: [{ id: 'script', title: 'Result of the script', url: null, source: 'script', snippet: text.slice(0, 300), text }], data };
    },
  };
}
