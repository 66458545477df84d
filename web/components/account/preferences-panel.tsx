'use client';
import { DENSITIES, DENSITY_WORDS } from '../../lib/density';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { SingleKeySwitch } from '../shell/shortcut-list';
import { Select } from '../ui/select';

/** What a person likes; kept in this browser and nowhere else. */
export function PreferencesPanel() {
  const { zone, density } = usePreferences();
  return (
    <div className="grid gap-4">
      <div className="grid gap-1.5 sm:max-w-xs"><span id="zone" className="font-medium">Times are written in</span><Select aria-labelledby="zone" value={zone} onValueChange={(next) => changePreferences({ zone: next === 'utc' ? 'utc' : 'local' })} options={[{ value: 'local', label: 'my time zone' }, { value: 'utc', label: 'UTC' }]} /></div>
      <div className="grid gap-1.5 sm:max-w-xs"><span id="density" className="font-medium">Rows of lists are</span><Select aria-labelledby="density" value={density} onValueChange={(next) => changePreferences({ density: DENSITIES.find((known) => known === next) ?? 'default' })} options={DENSITIES.map((value) => ({ value, label: DENSITY_WORDS[value] }))} /></div>
      <SingleKeySwitch />
    </div>
  );
}
