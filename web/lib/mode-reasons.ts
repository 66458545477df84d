import { MODE_PERMISSION } from '#contracts/permissions';
import { MODE_WORDS, type RunMode } from '#contracts/runs';
import type { ProviderWire, WorkflowSummaryWire } from './queries';

/** What stands before a rung of the ladder. `blocked`: this person cannot start it now, and the words say who can or what to do. */
export interface ModeReason { blocked: boolean; words: string }

export function modeReasons(mode: RunMode, { permissions, workflow, provider }: { permissions: readonly string[]; workflow: Pick<WorkflowSummaryWire, 'full_approval' | 'requires_prior_evidence' | 'is_active'>; provider: Pick<ProviderWire, 'simulated'> | undefined }): ModeReason[] {
  const reasons: ModeReason[] = [];
  if (!workflow.is_active) reasons.push({ blocked: true, words: 'An administrator switched this workflow off.' });
  if (!permissions.includes(MODE_PERMISSION[mode])) reasons.push({ blocked: true, words: `Your role does not include ${MODE_WORDS[mode].label}. An administrator can give you a role that does.` });
  if (!provider && mode !== 'validate_only') reasons.push({ blocked: false, words: 'No provider is chosen yet.' });
  if (mode === 'full_run') {
    if (workflow.requires_prior_evidence) reasons.push({ blocked: false, words: 'Needs a passed Test with the same inputs, provider and model first.' });
    else reasons.push({ blocked: false, words: 'Runs Test first, unless one with the same inputs, provider and model still counts.' });
    const approval = workflow.full_approval;
    if (approval) reasons.push({ blocked: false, words: `Then waits until ${approval.approvers === 1 ? `${approval.role === 'admin' ? 'an administrator' : `a ${approval.role}`} says` : `${approval.approvers} people (${approval.role}) say`} yes: never the person who started it.` });
    if (provider?.simulated) reasons.push({ blocked: false, words: 'With the demo provider it walks the whole way, but is no evidence for a real one.' });
  }
  return reasons;
}
