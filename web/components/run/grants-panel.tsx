import type { RunView } from '#contracts/run-reducer';
import { formatCount, humanize } from '../../lib/format';
import { Panel } from '../ui/panel';

/** What the run may use and why, and what its tools brought in or were refused. */
export function GrantsPanel({ view }: { view: RunView }) {
  const { grants } = view;
  const calls = view.stages.flatMap((stage) => stage.steps.flatMap((step) => step.tools));
  const refused = calls.filter((call) => call.grant?.allowed === false);
  if (!grants && calls.length === 0) return null;
  return (
    <Panel title="Tools and receipts" aside={grants ? <span>role {grants.role}, {grants.policy_version === 0 ? 'default tool policy' : `tool policy ${grants.policy_version}`}</span> : undefined}>
      {grants && grants.grants.length > 0 ? (
        <ul className="grid gap-1.5">
          {grants.grants.map((grant) => (
            <li key={grant.tool} className="grid gap-x-4 sm:grid-cols-[12rem_5rem_1fr]">
              <span className="font-medium">{grant.title}</span>
              <span className={grant.allowed ? 'text-muted' : 'font-medium text-failed'}>{grant.allowed ? grant.risk : 'refused'}</span>
              <span className="text-muted">{grant.reason}</span>
            </li>
          ))}
        </ul>
      ) : <p className="text-muted">These inputs ask for no tools.</p>}
      <p className="mt-3 border-t pt-3 text-muted">{formatCount(calls.length, 'call')}, {formatCount(calls.reduce((sum, call) => sum + call.items.length, 0), 'source')} brought in{refused.length > 0 ? `, ${refused.length} refused` : ''}.</p>
      {refused.length > 0 ? <ul className="mt-2 grid gap-1">{refused.map((call) => <li key={call.toolCallId}><span className="font-medium">{humanize(call.tool)}</span> <span className="text-muted">{call.grant?.reason}</span></li>)}</ul> : null}
    </Panel>
  );
}
