-- Several keys of a person for one provider: each with its weight, and a rest after the vendor said "too many requests". A key that
-- was replaced with an overlap stays as a row with `valid_until`: runs that began before the change go on with it till then.
ALTER TABLE "provider_settings" ADD COLUMN "weight" INTEGER NOT NULL DEFAULT 1, ADD COLUMN "rested_until" TIMESTAMPTZ(3);
ALTER TABLE "provider_settings" ADD CONSTRAINT "provider_settings_weight_check" CHECK ("weight" BETWEEN 1 AND 100);

CREATE TABLE "provider_keys" (
    "id" UUID NOT NULL,
    "setting_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "secret_envelope" JSONB NOT NULL,
    "last4" TEXT NOT NULL,
    "base_url_hash" TEXT NOT NULL,
    "weight" INTEGER NOT NULL DEFAULT 1,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "rested_until" TIMESTAMPTZ(3),
    "valid_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "provider_keys_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "provider_keys_weight_check" CHECK ("weight" BETWEEN 1 AND 100),
    CONSTRAINT "provider_keys_setting_id_fkey" FOREIGN KEY ("setting_id") REFERENCES "provider_settings"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "provider_keys_user_id_provider_idx" ON "provider_keys"("user_id", "provider");
CREATE INDEX "provider_keys_setting_id_idx" ON "provider_keys"("setting_id");
CREATE INDEX "provider_keys_valid_until_idx" ON "provider_keys"("valid_until");
