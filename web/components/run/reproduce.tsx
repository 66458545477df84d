'use client';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { RunDetailWire } from '../../lib/queries';
import { REPRODUCE_WAYS, reproduceText } from '../../lib/reproduce';
import { Button, ButtonLink } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Panel } from '../ui/panel';

const WAY = parseAsStringLiteral(REPRODUCE_WAYS.map(({ value }) => value)).withDefault('cli');

/** The same run from a terminal, from CI or from a program. */
export function Reproduce({ run }: { run: RunDetailWire }) {
  const [way, setWay] = useQueryState('way', WAY);
  const text = reproduceText(way, run, window.location.origin);
  return (
    <Panel title="Make it again" aside={<CopyButton text={text} label="the command" />}>
      <p className="text-muted">From a terminal, from CI or from a program, with an API token of yours in <code className="font-mono">AWP_API_TOKEN</code>.</p>
      <div role="group" aria-label="Ways to make it again" className="mt-3 flex flex-wrap gap-2">{REPRODUCE_WAYS.map(({ value, label }) => <Button key={value} size="sm" className="aria-pressed:border-accent aria-pressed:bg-sunken" aria-pressed={value === way} onClick={() => void setWay(value)}>{label}</Button>)}</div>
      <pre tabIndex={0} aria-label="The command" className="mt-2 overflow-x-auto border bg-sunken p-3 font-mono text-sm">{text}</pre>
      <ButtonLink className="mt-4" href={`/workflows/${run.workflow_id}?from=${run.id}`}>Open the form with these inputs</ButtonLink>
    </Panel>
  );
}
