'use client';
import { formatAbsolute, formatRelative } from '../../lib/format';
import { useNow } from '../../lib/use-now';

/** `4 min ago`, with date, second and zone on hover. */
export function RelativeTime({ iso, className }: { iso: string; className?: string }) {
  const now = useNow(15_000);
  return <time dateTime={iso} title={formatAbsolute(iso)} className={className} suppressHydrationWarning>{formatRelative(iso, now)}</time>;
}
