'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { healthQuery } from '../../lib/queries';
import { Button } from '../ui/button';

/** Says that the platform was updated under a page that is open: the page may ask for what is not there any more. */
export function StaleBar() {
  const version = useQuery(healthQuery).data?.version;
  const [first, setFirst] = useState(version);
  if (first === undefined && version !== undefined) setFirst(version);
  const stale = first !== undefined && version !== undefined && version !== first;
  return <div role="status">{stale ? <p data-slot="stale" className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 border-b border-control bg-sunken px-4 py-2 text-center">Version {version} is running, and this page is of {first}. Drafts and runs are kept.<Button size="sm" onClick={() => window.location.reload()}>Load the page anew</Button></p> : null}</div>;
}
