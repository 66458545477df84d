'use client';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';

/** Says what a cancelled run keeps before it is cancelled. */
export function CancelDialog({ onClose, onCancel }: { onClose: () => void; onCancel: () => void }) {
  return (
    <Dialog
      open onOpenChange={(next) => { if (!next) onClose(); }} title="Cancel this run?"
      description="The call that is running is stopped within seconds and no further call is made. Notes and trace of what was done until then are kept. A cancelled run cannot be taken up again; its inputs can."
      footer={<><Button onClick={onClose}>Let it run</Button><Button variant="danger" onClick={onCancel}>Cancel the run</Button></>}
    />
  );
}
