-- Since when an administrator has a workflow switched off: only an administrator lifts it, and a start with the same catalog does not.
ALTER TABLE "workflows" ADD COLUMN "switched_off_at" TIMESTAMPTZ(3);
