-- Keys of the payload codec that a former master key gave, wrapped by today's: what Temporal stores stays readable when that master
-- key has left the environment. The first `awp keys rotate` after a change of the master key fills it.
CREATE TABLE "retired_payload_keys" (
    "kid" TEXT NOT NULL,
    "envelope" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "retired_payload_keys_pkey" PRIMARY KEY ("kid")
);
