-- Sign-in of the command line (the flow of RFC 8628): it holds the device code, the person types the user code where they are signed in.
-- Codes are stored hashed; a row lives ten minutes.
CREATE TABLE "device_logins" (
    "id" UUID NOT NULL,
    "device_code_hash" TEXT NOT NULL,
    "user_code_hash" TEXT NOT NULL,
    "client_name" TEXT NOT NULL,
    "ip_address" TEXT,
    "user_id" UUID,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "polled_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "device_logins_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "device_logins_state_check" CHECK ("state" IN ('pending', 'approved', 'denied', 'used')),
    CONSTRAINT "device_logins_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "device_logins_device_code_hash_key" ON "device_logins"("device_code_hash");
CREATE UNIQUE INDEX "device_logins_user_code_hash_key" ON "device_logins"("user_code_hash");
CREATE INDEX "device_logins_expires_at_idx" ON "device_logins"("expires_at");
