-- Retention: an artifact past its days loses its bytes; the row stays and says since when.
ALTER TABLE "artifacts" ADD COLUMN "expired_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "artifacts_expired_at_expires_at_idx" ON "artifacts"("expired_at", "expires_at");
