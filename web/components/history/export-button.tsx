'use client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { apiResponse, queryString } from '../../lib/api-client';
import { formatCount } from '../../lib/format';
import { runsCsv } from '../../lib/run-filters';
import type { RunFilters, RunWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { notify } from '../ui/toast';

const PAGE = 200;
const MOST = 2000;

/** All runs that the filters leave, newest first, up to a number that a spreadsheet takes well. */
async function allRuns(filters: RunFilters): Promise<RunWire[]> {
  const runs: RunWire[] = [];
  for (;;) {
    const page = (await (await apiResponse(`/api/v1/runs${queryString({ ...filters, limit: PAGE, skip: runs.length })}`)).json()) as RunWire[];
    runs.push(...page);
    if (page.length < PAGE || runs.length >= MOST) return runs;
  }
}

export function ExportButton({ filters, total }: { filters: RunFilters; total: number }) {
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const runs = await allRuns(filters);
      const address = URL.createObjectURL(new Blob([runsCsv(runs)], { type: 'text/csv' }));
      Object.assign(document.createElement('a'), { href: address, download: 'runs.csv' }).click();
      setTimeout(() => URL.revokeObjectURL(address), 10_000);
      if (runs.length < total) notify(`The newest ${formatCount(runs.length, 'run')} of ${total}`, 'done', 'Narrow the filters for the others.');
    } catch {
      notify('The list could not be read', 'problem', 'The API did not answer; nothing was saved.');
    } finally {
      setBusy(false);
    }
  };
  return <Button variant="quiet" disabled={busy || total === 0} onClick={() => void save()}><Download aria-hidden className="size-4" />{busy ? 'Reading…' : 'CSV'}</Button>;
}
