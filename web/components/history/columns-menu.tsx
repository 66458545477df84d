'use client';
import { Columns3 } from 'lucide-react';
import { changePreferences, RUN_COLUMNS, STANDARD, usePreferences } from '../../lib/preferences';
import { buttonStyles } from '../ui/button';
import { Menu, MenuCheck, MenuItem, MenuSeparator } from '../ui/menu';
import { COLUMNS } from './columns';

/** Which columns the list shows; kept in this browser. */
export function ColumnsMenu() {
  const { columns } = usePreferences();
  // Kept in the order of the list, whatever the order of the clicks.
  const change = (column: (typeof columns)[number], shown: boolean): void => changePreferences({ columns: RUN_COLUMNS.filter((known) => (known === column ? shown : columns.includes(known))) });
  return (
    <Menu trigger={<button type="button" className={buttonStyles({ variant: 'quiet', size: 'md', className: 'max-md:hidden' })}><Columns3 aria-hidden className="size-4" />Columns</button>}>
      {RUN_COLUMNS.map((column) => <MenuCheck key={column} checked={columns.includes(column)} onCheckedChange={(shown) => change(column, shown)}>{COLUMNS[column].label}</MenuCheck>)}
      <MenuSeparator />
      <MenuItem onClick={() => changePreferences({ columns: STANDARD.columns })}>As they were at first</MenuItem>
    </Menu>
  );
}
