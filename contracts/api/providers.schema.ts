import { z } from 'zod';
import { Provider, QueryFlag, PagingQuery, Timestamp, Uuid } from './common.schema.ts';

export const TestStatus = z.enum(['success', 'failed', 'pending']);
/** Where the key of a provider comes from: the person's own, the workspace's environment, none needed (demo), or nowhere. */
export const KeySource = z.enum(['own', 'workspace', 'not_needed']);

export const ModelSchema = z.object({
  id: z.string(), context_tokens: z.int(), max_output_tokens: z.int(),
  input_price: z.number().nullable().meta({ description: 'micro-dollars per million tokens; null = unknown' }), output_price: z.number().nullable(),
});

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
  capabilities: z.object({ streaming: z.boolean(), structured_output: z.string(), tools: z.boolean(), vision: z.boolean() }),
  simulated: z.boolean(),
  is_default: z.boolean(),
  is_active: z.boolean().nullable().meta({ description: 'null when no own key is stored' }),
  setting_id: Uuid.nullable(),
  last4: z.string().nullable(),
  last_tested_at: Timestamp.nullable(),
  test_status: TestStatus.nullable(),
  test_message: z.string().nullable(),
  price_date: z.string(),
}).meta({ id: 'ProviderInfo' });
export type ProviderWire = z.infer<typeof ProviderSchema>;

const ApiKey = z.string().trim().min(10, 'must have at least 10 characters').max(500).regex(/^[\x21-\x7e]+$/, 'must be one line of visible characters')
  .meta({ description: 'The provider\'s key; stored encrypted, never returned', format: 'password' });

export const SecretBody = z.strictObject({ provider: Provider, api_key: ApiKey, test: z.boolean().default(true) });
export const SecretStatusSchema = z.object({
  provider: Provider, connected: z.boolean(), key_source: KeySource.nullable(), last4: z.string().nullable(), updated_at: Timestamp.nullable(),
  last_tested_at: Timestamp.nullable(), test_status: TestStatus.nullable(), test_message: z.string().nullable(),
}).meta({ id: 'SecretStatus' });

export const SettingBody = z.strictObject({ provider: Provider, api_key: ApiKey, is_active: z.boolean().default(true), is_default: z.boolean().default(false) });
export const SettingPatch = z.strictObject({ api_key: ApiKey.optional(), is_active: z.boolean().optional(), is_default: z.boolean().optional() })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'name at least one field to change');
export const SettingSchema = z.object({
  id: Uuid, provider: Provider, is_active: z.boolean(), is_default: z.boolean(), last4: z.string(), key_version: z.int(),
  last_tested_at: Timestamp.nullable(), test_status: TestStatus.nullable(), test_message: z.string().nullable(), created_at: Timestamp, updated_at: Timestamp,
}).meta({ id: 'ProviderSetting' });
export type SettingWire = z.infer<typeof SettingSchema>;
export const SettingsQuery = z.strictObject({ ...PagingQuery, active_only: QueryFlag });

/** `test_status: "pending"` when the worker did not answer in time; the row tells later. */
export const KeyTestSchema = z.object({
  success: z.boolean(), valid: z.boolean(), message: z.string(), provider: Provider, test_status: TestStatus, tested_at: Timestamp.nullable(), latency_ms: z.int().nullable(),
}).meta({ id: 'KeyTest' });
export const ModelIdsSchema = z.array(z.string());
