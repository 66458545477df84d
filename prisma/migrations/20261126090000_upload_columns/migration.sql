-- Names of a table's columns, so that a form offers them: read once, when the file arrives.
ALTER TABLE "uploads" ADD COLUMN "columns" JSONB;
