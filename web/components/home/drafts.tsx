'use client';
import Link from 'next/link';
import { useState } from 'react';
import { MODE_WORDS } from '#contracts/runs';
import { clearDraft, listDrafts, saveDraft } from '../../lib/draft';
import { inputText } from '../../lib/format';
import { useSession, useWorkflows } from '../../lib/queries';
import { Button } from '../ui/button';
import { RelativeTime } from '../ui/relative-time';
import { notifyUndo } from '../ui/toast';
import { HomeSection } from './section';

/** Forms that were begun and not sent, of this person in this browser. */
export function Drafts() {
  const { data: session } = useSession();
  const { data: workflows } = useWorkflows();
  const [version, setVersion] = useState(0);
  if (!session || !workflows) return null;
  const userId = session.user.id;
  const drafts = listDrafts(userId, window.localStorage).flatMap(({ slug, draft }) => { const workflow = workflows.find(({ workflow_id: id }) => id === slug); return workflow ? [{ workflow, draft }] : []; });
  if (drafts.length === 0) return null;
  return (
    <HomeSection key={version} id="drafts" title="Go on with a draft">
      <ul className="divide-y divide-rule border-y">
        {drafts.slice(0, 4).map(({ workflow, draft }) => {
          const words = Object.values(draft.inputs).filter((value) => typeof value === 'string' && value.includes(' ')).map(inputText)[0];
          const discard = (): void => {
            clearDraft(userId, workflow.workflow_id, window.localStorage);
            setVersion((before) => before + 1);
            notifyUndo(`Draft of ${workflow.title} thrown away`, () => { saveDraft(userId, workflow.workflow_id, draft, window.localStorage); setVersion((before) => before + 1); });
          };
          return (
            <li key={workflow.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 hover:bg-sunken md:px-2">
              <span className="min-w-0 flex-1"><Link href={`/workflows/${workflow.workflow_id}`} className="font-medium after:absolute after:inset-0">{workflow.title}</Link><span className="block truncate text-sm text-muted">{words ?? 'nothing written yet'}</span></span>
              <span className="text-sm text-muted">{MODE_WORDS[draft.mode].label}, saved <RelativeTime iso={draft.savedAt} /></span>
              <Button size="sm" variant="quiet" className="relative z-10" onClick={discard}>Throw away<span className="sr-only"> the draft of {workflow.title}</span></Button>
            </li>
          );
        })}
      </ul>
    </HomeSection>
  );
}
