-- CreateTable: the pace of one provider key, shared by all workers
CREATE TABLE "provider_pace" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "full_at" TIMESTAMPTZ(6) NOT NULL,
    "virtual_time" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "provider_pace_pkey" PRIMARY KEY ("provider", "key_owner")
);

-- CreateTable: calls that wait for their turn
CREATE TABLE "provider_turns" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "call_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "start_tag" DOUBLE PRECISION NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "provider_turns_pkey" PRIMARY KEY ("provider", "key_owner", "call_id")
);

-- CreateTable: who has had more than the others of late
CREATE TABLE "provider_shares" (
    "provider" TEXT NOT NULL,
    "key_owner" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "end_tag" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "provider_shares_pkey" PRIMARY KEY ("provider", "key_owner", "user_id")
);

-- CreateTable: choices of the administrators for everybody
CREATE TABLE "workspace_settings" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_by" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_settings_pkey" PRIMARY KEY ("name")
);
