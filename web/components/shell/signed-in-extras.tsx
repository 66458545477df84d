'use client';
import { useLayoutEffect } from 'react';
import { preferencesOf, usePreferences } from '../../lib/preferences';
import { useSession } from '../../lib/queries';
import { Toaster } from '../ui/toaster';
import { Keyboard } from './keyboard';

/** What listens on each page of a signed-in person and shows nothing by itself. */
export function SignedInExtras() {
  const { data: session } = useSession();
  const userId = session?.user.id ?? null;
  // Before the page is painted: nobody sees the likings of the person before them.
  useLayoutEffect(() => {
    preferencesOf(userId);
    return () => preferencesOf(null);
  }, [userId]);
  const { density } = usePreferences();
  useLayoutEffect(() => { document.documentElement.dataset.density = density; }, [density]);
  return <><Toaster /><Keyboard /></>;
}
