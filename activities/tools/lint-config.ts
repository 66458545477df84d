import type { z } from 'zod';
import type { ConfigProblem, LintConfigData } from '#contracts/data-tools';
import { LintConfigArgs } from '#contracts/data-tools.schema';
import { lint } from './lint/lint.ts';
import { checkScript } from './run-javascript.ts';
import { ToolProblem, type Tool } from './tool.ts';

/** Proves that a written configuration parses and fits its schema, before a person takes it away. */
export function createLintConfig(): Tool<z.output<typeof LintConfigArgs>> {
  return {
    name: 'lint_config', title: 'Configuration check', networked: false, timeoutMs: 15_000, args: LintConfigArgs,
    description: 'Parses YAML, JSON or a JavaScript module and checks it against a known kind of configuration (finetune, docker_compose, github_workflow, json_schema, k6_script). Problems come with their lines.',
    availability: () => ({ available: true, detail: 'Checked here, without the network.', remedy: null }),
    async run({ format, text, schema }, context) {
      if ((format === 'javascript') !== (schema === 'k6_script') && (format !== 'javascript' || schema !== undefined)) throw new ToolProblem('failed', schema === 'k6_script' ? 'schema k6_script needs format javascript.' : 'format javascript goes with schema k6_script, or with none.');
      const { problems, keys } = format === 'javascript' ? { problems: await checkModule(text, schema === 'k6_script', context.signal), keys: [] } : lint(format, text, schema === 'k6_script' ? undefined : schema);
      const data: LintConfigData = { valid: problems.every(({ severity }) => severity !== 'error'), problems, keys };
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      const summary = problems.length === 0 ? `The ${format} is fine.` : `${errors} ${errors === 1 ? 'error' : 'errors'} and ${problems.length - errors} warnings in the ${format}.`;
      const lines = problems.map((problem) => `line ${problem.line}, ${problem.severity}: ${problem.message}`);
      return { outcome: 'ok', summary, items: [{ id: 'lint', title: 'Configuration check', url: null, source: 'check', snippet: summary, text: [summary, ...lines].join('\n') }], data };
    },
  };
}

async function checkModule(code: string, isK6: boolean, signal: AbortSignal): Promise<ConfigProblem[]> {
  const problems: ConfigProblem[] = (await checkScript(code, signal)).map(({ line, column, message }) => ({ line: Math.max(1, line), column: Math.max(1, column), severity: 'error', path: '', message }));
  if (!isK6 || problems.length > 0) return problems;
  const lineOf = (at: number): number => code.slice(0, at).split('\n').length;
  if (!/^\s*export\s+default\b|export\s*\{[^}]*\bas\s+default\b/m.test(code)) problems.push({ line: 1, column: 1, severity: 'error', path: '', message: 'A k6 script exports a default function: what one virtual user does.' });
  for (const match of code.matchAll(/^\s*import\s[^'"]*['"]([^'"]+)['"]/gm)) {
    if (!/^(k6(\/|$)|https:\/\/|\.{1,2}\/)/.test(match[1] as string)) problems.push({ line: lineOf(match.index + (match[0].length - match[0].trimStart().length)), column: 1, severity: 'error', path: '', message: `k6 has no Node modules: "${match[1]}" cannot be imported.` });
  }
  if (!/export\s+(const|let|var)\s+options\b/.test(code)) problems.push({ line: 1, column: 1, severity: 'warning', path: '', message: 'There are no options: the script runs once with one user.' });
  return problems;
}
