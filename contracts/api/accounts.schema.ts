import { z } from 'zod';
import { PASSWORD_MAX } from '../passwords.ts';
import { ROLES } from '../permissions.ts';
import { shownName, Timestamp, Uuid } from './common.schema.ts';
import { SessionSchema } from './session.schema.ts';

/** Accounts on the wire. A password is checked by contracts/passwords.ts where it is set; here only its size is bounded. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('must be an e-mail address'));
export const PersonName = shownName(100);
const Password = z.string().min(1).max(PASSWORD_MAX).meta({ format: 'password' });
const LinkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is not a token of a link');
const RoleSchema = z.enum(ROLES);

export const SignInBody = z.strictObject({ email: Email, password: Password });
export const SignInAnswer = z.union([SessionSchema, z.object({ two_factor_required: z.literal(true) })]).meta({ id: 'SignInAnswer', description: 'The session, or the request for the second factor' });
export type SignInAnswerWire = z.infer<typeof SignInAnswer>;
export const TwoFactorBody = z.strictObject({
  code: z.string().regex(/^\d{6}$/, 'must be six digits').optional(),
  backup_code: z.string().trim().min(8).max(40).optional(),
}).refine((body) => (body.code === undefined) !== (body.backup_code === undefined), 'send either code or backup_code');
export const SignInMethodsSchema = z.object({
  password: z.boolean(), link: z.boolean().meta({ description: 'The one-time link of a local start' }), mail: z.boolean().meta({ description: 'Links are sent by mail; otherwise an administrator hands them over' }),
  oidc: z.array(z.object({ id: z.string(), name: z.string() })),
}).meta({ id: 'SignInMethods' });
export type SignInMethodsWire = z.infer<typeof SignInMethodsSchema>;
export const OidcParams = z.strictObject({ provider: z.string().regex(/^[a-z0-9-]{1,40}$/) });
export const OidcStartSchema = z.object({ url: z.string() }).meta({ id: 'OidcStart' });
export const OidcCallbackQuery = z.strictObject({
  code: z.string().max(4000).optional(), state: z.string().max(4000).optional(), error: z.string().max(200).optional(), error_description: z.string().max(1000).optional(),
  iss: z.string().max(500).optional(), session_state: z.string().max(500).optional(), scope: z.string().max(1000).optional(), authuser: z.string().max(100).optional(), prompt: z.string().max(100).optional(), hd: z.string().max(200).optional(),
});

export const AcceptInvitationBody = z.strictObject({ token: LinkToken, name: PersonName, password: Password });
export const ResetPasswordBody = z.strictObject({ token: LinkToken, password: Password });
export const ForgotPasswordBody = z.strictObject({ email: Email });
export const ForgotPasswordAnswer = z.object({ message: z.string() }).meta({ id: 'ForgotPasswordAnswer' });
export const LinkPreviewBody = z.strictObject({ token: LinkToken });
export const LinkPreviewSchema = z.object({ kind: z.enum(['invitation', 'password_reset']), email: z.string(), name: z.string().nullable(), expires_at: Timestamp }).meta({ id: 'AccountLinkPreview' });
export type LinkPreviewWire = z.infer<typeof LinkPreviewSchema>;

export const SessionRowSchema = z.object({ id: Uuid, current: z.boolean(), created_at: Timestamp, last_seen_at: Timestamp, expires_at: Timestamp, ip_address: z.string().nullable(), user_agent: z.string().nullable() }).meta({ id: 'SessionRow' });
export type SessionRowWire = z.infer<typeof SessionRowSchema>;
export const EndedSessionsSchema = z.object({ ended: z.int() }).meta({ id: 'EndedSessions' });

export const AccountSchema = z.object({
  id: Uuid, name: z.string(), email: z.string(), role: RoleSchema, has_password: z.boolean(), two_factor: z.boolean(), oidc: z.array(z.string()), created_at: Timestamp,
}).meta({ id: 'Account' });
export type AccountWire = z.infer<typeof AccountSchema>;
export const CredentialsBody = z.strictObject({ name: PersonName, email: Email, password: Password });
export const ChangePasswordBody = z.strictObject({ current_password: Password, new_password: Password });
export const PasswordBody = z.strictObject({ password: Password });
export const TotpCodeBody = z.strictObject({ code: z.string().regex(/^\d{6}$/, 'must be six digits') });
export const TwoFactorSetupSchema = z.object({ uri: z.string(), secret: z.string(), backup_codes: z.array(z.string()) }).meta({ id: 'TwoFactorSetup', description: 'Shown once; it holds after the first code was confirmed' });
export type TwoFactorSetupWire = z.infer<typeof TwoFactorSetupSchema>;

export const UserSchema = z.object({
  id: Uuid, name: z.string(), email: z.string(), role: RoleSchema, is_active: z.boolean(), has_password: z.boolean(), two_factor: z.boolean(), sessions: z.int(), created_at: Timestamp, last_seen_at: Timestamp.nullable(),
}).meta({ id: 'User' });
export type UserWire = z.infer<typeof UserSchema>;
export const UserParams = z.strictObject({ id: Uuid });
export const UserPatch = z.strictObject({ role: RoleSchema.optional(), is_active: z.boolean().optional(), name: PersonName.optional() }).refine((patch) => Object.values(patch).some((value) => value !== undefined), 'name at least one field');

export const InvitationBody = z.strictObject({ email: Email, role: RoleSchema.default('student'), name: PersonName.optional() });
export const InvitationSchema = z.object({ id: Uuid, email: z.string(), role: RoleSchema, name: z.string().nullable(), state: z.enum(['open', 'accepted', 'expired']), expires_at: Timestamp, created_at: Timestamp }).meta({ id: 'Invitation' });
export type InvitationWire = z.infer<typeof InvitationSchema>;
export const MadeLinkSchema = z.object({ id: Uuid, email: z.string(), url: z.string().nullable().meta({ description: 'Shown once; null when it was sent by mail' }), mailed: z.boolean(), expires_at: Timestamp }).meta({ id: 'MadeLink' });
export type MadeLinkWire = z.infer<typeof MadeLinkSchema>;
