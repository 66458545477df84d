import Link from 'next/link';
import type { ReactNode } from 'react';

/** A part of the home page: a heading on its own line, a list on rules, and where all of it is. */
export function HomeSection({ id, title, all, children }: { id: string; title: string; all?: { href: string; label: string }; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <div className="flex items-baseline justify-between gap-4"><h2 id={id} className="font-semibold">{title}</h2>{all ? <Link href={all.href} className="prose-link text-sm">{all.label}</Link> : null}</div>
      <div className="mt-2">{children}</div>
    </section>
  );
}
