'use client';
import dynamic from 'next/dynamic';

/** For the page of an unknown address, whose parts every page carries: fetched only where it is shown. */
export const ExtrasLater = dynamic(async () => (await import('./signed-in-extras')).SignedInExtras, { ssr: false });
