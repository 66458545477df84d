-- What deleted runs had spent, by day: budgets and usage count it on, so that nobody gets money back by deleting runs. No text, no
-- run and no name is in it. Of a person who was erased only sums stay, under the id of nobody.
CREATE TABLE "deleted_spend" (
    "user_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "workflow_slug" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "started" INTEGER NOT NULL,
    "runs" INTEGER NOT NULL,
    "calls" INTEGER NOT NULL,
    "unpriced_calls" INTEGER NOT NULL,
    "input_tokens" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "cost_usd_micros" BIGINT NOT NULL,
    "possibly_billed_usd_micros" BIGINT NOT NULL,
    CONSTRAINT "deleted_spend_pkey" PRIMARY KEY ("user_id", "day", "workflow_slug", "provider", "model")
);
CREATE INDEX "deleted_spend_day_idx" ON "deleted_spend"("day");
