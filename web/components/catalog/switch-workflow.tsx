'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api } from '../../lib/api-client';
import { useSession, type WorkflowSummaryWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { notify, notifyUndo } from '../ui/toast';

/** Administrators: takes a workflow out of the catalog for everybody, or back into it. Runs under way go on. */
export function SwitchWorkflow({ workflow: { workflow_id: slug, title, is_active: isOn }, className }: { workflow: Pick<WorkflowSummaryWire, 'workflow_id' | 'title' | 'is_active'>; className?: string }) {
  const { data: session } = useSession();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  if (!session?.permissions.includes('settings:manage')) return null;
  const turn = async (on: boolean): Promise<void> => {
    await api(`/api/v1/workflows/${encodeURIComponent(slug)}/${on ? 'activate' : 'deactivate'}`, { method: 'POST' });
    await client.invalidateQueries({ queryKey: ['workflows'] });
  };
  const click = async (): Promise<void> => {
    setBusy(true);
    try {
      await turn(!isOn);
      if (isOn) notifyUndo(`${title} is switched off: nobody can start it`, () => turn(true));
      else notify(`${title} can be started again`);
    } catch (error) {
      notify('Nothing was changed', 'problem', error instanceof ApiError ? `${error.message} ${error.remedy}` : 'Try again.');
    } finally {
      setBusy(false);
    }
  };
  return <Button size="sm" variant="quiet" className={className} disabled={busy} onClick={() => void click()}>{isOn ? 'Switch off for everybody' : 'Switch on again'}<span className="sr-only">: {title}</span></Button>;
}
