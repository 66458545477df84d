import { z } from 'zod';
import { RUN_MODES } from '../runs.ts';
import { Provider, QueryFlag, PagingQuery, Timestamp, Uuid } from './common.schema.ts';

export const TestStatus = z.enum(['success', 'failed', 'pending']);
/** Where the key of a provider comes from: the person's own, the workspace's environment, none needed (demo), or nowhere. */
export const KeySource = z.enum(['own', 'workspace', 'not_needed']);

export const ModelSchema = z.object({
  id: z.string(), context_tokens: z.int(), max_output_tokens: z.int(),
  input_price: z.number().nullable().meta({ description: 'micro-dollars per million tokens; null = unknown' }), output_price: z.number().nullable(),
});

/** One key of a person. */
export const ProviderKeySchema = z.object({
  id: Uuid, setting_id: Uuid, provider: Provider, last4: z.string(),
  kind: z.enum(['main', 'further', 'replaced']).meta({ description: 'main = the setting\'s own; replaced = the one before it, which runs from before the change use till `valid_until`' }),
  weight: z.int(), is_active: z.boolean(), resting_until: Timestamp.nullable().meta({ description: 'After "too many requests" of the provider: not used till then while another key is awake' }),
  valid_until: Timestamp.nullable(), created_at: Timestamp,
}).meta({ id: 'ProviderKey' });
export type ProviderKeyWire = z.infer<typeof ProviderKeySchema>;

export const ProviderSchema = z.object({
  provider: Provider,
  name: Provider.meta({ description: 'the same as `provider`, for older clients' }),
  display_name: z.string(),
  description: z.string(),
  supported: z.boolean().meta({ description: 'false when the administrator has to configure it first (compatible without a base URL)' }),
  connected: z.boolean(),
  key_source: KeySource.nullable(),
  needs_key: z.boolean(),
  key_url: z.string().nullable(),
  key_hint: z.string().nullable(),
  default_model: z.string(),
  models: z.array(ModelSchema),
  listed_models: z.array(z.object({ id: z.string(), known: z.boolean() })).meta({ description: 'What the provider named to the key in use, when it was last tested or checked, by name; `known: false` = not among `models`: no known price or limits. Any other model may be named in a run too.' }),
  capabilities: z.object({ streaming: z.boolean(), structured_output: z.string(), tools: z.boolean(), vision: z.boolean() }),
  simulated: z.boolean(),
  is_default: z.boolean(),
  is_active: z.boolean().nullable().meta({ description: 'null when no own key is stored' }),
  setting_id: Uuid.nullable(),
  last4: z.string().nullable(),
  last_tested_at: Timestamp.nullable(),
  test_status: TestStatus.nullable(),
  test_message: z.string().nullable(),
  keys: z.array(ProviderKeySchema).meta({ description: 'Own keys, the main one first; never their text' }),
  price_date: z.string(),
}).meta({ id: 'ProviderInfo' });
export type ProviderWire = z.infer<typeof ProviderSchema>;

/** Entries of the access log that are told at once. */
export const KEY_ACCESS_LIMIT = 50;
export const KeyAccessSchema = z.object({
  at: Timestamp, what: z.string().meta({ description: 'read (by a run), created, rotated, tested, changed, deleted, activated, deactivated' }), outcome: z.enum(['success', 'denied', 'failed']),
  run_id: Uuid.nullable(), run_mode: z.enum(RUN_MODES).nullable(), by: z.enum(['session', 'api_token', 'system', 'anonymous']), ip_address: z.string().nullable(),
}).meta({ id: 'KeyAccess' });
export type KeyAccessWire = z.infer<typeof KeyAccessSchema>;

const ApiKey = z.string().trim().min(10, 'must have at least 10 characters').max(500).regex(/^[\x21-\x7e]+$/, 'must be one line of visible characters')
  .meta({ description: 'The provider\'s key; stored encrypted, never returned', format: 'password' });

const Weight = z.int().min(1).max(100).meta({ description: 'The share of calls that this key takes, in proportion to the other keys of the provider' });
const OverlapMinutes = z.int().min(0).max(10_080).meta({ description: 'Minutes for which runs that began before go on with the key that is replaced; 0 = it is gone at once' });

export const SecretBody = z.strictObject({ provider: Provider, api_key: ApiKey, test: z.boolean().default(true), overlap_minutes: OverlapMinutes.default(0) });
export const KeyProbeBody = z.strictObject({ api_key: ApiKey.optional().meta({ description: 'Left out: what this installation has is tested, its key or the address that needs none' }) });
export const KeyBody = z.strictObject({ api_key: ApiKey, weight: Weight.default(1) });
export const KeyPatch = z.strictObject({ weight: Weight.optional(), is_active: z.boolean().optional() }).refine((patch) => Object.values(patch).some((value) => value !== undefined), 'name at least one field to change');

export const SecretStatusSchema = z.object({
  provider: Provider, connected: z.boolean(), key_source: KeySource.nullable(), last4: z.string().nullable(), updated_at: Timestamp.nullable(),
  last_tested_at: Timestamp.nullable(), test_status: TestStatus.nullable(), test_message: z.string().nullable(),
}).meta({ id: 'SecretStatus' });

export const SettingBody = z.strictObject({ provider: Provider, api_key: ApiKey, is_active: z.boolean().default(true), is_default: z.boolean().default(false) });
export const SettingPatch = z.strictObject({ api_key: ApiKey.optional(), overlap_minutes: OverlapMinutes.optional(), weight: Weight.optional(), is_active: z.boolean().optional(), is_default: z.boolean().optional() })
  .refine((patch) => patch.overlap_minutes === undefined || patch.api_key !== undefined, { path: ['overlap_minutes'], message: 'goes with a new api_key' })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'name at least one field to change');
export const SettingSchema = z.object({
  id: Uuid, provider: Provider, is_active: z.boolean(), is_default: z.boolean(), last4: z.string(), key_version: z.int(), weight: z.int(), resting_until: Timestamp.nullable(),
  last_tested_at: Timestamp.nullable(), test_status: TestStatus.nullable(), test_message: z.string().nullable(), created_at: Timestamp, updated_at: Timestamp,
}).meta({ id: 'ProviderSetting' });
export type SettingWire = z.infer<typeof SettingSchema>;
export const SettingsQuery = z.strictObject({ ...PagingQuery, active_only: QueryFlag });

/** `test_status: "pending"` when the worker did not answer in time; the row tells later. */
export const KeyTestSchema = z.object({
  success: z.boolean(), valid: z.boolean(), message: z.string(), provider: Provider, test_status: TestStatus, tested_at: Timestamp.nullable(), latency_ms: z.int().nullable(),
}).meta({ id: 'KeyTest' });
export const ModelIdsSchema = z.array(z.string());
