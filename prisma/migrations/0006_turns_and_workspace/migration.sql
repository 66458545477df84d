-- CreateTable: the pace of one provider key, shared by all workers
CREATE TABLE "provider_pace" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "full_at" TIMESTAMPTZ(6) NOT NULL,
    "virtual_time" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "provider_pace_pkey" PRIMARY KEY ("provider", "key_owner")
);

-- CreateTable: calls that wait for their turn
CREATE TABLE "provider_turns" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "call_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "start_tag" DOUBLE PRECISION NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_turns_pkey" PRIMARY KEY ("provider", "key_owner", "call_id")
);

-- CreateTable: who has had more than the others of late
CREATE TABLE "provider_shares" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "end_tag" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "provider_shares_pkey" PRIMARY KEY ("provider", "key_owner", "user_id")
);

-- CreateTable: choices of the administrators for everybody
CREATE TABLE "workspace_settings" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_by" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_settings_pkey" PRIMARY KEY ("name")
);

-- AlterTable: people were reminded of what they are asked
ALTER TABLE "approvals" ADD COLUMN "reminded_at" TIMESTAMPTZ(3);

-- CreateTable: who handed a decision on
CREATE TABLE "approval_delegations" (
    "id" UUID NOT NULL,
    "approval_id" UUID NOT NULL,
    "from_user_id" UUID NOT NULL,
    "from_name" TEXT NOT NULL,
    "to_user_id" UUID,
    "to_role" TEXT,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "approval_delegations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "approval_delegations_approval_id_from_user_id_key" ON "approval_delegations"("approval_id", "from_user_id");

-- AddForeignKey
ALTER TABLE "approval_delegations" ADD CONSTRAINT "approval_delegations_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approvals"("id") ON DELETE CASCADE ON UPDATE CASCADE;
