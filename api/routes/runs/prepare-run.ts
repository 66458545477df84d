import type { z } from 'zod';
import type { RunBody } from '#contracts/api/runs.schema';
import type { BudgetRule } from '#contracts/budgets';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { EvidenceSubject } from '#contracts/evidence';
import type { ApprovalPolicy } from '#contracts/governance';
import { MODE_PERMISSION } from '#contracts/permissions';
import { DEFAULT_RUN_MODE, type RunMode } from '#contracts/runs';
import type { RunFork, RunRequest } from '#contracts/workflow';
import { suspectPhrases } from '#contracts/suspect-phrases';
import { CodedError, invalidField } from '#platform/coded-error';
import { modelQueues } from '#platform/config';
import { digestOf, uuidv7 } from '#platform/ids';
import { traceparent } from '#platform/tracing/tracing';
import { explainMissingEvidence, findFreshEvidence } from '#platform/repositories/evidence';
import { priceOf } from '#platform/provider-catalog';
import { requireMoney } from '#platform/repositories/budgets';
import { standingOf } from '#platform/repositories/rights';
import type { NewRun } from '#platform/repositories/run-queries';
import { findWorkflow } from '#platform/repositories/workflows';
import { capsOf, checkBudget, timingsOf } from '../../caps.ts';
import type { Deps } from '../../deps.ts';
import type { Principal } from '../../endpoint.ts';
import { parseWith } from '../../problem.ts';
import { entryOfRow, type FoundWorkflow } from '../workflows/catalog-lookup.ts';
import { requireMode, withOwnCaps } from '../workflows/own/run-rules.ts';
import { checkUploads } from './check-uploads.ts';
import { chooseFallback, workspaceFallback } from './choose-fallback.ts';
import { chooseProvider } from './choose-provider.ts';
import { chooseTargets } from './choose-targets.ts';
import { requirePolicy } from './require-policy.ts';

type Body = z.output<typeof RunBody>;
export interface PreparedRun { run: NewRun; entry: CatalogEntry; reason: string; workflowTitle: string; workflowVersion: number; definitionHash: string; budget: Body['budget']; budgets: BudgetRule[]; /** uploads that the inputs name */ uploadIds: string[] }

/** Everything that can be refused is refused here, before a row is written or a token is spent.
 * @param given  what is run, where it is not what the body's `workflow_id` names (a step that is tried)
 * @throws CodedError naming the field: InvalidInput, NotFound (workflow), PermissionDenied (mode, policy), Conflict (inactive), BudgetExceeded */
export async function prepareRun(deps: Deps, principal: Principal, body: Body, fork?: RunFork, given?: FoundWorkflow): Promise<PreparedRun> {
  const { mode, inputs, inputsField } = spelledOnce(body);
  const { row, entry, own } = given ?? await requireRunnable(deps, principal, body);
  requireMode(own, mode);
  if (!principal.permissions.has(MODE_PERMISSION[mode])) throw new CodedError('PermissionDenied', `This needs the permission ${MODE_PERMISSION[mode]}.`, { errors: [{ pointer: '#/run_mode', detail: 'is not allowed for you' }] });
  const parsed: Record<string, unknown> = parseWith(entry.input, inputs, `#/${inputsField}`, 'The inputs');
  refuseSuspect(deps, parsed, inputsField);
  const { uploadIds, input } = await checkUploads(deps, principal.userId, entry, parsed, inputsField);
  const persona = body.persona ?? entry.personas[0] ?? 'student';
  if (!(entry.personas as readonly string[]).includes(persona)) throw invalidField('#/persona', `must be one of ${entry.personas.join(', ')}`);
  const { provider, reason } = await chooseProvider(deps, principal.userId, body.provider);
  const model = body.model ?? deps.providerData[provider].defaultModel;
  const price = priceOf(deps.config, provider, model);
  checkBudget(deps.config, mode, body.budget);
  const wanted = own && mode === 'full_run' ? withOwnCaps(own.definition, body.budget, price !== null) : body.budget;
  const hasBudget = wanted?.cost_usd_micros !== undefined;
  if (hasBudget && !price) throw invalidField('#/budget', `${model} has no known price, so a budget could not be kept.`, 'Leave the budget out; the caps on tokens and time hold.');
  const version = row.versions[0];
  if (!version) throw new CodedError('Conflict', 'This workflow has no version yet.');
  const inNeed = { userId: principal.userId, provider, entry, input, hasBudget };
  const fallback = body.fallback ? await chooseFallback(deps, body.fallback, inNeed) : await workspaceFallback(deps, inNeed);
  const targets = await chooseTargets(deps, entry, input, principal.userId, hasBudget);
  const standing = await standingOf(deps.db, principal.userId);
  if (!standing) throw new CodedError('PermissionDenied', 'This account is switched off.');
  const { maxCostUsdMicros: policyCap, approvers } = requirePolicy(standing, { workflowId: entry.slug, mode, provider, fallback: fallback ?? [], targets });
  if (policyCap !== null && !price) throw invalidField('#/model', `has no known price, and the run policy caps what this run may cost`);
  const budget = policyCap === null ? wanted : { ...wanted, cost_usd_micros: Math.min(policyCap, wanted?.cost_usd_micros ?? policyCap) };
  if (mode !== 'validate_only' && price && price.input + price.output > 0) await requireMoney(deps.db, standing.budgets, principal.userId);
  const fullApproval = approvalOf(entry.policy.fullApproval, approvers);
  const parent = traceparent();
  const request: RunRequest = {
    runId: uuidv7(), userId: principal.userId, slug: entry.slug, version: entry.version, mode, provider, model, persona, input, caps: capsOf(deps.config, budget), price, timings: timingsOf(deps.config), modelQueues: modelQueues(deps.config), engine: 3,
    ...(fallback ? { fallback } : {}), ...(targets.length > 0 ? { targets } : {}), ...(fullApproval ? { fullApproval: { ...fullApproval, moneyStands: true as const } } : {}), ...(fork ? { fork } : {}), ...(parent ? { traceparent: parent } : {}), ...(own ? { own } : {}),
  };
  const run: NewRun = {
    id: request.runId, userId: principal.userId, workflowVersionId: version.id, workflowSlug: entry.slug, workflowType: entry.workflowType, persona, inputs: input, inputDigest: digestOf(input), runMode: mode,
    provider, model, simulated: provider === 'demo', request, forkedFromId: fork?.sourceRunId ?? null, forkKind: fork?.kind ?? null,
  };
  if (mode === 'full_run' && entry.requiresPriorEvidence) await requireEvidence(deps, evidenceSubject(run, entry.version, version.contentHash));
  return { run, entry, reason, workflowTitle: row.name, workflowVersion: version.version, definitionHash: version.contentHash, budget, budgets: standing.budgets, uploadIds };
}

/** Only in strict mode; otherwise the Validate stage tells them. @throws CodedError InvalidInput naming each place */
function refuseSuspect({ config }: Pick<Deps, 'config'>, input: unknown, inputsField: string): void {
  const found = config.AWP_PROMPT_GUARD === 'strict' ? suspectPhrases(input) : [];
  if (found.length > 0) throw new CodedError('InvalidInput', 'This installation refuses phrases that steer models.', { errors: found.map(({ pointer, what }) => ({ pointer: `#/${inputsField}${pointer}`, detail: what })), remedy: 'Word it otherwise, or ask the administrator.' });
}

/** The workflow's own policy and the workspace's together: as many people as the stricter one wants, of the role the workflow names. */
const approvalOf = (own: ApprovalPolicy | null, approvers: number): ApprovalPolicy | null => (approvers === 0 ? own : { role: own?.role ?? 'admin', approvers: Math.max(own?.approvers ?? 0, approvers) });

export const evidenceSubject = (run: Pick<NewRun, 'userId' | 'workflowSlug' | 'inputDigest' | 'provider' | 'model'>, workflowVersion: number, definitionHash: string): EvidenceSubject =>
  ({ userId: run.userId, workflowSlug: run.workflowSlug, workflowVersion, definitionHash, inputDigest: run.inputDigest, provider: run.provider, model: run.model });

/** @throws CodedError EvidenceRequired that says what the nearest evidence lacks */
async function requireEvidence(deps: Deps, subject: EvidenceSubject): Promise<void> {
  const hours = deps.config.AWP_EVIDENCE_MAX_AGE_HOURS;
  if (await findFreshEvidence(deps.db, deps.evidenceKeys, subject, hours)) return;
  throw new CodedError('EvidenceRequired', `This workflow runs fully only after a Test run of its own. ${await explainMissingEvidence(deps.db, subject, hours)}`, { remedy: 'Start a Test with the same inputs, provider and model, then the Full run.' });
}

/** Both spellings are understood; both at once is a contradiction waiting to happen. */
function spelledOnce(body: Body): { mode: RunMode; inputs: Record<string, unknown>; inputsField: 'inputs' | 'input_data' } {
  if (body.inputs !== undefined && body.input_data !== undefined) throw invalidField('#/input_data', 'is the older name of inputs; send one of them');
  if (body.run_mode !== undefined && body.mode !== undefined) throw invalidField('#/mode', 'is the older name of run_mode; send one of them');
  return { mode: body.run_mode ?? body.mode ?? DEFAULT_RUN_MODE, inputs: body.inputs ?? body.input_data ?? {}, inputsField: body.input_data === undefined ? 'inputs' : 'input_data' };
}

/** The catalog's entry, or the version of a written workflow that the channel shows. */
async function requireRunnable(deps: Deps, principal: Principal, { workflow_id: ref, channel }: Body): Promise<FoundWorkflow> {
  const row = await findWorkflow(deps.db, ref);
  if (channel && row && row.kind !== 'own') throw invalidField('#/channel', 'is for workflows that people wrote; this one is of the catalog');
  const found = row ? await entryOfRow(deps, row, principal, channel) : null;
  if (!row || (!found && (row.isActive || row.kind === 'own'))) throw new CodedError('NotFound', `There is no workflow "${ref}"${channel ? ` on the channel ${channel}` : ''}.`, { remedy: 'GET /api/v1/workflows lists the catalog.', errors: [{ pointer: '#/workflow_id', detail: 'is not a workflow of this catalog' }] });
  if (!row.isActive || !found) throw new CodedError('Conflict', `The workflow "${row.slug}" is switched off${row.switchedOffAt ? ' by an administrator' : ''}.`, { remedy: `Choose another one${row.switchedOffAt ? ', or ask an administrator' : ''}. Runs that were made with it stay.`, errors: [{ pointer: '#/workflow_id', detail: 'is switched off' }] });
  return found;
}
