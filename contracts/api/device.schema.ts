import { z } from 'zod';
import { PERMISSIONS } from '../permissions.ts';
import { shownName, Timestamp } from './common.schema.ts';

export const DeviceStartBody = z.strictObject({ client_name: shownName(100).default('command line').meta({ description: 'Shown to the person who confirms' }) });
export const DeviceStartSchema = z.object({
  device_code: z.string().meta({ description: 'For the program; never shown' }), user_code: z.string().meta({ description: 'For the person' }), verification_uri: z.string(), verification_uri_complete: z.string(),
  expires_in: z.int().meta({ description: 'seconds' }), interval: z.int().meta({ description: 'seconds between two questions' }),
}).meta({ id: 'DeviceLogin' });
export type DeviceStartWire = z.infer<typeof DeviceStartSchema>;

export const DeviceTokenBody = z.strictObject({ device_code: z.string().min(1).max(200) });
export const DeviceTokenSchema = z.object({
  state: z.enum(['authorization_pending', 'slow_down', 'access_denied', 'expired_token', 'granted']).meta({ description: 'The words of RFC 8628 §3.5' }),
  access_token: z.string().nullable().meta({ description: 'An API token, in this answer only' }), expires_at: Timestamp.nullable(), scopes: z.array(z.enum(PERMISSIONS)),
}).meta({ id: 'DeviceToken' });
export type DeviceTokenWire = z.infer<typeof DeviceTokenSchema>;

const UserCode = z.string().trim().min(8).max(20);
export const DeviceCodeBody = z.strictObject({ user_code: UserCode });
export const DeviceDecisionBody = z.strictObject({ user_code: UserCode, decision: z.enum(['approve', 'deny']) });
export const DeviceRequestSchema = z.object({ client_name: z.string(), ip_address: z.string().nullable(), created_at: Timestamp, expires_at: Timestamp, scopes: z.array(z.enum(PERMISSIONS)), token_days: z.int() }).meta({ id: 'DeviceRequest' });
export type DeviceRequestWire = z.infer<typeof DeviceRequestSchema>;
export const RevokeTokenBody = z.strictObject({ token: z.string().min(1).max(512) });
