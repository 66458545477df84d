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
