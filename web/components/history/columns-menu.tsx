'use client';
import { Columns3 } from 'lucide-react';
import { DENSITIES, DENSITY_WORDS } from '../../lib/density';
import { changePreferences, RUN_COLUMNS, STANDARD, usePreferences } from '../../lib/preferences';
import { buttonStyles } from '../ui/button';
import { Menu, MenuCheck, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu';
import { COLUMNS } from './columns';

/** Which columns the list shows and how high its rows are; kept in this browser. */
export function ColumnsMenu() {
  const { columns, density } = usePreferences();
  // Kept in the order of the list, whatever the order of the clicks.
  const change = (column: (typeof columns)[number], shown: boolean): void => changePreferences({ columns: RUN_COLUMNS.filter((known) => (known === column ? shown : columns.includes(known))) });
  return (
    <Menu trigger={<button type="button" className={buttonStyles({ variant: 'quiet', size: 'md', className: 'max-md:hidden' })}><Columns3 aria-hidden className="size-4" />Columns</button>}>
      {RUN_COLUMNS.map((column) => <MenuCheck key={column} checked={columns.includes(column)} onCheckedChange={(shown) => change(column, shown)}>{COLUMNS[column].label}</MenuCheck>)}
      <MenuSeparator />
      <MenuChoice label="Rows" value={density} onValue={(next) => changePreferences({ density: next })} options={DENSITIES.map((value) => ({ value, label: DENSITY_WORDS[value] }))} />
      <MenuSeparator />
      <MenuItem onClick={() => changePreferences({ columns: STANDARD.columns, density: STANDARD.density })}>As they were at first</MenuItem>
    </Menu>
  );
}
