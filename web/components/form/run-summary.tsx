import type { RunMode } from '#contracts/runs';
import { costElsewhere, elsewhereOf } from '../../lib/elsewhere';
import { ceilingOf } from '../../lib/estimate';
import { formatCost, inWords } from '../../lib/format';
import type { ProviderWire, WorkflowDetailWire } from '../../lib/queries';
import { limitedMode } from '../../lib/run-limits';
import { capFigures } from '../run/mode-ladder';
import { ModeStamp, DemoStamp } from '../run/stamp';
import { Panel } from '../ui/panel';

/** The right rail of the form: what this run may use, what comes out, what leaves the machine. */
export function RunSummary({ workflow, budget, standIns, mode, provider, providers, model, onChangeMode, children }: { workflow: WorkflowDetailWire; budget: Parameters<typeof limitedMode>[1]; /** names of vendors */ standIns: readonly string[]; mode: RunMode; provider: ProviderWire | undefined; providers: readonly ProviderWire[]; model: string; onChangeMode: () => void; children: React.ReactNode }) {
  const found = workflow.modes.find((candidate) => candidate.run_mode === mode);
  const chosen = found && limitedMode(found, budget);
  const entry = provider?.models.find((candidate) => candidate.id === model);
  const elsewhere = provider?.simulated ? elsewhereOf(providers) : null;
  const ceiling = chosen ? ceilingOf(chosen, undefined) : null;
  return (
    <Panel title="This run" aside={<span className="flex gap-2"><ModeStamp mode={mode} />{provider?.simulated ? <DemoStamp /> : null}</span>} bodyClassName="grid gap-5">
      {chosen ? (
        <div>
          <p className="text-muted">{chosen.sentence}</p>
          <dl className="mt-3 grid gap-1.5 border-y py-2.5">
            {capFigures(chosen, entry, provider?.simulated ?? false).map(({ label, value }) => <div key={label} className="flex justify-between gap-3"><dt className="text-muted">{label}</dt><dd className="text-right font-mono text-sm leading-5">{value}</dd></div>)}
          </dl>
          {elsewhere && ceiling && ceiling.calls > 0 ? <p className="mt-2 text-sm text-muted">With {elsewhere.provider} <span className="font-mono text-xs">{elsewhere.model}</span> the same would be at most ≈ <span className="font-mono text-ink">{formatCost(costElsewhere(elsewhere, ceiling.inputTokens, ceiling.outputTokens))}</span>.</p> : null}
          <button type="button" className="prose-link mt-2 text-sm" onClick={onChangeMode}>Change the mode</button>
        </div>
      ) : null}
      {children}
      <div>
        <h3 className="font-medium">What it can make</h3>
        <ul className="mt-1.5 grid gap-1">
          {workflow.artifacts.map((artifact) => <li key={artifact.key} className="flex justify-between gap-3"><span className="text-muted">{artifact.title}</span><span className="font-mono text-sm">{artifact.file_name}</span></li>)}
          <li className="flex justify-between gap-3"><span className="text-muted">Every call and its cost</span><span className="font-mono text-sm">trace.json</span></li>
        </ul>
      </div>
      <p className="border-t pt-3 text-sm text-muted">
        {mode === 'validate_only' ? 'Checking sends none of your inputs to a model.' : provider?.simulated ? 'With the demo provider nothing you write leaves this installation.' : `Your inputs and the material found go to ${provider?.display_name ?? 'the provider'}${standIns.length > 0 ? `, or while it is away to ${standIns.join(', then ')}` : ''}.`}
        {workflow.tools.length > 0 ? ` It may use: ${workflow.tools.map(inWords).join(', ')}.` : ''}
      </p>
    </Panel>
  );
}
