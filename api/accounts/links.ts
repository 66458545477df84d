import type { MadeLinkWire } from '#contracts/api/accounts.schema';
import type { AccountLink } from '#platform/repositories/account-links';
import { bounded } from '#platform/bounded';
import type { Deps } from '../deps.ts';

const MAIL_TIMEOUT_MS = 10_000;
const TEXTS: Record<string, { subject: string; text: (url: string, until: string) => string }> = {
  invitation: { subject: 'You are invited to the Agentic Workflow Platform', text: (url, until) => `Make your account with this link. It works once, until ${until}:\n\n${url}\n` },
  password_reset: { subject: 'A new password for the Agentic Workflow Platform', text: (url, until) => `Choose a new password with this link. It works once, until ${until}. If you did not ask for it, do nothing:\n\n${url}\n` },
};

/** The page that takes the link. The token stands behind #: it is in no request line, log or Referer. */
export function linkAddress(deps: Pick<Deps, 'config'>, kind: string, token: string): string {
  return `${new URL(deps.config.WEB_ORIGIN).origin}/${kind === 'invitation' ? 'invitation' : 'reset-password'}#${token}`;
}

/** Sends the link by the mail hook, where one is set; else whoever made it hands it over.
 * @returns the wire form: the address in it only when no mail went out */
export async function deliverLink(deps: Pick<Deps, 'config' | 'logger'>, row: AccountLink, token: string): Promise<MadeLinkWire> {
  const url = linkAddress(deps, row.kind, token);
  const mailed = await mail(deps, row, url);
  return { id: row.id, email: row.email, url: mailed ? null : url, mailed, expires_at: row.expiresAt.toISOString() };
}

async function mail({ config, logger }: Pick<Deps, 'config' | 'logger'>, row: AccountLink, url: string): Promise<boolean> {
  const text = TEXTS[row.kind];
  if (!config.AWP_MAIL_HOOK_URL || !text) return false;
  try {
    const sending = fetch(config.AWP_MAIL_HOOK_URL, {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(MAIL_TIMEOUT_MS), headers: { 'Content-Type': 'application/json', ...(config.AWP_MAIL_HOOK_TOKEN ? { Authorization: `Bearer ${config.AWP_MAIL_HOOK_TOKEN}` } : {}) },
      body: JSON.stringify({ to: row.email, subject: text.subject, text: text.text(url, row.expiresAt.toISOString()), kind: row.kind }),
    });
    const response = await bounded(sending, MAIL_TIMEOUT_MS);
    await response.body?.cancel();
    if (!response.ok) logger.warn({ status: response.status }, 'the mail hook refused a message');
    return response.ok;
  } catch (error) {
    logger.warn({ err: error }, 'the mail hook does not answer');
    return false;
  }
}
