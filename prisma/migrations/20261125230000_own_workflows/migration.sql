-- Workflows that people write: whose they are, which version each channel shows, when they were archived.
ALTER TABLE "workflows" ADD COLUMN "owner_id" UUID, ADD COLUMN "test_version" INTEGER, ADD COLUMN "live_version" INTEGER, ADD COLUMN "archived_at" TIMESTAMPTZ(3);
ALTER TABLE "workflow_versions" ADD COLUMN "author_id" UUID, ADD COLUMN "note" TEXT;
CREATE INDEX "workflows_owner_id_idx" ON "workflows"("owner_id");
