import { decideRun, STAGE_MODE } from '#contracts/run-policy';
import { stagesOf, type RunMode } from '#contracts/runs';
import type { ProviderId } from '#contracts/providers';
import { CodedError } from '#platform/coded-error';
import type { Standing } from '#platform/repositories/rights';

/** What the rules ask of an allowed run. */
export interface PolicyTerms { /** lowest of the rules; null = none */ maxCostUsdMicros: number | null; /** highest of the rules for its Full stage; 0 = nobody */ approvers: number }

/** Asks the workspace policy about everything that a run may call.
 * @throws CodedError PermissionDenied naming the field */
export function requirePolicy(standing: Pick<Standing, 'role' | 'rules'>, run: { workflowId: string; mode: RunMode; provider: ProviderId; fallback: readonly { provider: ProviderId }[]; targets: readonly { provider: ProviderId }[] }): PolicyTerms {
  const stages = stagesOf(run.mode);
  // A Test or Full run begins with Validate; a rule against Validate alone is about runs that only validate.
  const modes = run.mode === 'validate_only' ? [run.mode] : stages.filter((stage) => stage !== 'validate').map((stage) => STAGE_MODE[stage]);
  const uses = [{ provider: run.provider, pointer: '#/provider' }, ...run.fallback.map(({ provider }, index) => ({ provider, pointer: `#/fallback/${index}/provider` })), ...run.targets.map(({ provider }) => ({ provider, pointer: '#/inputs' }))];
  const terms: PolicyTerms = { maxCostUsdMicros: null, approvers: 0 };
  for (const { provider, pointer } of uses) {
    for (const mode of modes) {
      const decision = decideRun({ role: standing.role, workflowId: run.workflowId, mode, provider }, standing.rules);
      if (!decision.allowed) throw new CodedError('PermissionDenied', decision.reason, { remedy: 'Choose another provider or mode, or ask an administrator.', errors: [{ pointer, detail: `is not allowed to you here with ${provider}` }] });
      if (decision.maxCostUsdMicros !== null) terms.maxCostUsdMicros = Math.min(terms.maxCostUsdMicros ?? Infinity, decision.maxCostUsdMicros);
      if (mode === 'full_run') terms.approvers = Math.max(terms.approvers, decision.approvers);
    }
  }
  return terms;
}
