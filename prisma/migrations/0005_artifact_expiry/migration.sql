-- Retention: an artifact past its days loses its bytes; the row stays and says since when.
ALTER TABLE "artifacts" ADD COLUMN "expired_at" TIMESTAMPTZ(3);

-- What the purge looks for: rows that still have their bytes, oldest expiry first.
CREATE INDEX "artifacts_due_idx" ON "artifacts"("expires_at") WHERE "expired_at" IS NULL;
