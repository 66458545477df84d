-- Signed proof that a Test of exactly this workflow, input, provider and model passed (guarantee G5).
CREATE TABLE "evidence" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "stage" TEXT NOT NULL,
    "workflow_slug" TEXT NOT NULL,
    "workflow_version" INTEGER NOT NULL,
    "definition_hash" TEXT NOT NULL,
    "input_digest" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "simulated" BOOLEAN NOT NULL,
    "outcome" TEXT NOT NULL,
    "record" JSONB NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" TEXT NOT NULL,
    "tested_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evidence_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "evidence_run_id_stage_key" ON "evidence"("run_id", "stage");

-- CreateIndex
CREATE INDEX "evidence_user_id_workflow_slug_tested_at_idx" ON "evidence"("user_id", "workflow_slug", "tested_at" DESC);

-- AddForeignKey
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was signed stays as it was signed.
CREATE TRIGGER evidence_immutable BEFORE UPDATE ON "evidence" FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Re-runs: lineage on the run, references between ledger rows (guarantee G9).
ALTER TABLE "runs" ADD COLUMN "forked_from_id" UUID, ADD COLUMN "fork_kind" TEXT;

-- CreateIndex
CREATE INDEX "runs_forked_from_id_idx" ON "runs"("forked_from_id");

-- AddForeignKey
ALTER TABLE "runs" ADD CONSTRAINT "runs_forked_from_id_fkey" FOREIGN KEY ("forked_from_id") REFERENCES "runs"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "completions" ADD COLUMN "reused_from_id" UUID, ADD COLUMN "edited_by" UUID;

-- CreateIndex
CREATE INDEX "completions_reused_from_id_idx" ON "completions"("reused_from_id");

-- AddForeignKey
ALTER TABLE "completions" ADD CONSTRAINT "completions_reused_from_id_fkey" FOREIGN KEY ("reused_from_id") REFERENCES "completions"("id") ON DELETE SET NULL ON UPDATE CASCADE;
