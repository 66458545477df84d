import type { Endpoint } from './endpoint.ts';
import { deleteArtifact } from './routes/artifacts/artifact-id/delete-artifact.ts';
import { getArtifact } from './routes/artifacts/artifact-id/get-artifact.ts';
import { getArtifactContent } from './routes/artifacts/artifact-id/get-content.ts';
import { getArtifactDownload } from './routes/artifacts/artifact-id/get-download.ts';
import { getArtifactsOfRun } from './routes/artifacts/get-artifacts-of-run.ts';
import { getArtifacts } from './routes/artifacts/get-artifacts.ts';
import { getApprovals } from './routes/approvals/get-approvals.ts';
import { getAudit, getAuditExport, postAuditVerify } from './routes/audit/audit.ts';
import { deleteBudget, getBudgets, putBudget } from './routes/budgets/budgets.ts';
import { getEvidenceKeys } from './routes/evidence/get-keys.ts';
import { postVerifyEvidence } from './routes/evidence/post-verify.ts';
import { postRotateKeys } from './routes/keys/post-rotate.ts';
import { getKnowledge } from './routes/knowledge/get-knowledge.ts';
import { getKnowledgeSearch } from './routes/knowledge/get-search.ts';
import { getSkill } from './routes/knowledge/get-skill.ts';
import { postMcp } from './routes/mcp/post-mcp.ts';
import { getOperations } from './routes/operations/get-operations.ts';
import { getRunPolicy, putRunPolicy } from './routes/run-policy/run-policy.ts';
import { getRunsCompare } from './routes/runs/get-compare.ts';
import { getRuns } from './routes/runs/get-runs.ts';
import { postExecuteAsync } from './routes/runs/post-execute-async.ts';
import { postExecute } from './routes/runs/post-execute.ts';
import { postRun } from './routes/runs/post-run.ts';
import { deleteRun } from './routes/runs/run-id/delete-run.ts';
import { getRunExport } from './routes/runs/run-id/export/get-export.ts';
import { getRunArtifacts } from './routes/runs/run-id/get-artifacts.ts';
import { getDrill, postDrill } from './routes/runs/run-id/drill.ts';
import { getRunCall } from './routes/runs/run-id/get-call.ts';
import { getRunEvidence } from './routes/runs/run-id/get-evidence.ts';
import { getRunEvents } from './routes/runs/run-id/get-events.ts';
import { getRun } from './routes/runs/run-id/get-run.ts';
import { getStageDiff } from './routes/runs/run-id/get-stage-diff.ts';
import { getRunResult } from './routes/runs/run-id/get-result.ts';
import { getRunStanding } from './routes/runs/run-id/get-standing.ts';
import { getRunStatus } from './routes/runs/run-id/get-status.ts';
import { getRunsStream } from './routes/runs/get-stream.ts';
import { getRunStream } from './routes/runs/run-id/get-stream.ts';
import { postGateDecision } from './routes/runs/run-id/gates/post-decision.ts';
import { postGateDelegate } from './routes/runs/run-id/gates/post-delegate.ts';
import { postGateRemind } from './routes/runs/run-id/gates/post-remind.ts';
import { postBudget } from './routes/runs/run-id/post-budget.ts';
import { postCancel } from './routes/runs/run-id/post-cancel.ts';
import { putRating } from './routes/runs/run-id/put-rating.ts';
import { postExecuteRun } from './routes/runs/run-id/post-execute.ts';
import { postRerun, postRerunPreview } from './routes/runs/run-id/post-rerun.ts';
import { getAccount, postCredentials, postPassword } from './routes/account/account.ts';
import { deleteUser, getAccountExport } from './routes/account/privacy.ts';
import { postTwoFactor, postTwoFactorCode, postTwoFactorOff } from './routes/account/two-factor.ts';
import { deleteInvitation, getInvitations, postInvitation } from './routes/invitations/invitations.ts';
import { postAcceptInvitation, postForgotPassword, postLinkPreview, postResetPassword } from './routes/session/account-links.ts';
import { postCodecDecode } from './routes/codec/post-decode.ts';
import { getPause, putPause } from './routes/pause/pause.ts';
import { postDeviceDecision, postDevicePreview, postDeviceStart, postDeviceToken, postRevokeToken } from './routes/session/device.ts';
import { deleteSession } from './routes/session/delete-session.ts';
import { getSession } from './routes/session/get-session.ts';
import { getOidcCallback, getSignInMethods, postOidcStart } from './routes/session/oidc.ts';
import { postSecondFactor, postSignIn } from './routes/session/post-sign-in.ts';
import { postSignInLink } from './routes/session/post-sign-in-link.ts';
import { deleteOneSession, deleteSessions, getSessions } from './routes/sessions/sessions.ts';
import { getFallback, putFallback } from './routes/settings/fallback.ts';
import { getModels } from './routes/settings/get-models.ts';
import { getProviders } from './routes/settings/get-providers.ts';
import { getSettingOfProvider } from './routes/settings/get-setting-of-provider.ts';
import { getSettings } from './routes/settings/get-settings.ts';
import { deleteSetting } from './routes/settings/id/delete-setting.ts';
import { deleteSettingKey, getSettingKeys, postSettingKey, putSettingKey } from './routes/settings/id/keys.ts';
import { getSettingAccess } from './routes/settings/id/get-access.ts';
import { getSetting } from './routes/settings/id/get-setting.ts';
import { postActivateSetting, postDeactivateSetting } from './routes/settings/id/post-activation.ts';
import { postTestSetting } from './routes/settings/id/post-test.ts';
import { putSetting } from './routes/settings/id/put-setting.ts';
import { postKeyTest } from './routes/settings/post-key-test.ts';
import { postSetting } from './routes/settings/post-setting.ts';
import { deleteSecret } from './routes/settings/secrets/delete-secret.ts';
import { getSecretsStatus } from './routes/settings/secrets/get-status.ts';
import { postSecret } from './routes/settings/secrets/post-secret.ts';
import { getHealth } from './routes/system/get-health.ts';
import { getInfo } from './routes/system/get-info.ts';
import { getMetrics } from './routes/system/get-metrics.ts';
import { getProblem } from './routes/system/get-problem.ts';
import { getReady } from './routes/system/get-ready.ts';
import { getToolPolicy } from './routes/tool-policy/get-policy.ts';
import { putToolPolicy } from './routes/tool-policy/put-policy.ts';
import { deleteToken } from './routes/tokens/delete-token.ts';
import { getTokens } from './routes/tokens/get-tokens.ts';
import { postToken } from './routes/tokens/post-token.ts';
import { getMyBudgets, getUsage } from './routes/usage/usage.ts';
import { deleteUserSecondFactor, getUsers, postUserPasswordReset, postUserSignOut, putUser } from './routes/users/users.ts';
import { getUploads } from './routes/uploads/get-uploads.ts';
import { postUpload } from './routes/uploads/post-upload.ts';
import { deleteUpload } from './routes/uploads/upload-id/delete-upload.ts';
import { getUpload } from './routes/uploads/upload-id/get-upload.ts';
import { postCheckDefinition, postCheckWorkflow } from './routes/workflows/own/check.ts';
import { deleteWorkflow, postWorkflow, putWorkflow } from './routes/workflows/own/edit.ts';
import { getWorkflowExport, postImport } from './routes/workflows/own/transfer.ts';
import { postTryStep } from './routes/workflows/own/try-step.ts';
import { getDefinition, getDiff, getVersions, putChannel } from './routes/workflows/own/versions.ts';
import { deleteWorkingCopy, getWorkingCopy, putWorkingCopy } from './routes/workflows/own/working-copy.ts';
import { getDeliveries, getDelivery, postSendAgain, postWebhookTest } from './routes/webhooks/deliveries.ts';
import { getEverybodysWebhooks, putWebhookSwitch } from './routes/webhooks/everybodys.ts';
import { deleteWebhookEndpoint, getWebhook, getWebhooks, postWebhook, postWebhookSecret, putWebhook } from './routes/webhooks/webhooks.ts';
import { getWorkflows } from './routes/workflows/get-workflows.ts';
import { getWorkflowSchema } from './routes/workflows/workflow-id/get-schema.ts';
import { getWorkflow } from './routes/workflows/workflow-id/get-workflow.ts';
import { postActivateWorkflow, postDeactivateWorkflow } from './routes/workflows/workflow-id/post-switch.ts';
import { postEstimate } from './routes/workflows/workflow-id/post-estimate.ts';

/** Every endpoint there is. Server, OpenAPI document and tests read this one list; fixed words stand before `{id}`. */
export const endpoints: readonly Endpoint[] = [
  getInfo, getHealth, getReady, getMetrics, getProblem, getPause, putPause, postMcp,
  getSignInMethods, postSignInLink, postSignIn, postSecondFactor, postOidcStart, getOidcCallback, postLinkPreview, postAcceptInvitation, postResetPassword, postForgotPassword,
  postDeviceStart, postDeviceToken, postDevicePreview, postDeviceDecision,
  getAccountExport, getSession, deleteSession, getSessions, deleteOneSession, deleteSessions, getAccount, postCredentials, postPassword, postTwoFactor, postTwoFactorCode, postTwoFactorOff,
  getUsers, putUser, deleteUser, postUserSignOut, postUserPasswordReset, deleteUserSecondFactor, getInvitations, postInvitation, deleteInvitation, getTokens, postToken, postRevokeToken, deleteToken,
  getProviders, postKeyTest, getModels, getSecretsStatus, postSecret, deleteSecret,
  getFallback, putFallback, getSettings, postSetting, getSettingOfProvider, getSetting, putSetting, deleteSetting, postActivateSetting, postDeactivateSetting, postTestSetting, getSettingAccess, getSettingKeys, postSettingKey, putSettingKey, deleteSettingKey,
  getWorkflows, postWorkflow, postCheckDefinition, postImport, getWorkflow, putWorkflow, deleteWorkflow, getWorkflowSchema, postEstimate, postCheckWorkflow, postActivateWorkflow, postDeactivateWorkflow, getDefinition, getVersions, getDiff, putChannel, getWorkflowExport, getWorkingCopy, putWorkingCopy, deleteWorkingCopy, postTryStep,
  getRuns, postRun, postExecute, postExecuteAsync, getRunsCompare, getRunsStream, getRun, getRunCall, getStageDiff, getRunStatus, getRunResult, getRunStanding, getRunEvents, getRunStream, getRunArtifacts, getRunExport, postCancel, postBudget, postGateDecision, postGateDelegate, postGateRemind, getApprovals, postExecuteRun, postRerunPreview, postRerun, putRating, deleteRun,
  getRunEvidence, postVerifyEvidence, getEvidenceKeys, getDrill, postDrill,
  getOperations, postCodecDecode, postRotateKeys, getAudit, getAuditExport, postAuditVerify,
  getUsage, getMyBudgets, getBudgets, putBudget, deleteBudget, getRunPolicy, putRunPolicy,
  getKnowledge, getKnowledgeSearch, getSkill, getToolPolicy, putToolPolicy,
  getUploads, postUpload, getUpload, deleteUpload,
  getWebhooks, postWebhook, getEverybodysWebhooks, getWebhook, putWebhook, deleteWebhookEndpoint, postWebhookSecret, postWebhookTest, getDeliveries, getDelivery, postSendAgain, putWebhookSwitch,
  getArtifacts, getArtifactsOfRun, getArtifact, getArtifactContent, getArtifactDownload, deleteArtifact,
];
