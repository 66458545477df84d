-- What the person who started a run thinks of its result.
ALTER TABLE "runs" ADD COLUMN "rating" TEXT, ADD COLUMN "rating_note" TEXT;
ALTER TABLE "runs" ADD CONSTRAINT "runs_rating_check" CHECK ("rating" IN ('good', 'poor'));
