-- Lists by pages: a page is read from an index, whatever lies behind it.
CREATE INDEX "users_created_at_id_idx" ON "users"("created_at", "id");
DROP INDEX "sessions_user_id_idx";
CREATE INDEX "sessions_user_id_created_at_idx" ON "sessions"("user_id", "created_at" DESC);
DROP INDEX "api_tokens_user_id_idx";
CREATE INDEX "api_tokens_user_id_created_at_idx" ON "api_tokens"("user_id", "created_at" DESC);
CREATE INDEX "budgets_created_at_idx" ON "budgets"("created_at" DESC);

-- The audit log is read newest first, by person, by the beginning of type or resource, by day, and for what was refused or failed. The
-- operator class serves beginnings in any collation.
DROP INDEX "audit_events_subject_at_idx";
CREATE INDEX "audit_events_subject_sequence_idx" ON "audit_events"("subject", "sequence");
CREATE INDEX "audit_events_at_idx" ON "audit_events"("at");
DROP INDEX "audit_events_resource_idx";
CREATE INDEX "audit_events_resource_idx" ON "audit_events"("resource" text_pattern_ops, "sequence");
DROP INDEX "audit_events_type_at_idx";
CREATE INDEX "audit_events_type_idx" ON "audit_events"("type" text_pattern_ops, "sequence");
CREATE INDEX "audit_events_not_success_idx" ON "audit_events"("outcome", "sequence") WHERE "outcome" <> 'success';
