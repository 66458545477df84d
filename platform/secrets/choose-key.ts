/** SQL for the key of a person that a call uses, as JSON of a StoredSecret, or null. Keys that rest come last (if all rest, the one
 * that wakes first); a run from before a key was replaced keeps the old one for the overlap; then by weight, by chance
 * (exponential races: the smallest of -ln(u)/weight wins in proportion to the weight).
 * A key is used only while its setting is active and the provider has the address it was saved for.
 * @param names  SQL expressions: user and run as uuid, the others as text */
export function chosenKey({ user, provider, baseUrlHash, runId }: { user: string; provider: string; baseUrlHash: string; runId: string }): string {
  return `(SELECT json_build_object('id', id, 'settingId', setting_id, 'secretEnvelope', secret_envelope, 'keyVersion', key_version) FROM (
    SELECT id, id AS setting_id, secret_envelope, key_version, weight, rested_until, NULL::timestamptz AS replaced_at FROM provider_settings
    WHERE user_id = ${user} AND provider = ${provider} AND is_active AND base_url_hash = ${baseUrlHash}
    UNION ALL
    SELECT k.id, k.setting_id, k.secret_envelope, 1, k.weight, k.rested_until, CASE WHEN k.valid_until IS NOT NULL THEN k.created_at END
    FROM provider_keys k JOIN provider_settings s ON s.id = k.setting_id AND s.is_active
    WHERE k.user_id = ${user} AND k.provider = ${provider} AND k.is_active AND k.base_url_hash = ${baseUrlHash}
      AND (k.valid_until IS NULL OR (k.valid_until > statement_timestamp() AND EXISTS (SELECT FROM runs WHERE runs.id = ${runId} AND runs.created_at < k.created_at)))
  ) AS mine
  ORDER BY CASE WHEN rested_until > statement_timestamp() THEN rested_until END NULLS FIRST, replaced_at NULLS LAST, -ln(1 - random()) / weight LIMIT 1)`;
}
