import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Context } from '@temporalio/activity';
import { createConfiguredProvider } from '#activities/providers/registry';
import { createTools } from '#activities/tools/registry';
import { runTool } from '#activities/tools/tool';
import type { CompletionAnswer, CompletionCall } from '#contracts/providers';
import type { ToolResult } from '#contracts/workflow';
import type { Config } from '#platform/config';

export interface BareActivities {
  bareModelCall(call: CompletionCall): Promise<CompletionAnswer>;
  bareTool(request: { tool: string; arguments: Record<string, unknown> }): Promise<ToolResult>;
  barePing(): Promise<number>;
  bareFile(file: { fileName: string; content: string }): Promise<void>;
}

const HEARTBEAT_MS = 2_000;

/** The platform's own provider adapter and tools, called plainly. @param folder where files go */
export function createBareActivities(config: Config, folder: string): BareActivities {
  const tools = createTools(config);
  const provider = createConfiguredProvider('demo', '', config);
  return {
    async bareModelCall(call) {
      const heart = setInterval(() => Context.current().heartbeat(), HEARTBEAT_MS);
      try {
        for await (const chunk of provider.stream(call, Context.current().cancellationSignal)) if (chunk.type === 'end') return chunk.answer;
        throw new Error('the stream ended early');
      } finally {
        clearInterval(heart);
      }
    },
    async bareTool({ tool, arguments: args }) {
      const found = tools[tool];
      if (found === undefined) throw new Error(`no tool ${tool}`);
      return runTool(found, args, { signal: Context.current().cancellationSignal, capabilities: { tools: [tool], hosts: null } });
    },
    barePing: async () => (await provider.checkHealth(Context.current().cancellationSignal)).latencyMs,
    async bareFile({ fileName, content }) {
      const path = join(folder, Context.current().info.workflowExecution?.workflowId ?? 'bare', fileName);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
  };
}
