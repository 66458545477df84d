import { z } from 'zod';
import { PERMISSIONS, ROLES } from '../permissions.ts';
import { shownName, Timestamp, Uuid } from './common.schema.ts';

export const SignInLinkBody = z.strictObject({ token: z.string().min(16).max(200) });

export const SessionSchema = z.object({
  user: z.object({ id: Uuid, name: z.string(), email: z.string(), role: z.enum(ROLES) }),
  kind: z.enum(['session', 'api_token']),
  permissions: z.array(z.enum(PERMISSIONS)),
  expires_at: Timestamp.nullable(),
  environment: z.enum(['local', 'production']),
  upload_max_bytes: z.int().meta({ description: 'The largest file that POST /uploads takes' }),
}).meta({ id: 'Session' });
export type SessionWire = z.infer<typeof SessionSchema>;

export const TokenBody = z.strictObject({
  name: shownName(100),
  scopes: z.array(z.enum(PERMISSIONS)).min(1).max(PERMISSIONS.length).optional().meta({ description: 'Permissions of the token; all of its owner when left out' }),
  expires_in_days: z.int().min(1).max(365).default(90),
});
export const TokenSchema = z.object({
  id: Uuid, name: z.string(), public_id: z.string(), scopes: z.array(z.string()), expires_at: Timestamp.nullable(), last_used_at: Timestamp.nullable(), created_at: Timestamp,
}).meta({ id: 'ApiToken' });
/** The only answer that ever holds the token itself. */
export const CreatedTokenSchema = TokenSchema.extend({ token: z.string().meta({ description: 'Shown once, never again' }) }).meta({ id: 'CreatedApiToken' });
