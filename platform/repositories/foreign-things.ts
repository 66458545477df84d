import type { Pool } from 'pg';
import { query, statement } from '../sql.ts';

/** What belongs to somebody else among these ids; for the audit log alone. Whoever asks is answered as if it were not there. */
export interface ForeignThing { kind: 'run' | 'artifact' | 'upload' | 'setting' | 'token' | 'session' | 'webhook' | 'workflow'; id: string }

const FIND = statement(`
  SELECT kind, id::text AS id FROM (
    SELECT 'run' AS kind, id, user_id FROM runs WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'artifact', id, user_id FROM artifacts WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'upload', id, user_id FROM uploads WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'setting', id, user_id FROM provider_settings WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'token', id, user_id FROM api_tokens WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'session', id, user_id FROM sessions WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'webhook', id, user_id FROM webhooks WHERE id = ANY($1::uuid[])
    UNION ALL SELECT 'workflow', id, owner_id FROM workflows WHERE id = ANY($1::uuid[]) OR slug = ANY($3::text[])
  ) things WHERE user_id <> $2::uuid LIMIT 1`);

/** One read by primary keys. @param slugs  names of workflows @returns the first that is another person's, null when none is */
export async function findForeignThing(pool: Pool, userId: string, ids: readonly string[], slugs: readonly string[]): Promise<ForeignThing | null> {
  return (await query<ForeignThing>(pool, FIND, [ids, userId, slugs]))[0] ?? null;
}
