'use client';
import { formatAbsolute, formatRelative } from '../../lib/format';
import { usePreferences } from '../../lib/preferences';
import { useNow } from '../../lib/use-now';

/** `4 min ago`, with date, second and zone on hover; the zone is the person's choice. */
export function RelativeTime({ iso, className }: { iso: string; className?: string }) {
  const now = useNow(15_000);
  // Drawn again when the zone is changed.
  usePreferences();
  return <time dateTime={iso} title={formatAbsolute(iso)} className={className} suppressHydrationWarning>{formatRelative(iso, now)}</time>;
}
