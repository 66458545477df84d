'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ApiError, api } from '../../lib/api-client';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { notify } from '../ui/toast';

/** Deletes a written workflow after one question; runs keep the version they were made with. */
export function DeleteWorkflow({ slug, name, live, onGone }: { slug: string; name: string; live: boolean; onGone: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      await api(`/api/v1/workflows/${encodeURIComponent(slug)}`, { method: 'DELETE' });
      setAsking(false);
      notify(`${name} is deleted`);
      onGone();
      await client.invalidateQueries({ queryKey: ['workflows'], exact: true });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      notify('Nothing was deleted', 'problem', `${error.message} ${error.remedy}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="sm" variant="quiet" onClick={() => setAsking(true)}><Trash2 aria-hidden className="size-4" />Delete this workflow</Button>
      <Dialog open={asking} onOpenChange={setAsking} title={`Delete ${name}?`} description={`All of its versions go${live ? ', and nobody can run it any more' : ''}. Runs that were made with it stay, with the version they ran. This cannot be undone; an export brings it back.`} footer={<><Button variant="quiet" onClick={() => setAsking(false)}>Keep it</Button><Button variant="danger" disabled={busy} onClick={() => void remove()}>Delete</Button></>} />
    </>
  );
}
