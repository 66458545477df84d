'use client';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { SHORTCUT_GROUPS, SHORTCUTS } from '../../lib/shortcuts';
import { Checkbox } from '../ui/checkbox';
import { Keys } from '../ui/keys';

/** Keys that stand alone may get in the way of speech input: one switch turns them off. */
export function SingleKeySwitch() {
  const { singleKeys } = usePreferences();
  return <label className="flex min-h-11 items-center gap-3"><Checkbox checked={singleKeys} onCheckedChange={(checked) => changePreferences({ singleKeys: checked })} /><span>Keys without Ctrl or ⌘ work</span></label>;
}

/** The whole keyboard map, by place. */
export function ShortcutList() {
  const { singleKeys } = usePreferences();
  return (
    <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
      {SHORTCUT_GROUPS.map((group) => (
        <section key={group} aria-labelledby={`keys-${group}`}>
          <h3 id={`keys-${group}`} className="border-b pb-1 font-medium">{group}</h3>
          <dl className="mt-1.5 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1">
            {SHORTCUTS.filter((entry) => entry.group === group).map((entry) => (
              <div key={entry.keys} className={`contents ${entry.single && !singleKeys ? '[&>*]:line-through' : ''}`}><dt><Keys shortcut={entry} /></dt><dd className="text-muted">{entry.words}</dd></div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
