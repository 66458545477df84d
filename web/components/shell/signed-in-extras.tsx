'use client';
import { Toaster } from '../ui/toaster';
import { Keyboard } from './keyboard';

/** What listens on each page of a signed-in person and shows nothing by itself. */
export function SignedInExtras() {
  return <><Toaster /><Keyboard /></>;
}
