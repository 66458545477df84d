'use client';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { openKeys } from '../../lib/open-event';
import { pagesFor } from '../../lib/pages';
import { fits } from '../../lib/palette';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { runsQuery, useSession, useWorkflows } from '../../lib/queries';
import { statusWord } from '../../lib/status';
import { useSettled } from '../../lib/use-settled';
import { keyInputs } from '../history/run-row-parts';

interface Entry { key: string; label: string; note: string; run: () => void }
type Group = { value: string; items: Entry[] };
const RUNS = 6;
const SETTLE_MS = 200;

/** Everything by its name: pages, workflows, runs (searched on the server) and actions. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const groups = useGroups(query, onClose);
  return (
    <Dialog.Root open onOpenChange={(next) => { if (!next) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[color-mix(in_srgb,#0a0c11_55%,transparent)]" />
        <Dialog.Popup data-slot="palette" className="fixed inset-x-4 top-[10dvh] z-50 mx-auto flex max-h-[75dvh] max-w-xl flex-col rounded-md border border-control bg-surface text-ink outline-none">
          <Dialog.Title className="sr-only">Search and go</Dialog.Title>
          <Autocomplete.Root inline open items={groups} filteredItems={groups} value={query} onValueChange={setQuery} autoHighlight="always" itemToStringValue={(entry: Entry) => entry.label}>
            <div className="flex items-center gap-3 border-b px-4"><Search aria-hidden className="size-4 shrink-0 text-muted" /><Autocomplete.Input aria-label="Search pages, workflows, runs and actions" placeholder="Where to, or what to do?" className="h-12 w-full bg-transparent text-md outline-none placeholder:text-faint" /></div>
            <Autocomplete.Empty className="px-4 empty:hidden"><p className="py-6 text-center text-muted">Nothing is called that. Runs are found by inputs, result and id as well.</p></Autocomplete.Empty>
            <Autocomplete.List className="overflow-y-auto overscroll-contain py-2 empty:hidden">
              {(group: Group) => (
                <Autocomplete.Group key={group.value} items={group.items} className="pb-2">
                  <Autocomplete.GroupLabel className="px-4 py-1 text-xs text-faint">{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(entry: Entry) => (
                      <Autocomplete.Item key={entry.key} value={entry} onClick={entry.run} className="flex min-h-9 cursor-default items-baseline gap-3 px-4 py-1.5 outline-none data-[highlighted]:bg-sunken">
                        <span className="shrink-0">{entry.label}</span><span className="truncate text-sm text-muted">{entry.note}</span>
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useGroups(query: string, onClose: () => void): Group[] {
  const router = useRouter();
  const { setTheme } = useTheme();
  const { zone, singleKeys } = usePreferences();
  const { data: session } = useSession();
  const { data: workflows = [] } = useWorkflows();
  const search = useSettled(query.trim(), SETTLE_MS);
  const { data: runs } = useQuery(runsQuery({ search: search || null, limit: RUNS }));
  const close = (action: () => void) => (): void => { onClose(); action(); };
  const go = (href: string) => close(() => router.push(href));
  const entry = (key: string, label: string, note: string, run: () => void): Entry => ({ key, label, note, run });
  const actions = [
    entry('theme-light', 'Light theme', 'appearance', close(() => setTheme('light'))),
    entry('theme-dark', 'Dark theme', 'appearance', close(() => setTheme('dark'))),
    entry('theme-system', 'Theme as the system', 'appearance', close(() => setTheme('system'))),
    entry('zone', zone === 'utc' ? 'Times in my zone' : 'Times in UTC', 'how absolute times are written', close(() => changePreferences({ zone: zone === 'utc' ? 'local' : 'utc' }))),
    entry('keys', 'Keyboard shortcuts', 'the whole list', close(openKeys)),
    entry('single', singleKeys ? 'Switch single keys off' : 'Switch single keys on', 'keys without Ctrl or ⌘', close(() => changePreferences({ singleKeys: !singleKeys }))),
  ];
  const groups: Group[] = [
    { value: 'Pages', items: pagesFor(session?.permissions ?? []).map((page) => entry(page.href, page.label, page.words, go(page.href))).filter(({ label, note }) => fits(query, label, note)) },
    { value: 'Workflows', items: workflows.filter((workflow) => fits(query, workflow.title, workflow.outcome, ...workflow.tags)).slice(0, query ? 8 : 4).map((workflow) => entry(workflow.id, workflow.title, workflow.outcome, go(`/workflows/${workflow.workflow_id}`))) },
    { value: 'Runs', items: search === query.trim() ? (runs?.runs ?? []).map((run) => entry(run.id, run.workflow_title, `${statusWord(run.status, { waitReason: run.wait_reason })} · ${keyInputs(run)}`, go(`/runs/${run.id}`))) : [] },
    { value: 'Actions', items: actions.filter(({ label, note }) => fits(query, label, note)) },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
