'use client';
import { parseAsString, useQueryState } from 'nuqs';

/** The span whose details are open; part of the address, so that a link shows the same. */
export function useSpan() {
  return useQueryState('span', parseAsString);
}
