-- What somebody edits and has not saved as a version yet.
CREATE TABLE "workflow_working_copies" (
  "workflow_id" UUID NOT NULL,
  "revision" INTEGER NOT NULL,
  "document" JSON NOT NULL,
  "author_id" UUID,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "workflow_working_copies_pkey" PRIMARY KEY ("workflow_id"),
  CONSTRAINT "workflow_working_copies_workflow_id_fkey" FOREIGN KEY ("workflow_id") REFERENCES "workflows"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
