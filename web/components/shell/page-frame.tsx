'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, type ReactNode } from 'react';
import { AppFooter } from './app-footer';
import { AppHeader } from './app-header';
import { OfflineBar } from './offline-bar';
import { StaleBar } from './stale-bar';

/** Skip link, header, main, footer. A change of page moves the focus to main, so that a screen reader reads it.
 * @param extras  what only a signed-in person's pages listen to; passed in, so that the sign-in page does not fetch it */
export function PageFrame({ signedIn, extras, children }: { signedIn: boolean; extras?: ReactNode; children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const path = usePathname();
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:border focus:border-control focus:bg-surface focus:px-4 focus:py-2">Skip to the content</a>
      <AppHeader signedIn={signedIn} />
      <OfflineBar />
      <StaleBar />
      <main id="main" ref={main} tabIndex={-1} className="mx-auto w-full max-w-[90rem] flex-1 px-4 py-6 sm:px-6 sm:py-8">{children}</main>
      <AppFooter />
      {extras}
    </div>
  );
}
