import { decideRun, STAGE_MODE } from '#contracts/run-policy';
import { stagesOf, type RunMode } from '#contracts/runs';
import type { ProviderId } from '#contracts/providers';
import { CodedError } from '#platform/coded-error';
import type { Standing } from '#platform/repositories/rights';

/** Asks the workspace policy about everything that a run may call. @returns the lowest money cap that its rules set; null = none
 * @throws CodedError PermissionDenied naming the field */
export function requirePolicy(standing: Pick<Standing, 'role' | 'rules'>, run: { workflowId: string; mode: RunMode; provider: ProviderId; fallback: readonly { provider: ProviderId }[]; targets: readonly { provider: ProviderId }[] }): number | null {
  const stages = stagesOf(run.mode);
  // A Test or Full run begins with Validate; a rule against Validate alone is about runs that only validate.
  const modes = run.mode === 'validate_only' ? [run.mode] : stages.filter((stage) => stage !== 'validate').map((stage) => STAGE_MODE[stage]);
  const uses = [{ provider: run.provider, pointer: '#/provider' }, ...run.fallback.map(({ provider }, index) => ({ provider, pointer: `#/fallback/${index}/provider` })), ...run.targets.map(({ provider }) => ({ provider, pointer: '#/inputs' }))];
  let cap: number | null = null;
  for (const { provider, pointer } of uses) {
    for (const mode of modes) {
      const decision = decideRun({ role: standing.role, workflowId: run.workflowId, mode, provider }, standing.rules);
      if (!decision.allowed) throw new CodedError('PermissionDenied', decision.reason, { remedy: 'Choose another provider or mode, or ask an administrator.', errors: [{ pointer, detail: `is not allowed to you here with ${provider}` }] });
      if (decision.maxCostUsdMicros !== null) cap = Math.min(cap ?? Infinity, decision.maxCostUsdMicros);
    }
  }
  return cap;
}
