-- What may be spent and started in a day or a month. What was spent is never counted twice: it is read from the ledger.
CREATE TABLE "budgets" (
    "id" UUID NOT NULL,
    "scope" TEXT NOT NULL,
    "scope_key" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "limit_value" BIGINT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budgets_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "budgets_scope_scope_key_period_metric_key" ON "budgets"("scope", "scope_key", "period", "metric");

-- Sums over everybody's calls of a period.
CREATE INDEX "completions_created_at_idx" ON "completions"("created_at");
