'use client';
import { useQuery } from '@tanstack/react-query';
import { accountQuery } from '../../lib/account-queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { CredentialsForm, PasswordForm } from './credential-forms';
import { PreferencesPanel } from './preferences-panel';
import { SessionList } from './session-list';
import { TokenPanel } from './token-panel';
import { TwoFactor } from './two-factor';

/** How this person signs in, and where they are signed in. */
export function AccountPage() {
  const account = useQuery(accountQuery);
  const { data } = account;
  return (
    <div className="max-w-3xl">
      <h1 className="page-title">Account</h1>
      {account.isPending ? <Loading label="Loading your account" className="mt-6"><Skeleton className="h-40" /></Loading> : null}
      {account.error && !data ? <div className="mt-6"><ProblemPanel error={account.error} onRetry={() => void account.refetch()} /></div> : null}
      {data ? (
        <div className="mt-1 grid gap-6">
          <p className="text-md text-muted">{data.name} · {data.email} · {data.role}{data.oidc.length > 0 ? ` · signs in with ${data.oidc.join(', ')}` : ''}</p>
          {data.has_password ? <Panel title="Password"><PasswordForm /></Panel> : <Panel title="Sign in with an e-mail address"><CredentialsForm account={data} /></Panel>}
          {data.has_password ? <Panel title="Second factor" aside={data.two_factor ? 'on' : 'off'}><TwoFactor on={data.two_factor} /></Panel> : null}
          <Panel title="API tokens" aside="for scripts and the command line"><TokenPanel /></Panel>
          <Panel title="Your data" aside="everything that is kept about you">
            <p>Account, sessions, tokens, settings, uploads, runs, model calls, files, decisions and audit events as JSON lines; no key is in it. To have your data erased, ask an administrator.</p>
            <p className="mt-3"><a className="prose-link" href="/api/v1/account/export" download="my-data.ndjson">Download my data</a></p>
          </Panel>
          <Panel title="Preferences" aside="kept in this browser"><PreferencesPanel /></Panel>
          <Panel title="Where you are signed in"><SessionList /></Panel>
        </div>
      ) : null}
    </div>
  );
}
