-- Who may run what, how and where: each change is a new row, the newest holds.
CREATE TABLE "run_policies" (
    "version" SERIAL NOT NULL,
    "rules" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_policies_pkey" PRIMARY KEY ("version")
);
