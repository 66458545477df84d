-- The sections of the library are written at once and searched ever after. With PostgreSQL's list of words not yet in the index,
-- each search read that list from end to end until the autovacuum came by.
ALTER INDEX "skill_sections_search_idx" SET (fastupdate = off);
SELECT gin_clean_pending_list('skill_sections_search_idx'::regclass);
