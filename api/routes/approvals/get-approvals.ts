import { z } from 'zod';
import { ApprovalSchema, ApprovalsQuery, type ApprovalWire } from '#contracts/api/governance.schema';
import type { EvidenceRecord } from '#contracts/evidence';
import { listDecidable, type ApprovalRecord } from '#platform/repositories/approvals';
import { testEvidenceOf } from '#platform/repositories/test-evidence';
import { pageFrom } from '#platform/repositories/paging';
import { askedLimits } from '../../asked-limits.ts';
import { defineEndpoint, type Principal } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';

export const getApprovals = defineEndpoint({
  method: 'get', path: '/api/v1/approvals', operationId: 'listApprovals', tag: 'Runs', summary: 'What waits for your decision', permission: 'run:decide', audit: 'none', query: ApprovalsQuery,
  description: 'Approvals that your role allows, of other people\'s runs, and questions of your own. What you have decided is not listed.', answers: { 200: { description: 'Open, newest first', schema: z.array(ApprovalSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => {
    const found = await listDecidable(deps.db, principal, pageFrom(query));
    const tested = await testEvidenceOf(deps.db, found.rows.filter((row) => askedLimits(row)).map(({ runId }) => runId));
    return pagedAnswer(req, found, (row) => toWire(row, principal, tested.get(row.runId)));
  },
});

const isFor = ({ toUserId, toRole }: ApprovalRecord['delegations'][number], { userId, role }: Pick<Principal, 'userId' | 'role'>): boolean => toUserId === userId || toRole === role;

function evidenceToWire({ run_id: run, outcome, tested_at: at, simulated, remark, tokens, cost_usd_micros: cost, checks }: EvidenceRecord): NonNullable<ApprovalWire['test_evidence']> {
  return { run_id: run, outcome, tested_at: at, simulated, remark, tokens, cost_usd_micros: cost, checks };
}

function toWire(row: ApprovalRecord, principal: Principal, tested: EvidenceRecord | undefined): ApprovalWire {
  const asked = askedLimits(row);
  return {
    id: row.id, run_id: row.runId, gate_id: row.gateId, kind: row.kind as ApprovalWire['kind'], title: row.title, workflow_id: row.run.workflowSlug, workflow_title: row.run.workflowVersion.workflow.name, requested_by: row.run.user.name,
    shown: row.shown, shown_hash: row.shownHash, role: row.role as ApprovalWire['role'], approvers: row.approvers, answer_schema: row.answerSchema as ApprovalWire['answer_schema'],
    expires_at: row.expiresAt.toISOString(), created_at: row.createdAt.toISOString(), reminded_at: row.remindedAt?.toISOString() ?? null,
    delegated_by: row.delegations.filter((delegation) => isFor(delegation, principal)).map(({ fromName }) => fromName),
    test_evidence: asked && tested ? evidenceToWire(tested) : null,
    asked_limits: asked && { cost_usd_micros: asked.costUsdMicros, output_tokens: asked.outputTokens, seconds: asked.seconds },
  };
}
