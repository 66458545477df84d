-- CreateTable: what people are asked
CREATE TABLE "approvals" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "gate_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "shown" JSONB NOT NULL,
    "shown_hash" TEXT NOT NULL,
    "role" TEXT,
    "approvers" INTEGER NOT NULL,
    "answers" TEXT,
    "answer_schema" JSONB,
    "state" TEXT NOT NULL DEFAULT 'open',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("id")
);

-- CreateTable: what people decided; the id is the id of the Update
CREATE TABLE "run_decisions" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "wait_id" TEXT NOT NULL,
    "decided_by" UUID NOT NULL,
    "update_name" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "refusal" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "run_decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable: the breaker, shared by all workers
CREATE TABLE "provider_health" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "first_failure_at" TIMESTAMPTZ(3),
    "opens" INTEGER NOT NULL DEFAULT 0,
    "open_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_health_pkey" PRIMARY KEY ("provider", "key_owner")
);

-- CreateIndex
CREATE UNIQUE INDEX "approvals_run_id_gate_id_key" ON "approvals"("run_id", "gate_id");

-- CreateIndex
CREATE INDEX "approvals_state_expires_at_idx" ON "approvals"("state", "expires_at");

-- CreateIndex
CREATE INDEX "run_decisions_run_id_wait_id_idx" ON "run_decisions"("run_id", "wait_id");

-- CreateIndex
CREATE INDEX "run_decisions_state_created_at_idx" ON "run_decisions"("state", "created_at");

-- One decision of one person on one wait; a refused one does not count. Prisma has no partial index.
CREATE UNIQUE INDEX "run_decisions_once" ON "run_decisions"("run_id", "wait_id", "decided_by") WHERE "state" <> 'refused';

-- AddForeignKey
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_decisions" ADD CONSTRAINT "run_decisions_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "runs"("id") ON DELETE CASCADE ON UPDATE CASCADE;
