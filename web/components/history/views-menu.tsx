'use client';
import { Bookmark } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { buttonStyles, Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu';
import { notifyUndo } from '../ui/toast';

/** Filters under a name of one's own, kept in this browser. */
export function ViewsMenu({ narrowed }: { narrowed: boolean }) {
  const { views } = usePreferences();
  const router = useRouter();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const query = window.location.search;
    changePreferences({ views: [...views.filter((view) => view.name !== name.trim()), { name: name.trim(), query }] });
    setNaming(false);
    setName('');
  };
  const remove = (view: (typeof views)[number]): void => {
    const before = views;
    changePreferences({ views: views.filter((other) => other !== view) });
    notifyUndo(`View “${view.name}” removed`, () => changePreferences({ views: before }));
  };
  return (
    <>
      <Menu trigger={<button type="button" className={buttonStyles({ variant: 'quiet', size: 'md' })}><Bookmark aria-hidden className="size-4" />Views</button>}>
        {views.map((view) => <MenuItem key={view.name} onClick={() => router.push(`/runs${view.query}`)}>{view.name}</MenuItem>)}
        {views.length === 0 ? <p className="max-w-56 px-3 py-2 text-sm text-muted">Filters you keep under a name are listed here.</p> : null}
        <MenuSeparator />
        <MenuItem disabled={!narrowed} onClick={() => setNaming(true)}>Keep these filters…</MenuItem>
        {views.map((view) => <MenuItem key={view.name} className="text-muted" onClick={() => remove(view)}>Remove “{view.name}”</MenuItem>)}
      </Menu>
      <Dialog open={naming} onOpenChange={setNaming} title="Keep these filters" footer={<><Button onClick={() => setNaming(false)}>Not now</Button><Button variant="primary" type="submit" form="view-form" disabled={name.trim() === ''}>Keep</Button></>}>
        <form id="view-form" onSubmit={save}><Field label="Name" maxLength={40} value={name} onChange={(event) => setName(event.target.value)} /></form>
      </Dialog>
    </>
  );
}
