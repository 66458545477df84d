'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import type { SkillSummaryWire } from '#contracts/api/knowledge.schema';
import { formatCount, humanize } from '../../lib/format';
import { knowledgeQuery, knowledgeSearchQuery } from '../../lib/queries';
import { byCategory, excerpt, skillHref } from '../../lib/skills';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { SearchField } from '../history/filters';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { IndexReport } from './index-report';

/** What runs can read without a network: every skill, the search that runs use, and what the index says of the folder. */
export function Knowledge() {
  const [query, setQuery] = useQueryState('q', parseAsString.withDefault('').withOptions({ clearOnDefault: true }));
  const { data, error, isPending, refetch } = useQuery(knowledgeQuery);
  return (
    <div>
      <h1 className="page-title">Knowledge</h1>
      <p className="mt-1 max-w-prose text-md text-muted">What runs can read without a network. They cite skill and section, so that you can look it up here.</p>
      <div className="mt-6 max-w-xl"><SearchField label="Search the knowledge base" placeholder="Search skills" value={query} onChange={(value) => void setQuery(value)} /></div>
      {isPending ? <Loading label="Loading the knowledge base" className="mt-6 grid gap-4"><Skeleton className="h-40" /><Skeleton className="h-40" /></Loading> : null}
      {error && !data ? <div className="mt-6"><ProblemPanel error={error} onRetry={() => void refetch()} /></div> : null}
      {data ? (
        <div className="mt-6 grid items-start gap-6 lg:grid-cols-[1fr_20rem]">
          <div className="grid min-w-0 gap-6">
            {query.trim() ? <Hits query={query.trim()} onClear={() => void setQuery('')} /> : <Folders skills={data.skills} />}
          </div>
          <IndexReport report={data.report} />
        </div>
      ) : null}
    </div>
  );
}

function Folders({ skills }: { skills: readonly SkillSummaryWire[] }) {
  if (skills.length === 0) return <EmptyState title="Nothing is here yet">As soon as a worker has read the folder, its skills are listed here.</EmptyState>;
  return byCategory(skills).map(([folder, list]) => (
    <Panel key={folder} title={humanize(folder)} aside={formatCount(list.length, 'skill')} bodyClassName="p-0">
      <ul className="divide-y divide-rule">
        {list.map((skill) => (
          <li key={skill.id} className="px-4 py-2.5">
            <Link href={skillHref(skill.id)} className="prose-link font-medium">{skill.title}</Link> <span className="font-mono text-xs text-faint">{skill.id}</span>
            {skill.description ? <span className="block text-muted">{skill.description}</span> : null}
          </li>
        ))}
      </ul>
    </Panel>
  ));
}

function Hits({ query, onClear }: { query: string; onClear: () => void }) {
  const { data, error, isPending, refetch } = useQuery(knowledgeSearchQuery(query));
  if (isPending) return <Loading label="Searching" className="grid gap-4"><Skeleton className="h-40" /></Loading>;
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data || data.length === 0) return <EmptyState title="Nothing matches" action={<Button onClick={onClear}>Clear the search</Button>}>No section of the knowledge base has these words.</EmptyState>;
  return (
    <Panel title="Found" aside={`${formatCount(data.length, 'section')}, best first`} bodyClassName="p-0">
      <ol className="divide-y divide-rule">
        {data.map((hit) => (
          <li key={hit.id} className="px-4 py-3">
            <Link href={skillHref(hit.id)} className="prose-link font-medium">{hit.heading === hit.title ? hit.title : `${hit.title}: ${hit.heading}`}</Link>
            <span className="block font-mono text-xs break-all text-faint">{hit.id}</span>
            <span className="mt-1 block text-muted">{excerpt(hit.text, query)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
