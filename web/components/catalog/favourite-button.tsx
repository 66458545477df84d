'use client';
import { Star } from 'lucide-react';
import { cn } from '../../lib/class-names';
import { changePreferences, toggled, usePreferences } from '../../lib/preferences';

/** Marks a workflow as a favourite: it then stands first in the catalog. Kept in this browser. */
export function FavouriteButton({ slug, title, className }: { slug: string; title: string; className?: string }) {
  const { favourites } = usePreferences();
  const on = favourites.includes(slug);
  return (
    <button type="button" aria-pressed={on} aria-label={`Favourite: ${title}`} title={on ? 'A favourite of yours' : 'Make it a favourite'} onClick={() => changePreferences({ favourites: toggled(favourites, slug) })} className={cn('grid size-8 place-items-center rounded-md text-faint hover:bg-sunken hover:text-ink max-sm:size-11', on && 'text-accent', className)}>
      <Star aria-hidden className="size-4" fill={on ? 'currentColor' : 'none'} />
    </button>
  );
}
