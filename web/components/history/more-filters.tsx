'use client';
import { useId } from 'react';
import type { RunRating } from '#contracts/runs';
import type { RunFilterState } from '../../lib/run-filters';
import { hiddenCount } from '../../lib/run-filters';
import { Fold } from '../ui/fold';
import { DayInput } from '../ui/day-input';
import { Input } from '../ui/input';
import { FilterSelect } from './filters';

const RATINGS = [{ value: 'good', label: 'Good' }, { value: 'poor', label: 'Poor' }];
const dayOf = (date: Date | null): string => date?.toISOString().slice(0, 10) ?? '';
const dateOf = (text: string): Date | null => (text === '' ? null : new Date(text));

/** Filters that are used now and then; how many of them are at work stands on the fold. */
export function MoreFilters({ filters, onChange }: { filters: RunFilterState; onChange: (change: Partial<RunFilterState>) => void }) {
  const id = useId();
  const count = hiddenCount(filters);
  const flagOf = (value: boolean | null): string | null => (value === null ? null : String(value));
  const flag = (value: string | null): boolean | null => (value === null ? null : value === 'true');
  return (
    <Fold title="More filters" aside={count === 0 ? undefined : `${count} at work`} className="mt-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-6">
        <FilterSelect label="State" value={flagOf(filters.live)} onChange={(live) => onChange({ live: flag(live) })} options={[{ value: 'true', label: 'Under way' }, { value: 'false', label: 'Ended' }]} />
        <FilterSelect label="Made by" value={flagOf(filters.demo)} onChange={(demo) => onChange({ demo: flag(demo) })} options={[{ value: 'false', label: 'A real provider' }, { value: 'true', label: 'The demo' }]} />
        <FilterSelect label="Rating" value={filters.rating} onChange={(rating) => onChange({ rating: rating as RunRating | null })} options={RATINGS} />
        <label><span className="sr-only">Model</span><Input key={filters.model} placeholder="Model: any" defaultValue={filters.model ?? ''} onBlur={(event) => onChange({ model: event.target.value.trim() || null })} onKeyDown={(event) => { if (event.key === 'Enter') event.currentTarget.blur(); }} /></label>
        <div className="flex items-center gap-2"><label htmlFor={`${id}-from`} className="text-sm text-muted">From</label><DayInput id={`${id}-from`} className="w-full" value={dayOf(filters.from)} max={dayOf(filters.to) || undefined} onChange={(event) => onChange({ from: dateOf(event.target.value) })} /></div>
        <div className="flex items-center gap-2"><label htmlFor={`${id}-to`} className="text-sm text-muted">To</label><DayInput id={`${id}-to`} className="w-full" value={dayOf(filters.to)} min={dayOf(filters.from) || undefined} onChange={(event) => onChange({ to: dateOf(event.target.value) })} /></div>
      </div>
      <p className="mt-2 text-sm text-muted">Days are counted in UTC, as in the ledger.</p>
    </Fold>
  );
}
