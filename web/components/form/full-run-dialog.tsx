'use client';
import { formatCost } from '../../lib/format';
import { ceilingOf } from '../../lib/estimate';
import type { ProviderWire, WorkflowDetailWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { capFigures } from '../run/mode-ladder';

export interface FullRunDialogProps { open: boolean; mode: WorkflowDetailWire['modes'][number]; provider: ProviderWire; model: string; onCancel: () => void; onConfirm: () => void }

/** Full is asked for twice: the second time with everything it may use. */
export function FullRunDialog({ open, mode, provider, model, onCancel, onConfirm }: FullRunDialogProps) {
  const chosen = provider.models.find((entry) => entry.id === model);
  const cost = ceilingOf(mode, chosen).costUsdMicros;
  return (
    <Dialog
      open={open} onOpenChange={(next) => { if (!next) onCancel(); }} title="Run this fully?" description={<p>{mode.sentence}</p>}
      footer={<><Button onClick={onCancel}>Not yet</Button><Button variant="primary" onClick={onConfirm}>Run fully</Button></>}
    >
      <dl className="mt-4 grid gap-2 border-y py-3">
        <div className="flex justify-between gap-4"><dt className="text-muted">Provider and model</dt><dd className="text-right">{provider.display_name}<br /><span className="font-mono text-sm">{model}</span></dd></div>
        {capFigures(mode, chosen, provider.simulated).map(({ label, value }) => <div key={label} className="flex justify-between gap-4"><dt className="text-muted">{label}</dt><dd className="font-mono text-sm">{value}</dd></div>)}
      </dl>
      <p className="mt-3 text-sm text-muted">
        {provider.simulated ? 'The demo provider buys nothing. What it makes is stamped DEMO and proves nothing about a real model.' : cost === null ? `${provider.display_name} has no known price for this model: the bill is not known in advance.` : `${provider.display_name} bills you for what is used, ${formatCost(cost)} at most.`} You can cancel at any time; what was made until then is kept.
      </p>
    </Dialog>
  );
}
