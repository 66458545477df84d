-- What estimates and typical times learn from past runs: a handful of events of each, out of up to ten thousand.
CREATE INDEX "run_events_stage_times_idx" ON "run_events" ("run_id", "sequence") WHERE "type" IN ('stage-start', 'stage-end', 'wait-start', 'wait-end');
