import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages } from '../stages/run-stages.ts';
import { assembleFiles } from './files.ts';
import { interpret, type OwnDraft } from './interpreter.ts';
import { Values } from './values.ts';

/** The one workflow behind every definition that people write, started under that definition's own Workflow Type. It sees the
 * snapshot that came with the start, never "the latest"; activities know the same version by the run's row. */
export async function ownWorkflow({ own, ...request }: RunRequest): Promise<RunResult> {
  if (!own) throw ApplicationFailure.nonRetryable(`There is no workflow ${workflowInfo().workflowType} here.`, 'NotFound');
  return runStages<Record<string, unknown>, OwnDraft>(request, {
    draft: () => ({ values: new Values(request.input), files: [], sources: new Map(), texts: [] }),
    work: (context, draft) => interpret(own, context, draft),
    assemble: (_input, draft, stage, remark) => assembleFiles(request, own.definition, draft, stage, remark),
  });
}
