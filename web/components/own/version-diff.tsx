'use client';
import { useQuery } from '@tanstack/react-query';
import { parseAsInteger, useQueryStates } from 'nuqs';
import type { Change } from '#contracts/own/diff';
import { partInOrder } from '#contracts/own/order';
import { diffText } from '#contracts/text-diff';
import { toYaml, type YamlValue } from '#contracts/yaml';
import { api } from '../../lib/api-client';
import { DiffView } from '../compare/diff-view';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';

/** Any two versions beside each other; which ones stands in the address. */
const PAIR = { from: parseAsInteger, to: parseAsInteger };
export const useVersionPair = () => useQueryStates(PAIR, { history: 'replace' });

const SIGN = { added: '+', removed: '−', changed: '±' } as const;
const shown = (value: unknown): string => (typeof value === 'string' ? value : toYaml(partInOrder(value) as YamlValue).trimEnd());
/** Texts of more than a line, and values that are no single ones, are compared by lines. */
const isLong = (value: unknown): boolean => (typeof value === 'string' ? value.includes('\n') || value.length > 120 : typeof value === 'object' && value !== null);

export function VersionDiff({ slug, versions, from, to, onChange }: { slug: string; versions: readonly number[]; from: number; to: number; onChange: (pair: { from: number; to: number } | null) => void }) {
  const { data, error, refetch } = useQuery({ queryKey: ['workflows', slug, 'diff', from, to], staleTime: Infinity, queryFn: ({ signal }) => api<{ changes: Change[] }>(`/api/v1/workflows/${slug}/diff?from=${from}&to=${to}`, { signal }) });
  const options = versions.map((version) => ({ value: String(version), label: `Version ${version}` }));
  return (
    <section aria-label={`Version ${from} against version ${to}`} data-slot="version-diff" className="mt-4 border-t pt-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="mr-2 font-semibold">What changed</h3>
        <Select aria-label="From version" className="w-36" value={String(from)} options={options} onValueChange={(value) => onChange({ from: Number(value), to })} />
        <span aria-hidden className="text-muted">→</span>
        <Select aria-label="To version" className="w-36" value={String(to)} options={options} onValueChange={(value) => onChange({ from, to: Number(value) })} />
        <Button size="sm" variant="quiet" className="ml-auto" onClick={() => onChange(null)}>Close<span className="sr-only"> the comparison</span></Button>
      </div>
      {error && !data ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : !data ? <Loading label="Comparing the versions"><Skeleton className="mt-3 h-16" /></Loading> : data.changes.length === 0 ? <p className="mt-3 text-muted">Nothing: both hold the same.</p> : (
        <ul className="mt-3 grid gap-3">{data.changes.map((change) => <li key={change.pointer} className="min-w-0 border-l-2 pl-3"><ChangeWords {...change} /></li>)}</ul>
      )}
    </section>
  );
}

function ChangeWords({ pointer, kind, before, after }: Change) {
  return (
    <>
      <p className="text-sm"><span aria-hidden className="mr-2 inline-block w-3 text-muted">{SIGN[kind]}</span><span className="font-mono break-all">{pointer}</span> <span className="text-muted">{kind}</span></p>
      <div className="mt-1 text-sm">
        {kind === 'changed' && !isLong(before) && !isLong(after) ? <p className="font-mono break-words"><del className="text-muted decoration-1"><span className="sr-only">before: </span>{shown(before)}</del> <span aria-hidden className="text-muted">→</span> <ins className="no-underline"><span className="sr-only">after: </span>{shown(after)}</ins></p>
          : kind === 'changed' ? <DiffView diff={diffText(shown(before), shown(after))} label={`Lines of ${pointer}`} />
            : <pre tabIndex={0} aria-label={`${kind}: ${pointer}`} className="max-h-60 overflow-auto border bg-sunken px-3 py-2 font-mono text-sm whitespace-pre-wrap">{shown(kind === 'added' ? after : before)}</pre>}
      </div>
    </>
  );
}
