'use client';
import { Toast as Base } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { cn } from '../../lib/class-names';
import { toasts } from './toast';

function List() {
  const { toasts: shown } = Base.useToastManager();
  return shown.map((toast) => (
    <Base.Root key={toast.id} toast={toast} data-slot="toast" className={cn('grid grid-cols-[1fr_auto] items-start gap-3 rounded-md border border-l-4 border-control bg-surface px-3 py-2.5 text-ink', toast.type === 'problem' ? 'border-l-failed' : 'border-l-accent')}>
      <Base.Content>
        <Base.Title className="font-medium" />
        <Base.Description className="text-sm text-muted" />
        {toast.actionProps ? <Base.Action className="prose-link mt-1 min-h-6 font-medium" /> : null}
      </Base.Content>
      <Base.Close aria-label="Dismiss" className="grid size-6 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"><X aria-hidden className="size-4" /></Base.Close>
    </Base.Root>
  ));
}

/** Where remarks appear; one on each page of a signed-in person. */
export function Toaster() {
  return (
    <Base.Provider toastManager={toasts}>
      <Base.Portal>
        <Base.Viewport className="fixed top-16 right-4 z-50 grid w-[min(22rem,calc(100vw-2rem))] gap-2 outline-none"><List /></Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}
