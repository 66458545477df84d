'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect } from 'react';
import { formatCount } from '../../lib/format';
import { skillQuery } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { SafeMarkdown } from '../safe-markdown';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';

/** One skill to read, section by section under the ids that runs cite. */
export function SkillPage({ id }: { id: string }) {
  const { data: skill, error, isPending, refetch } = useQuery(skillQuery(id));
  // The section of the address is there only now.
  useEffect(() => {
    const anchor = decodeURIComponent(window.location.hash.slice(1));
    if (skill && anchor) document.getElementById(anchor)?.scrollIntoView();
  }, [skill]);
  if (isPending) return <Loading label="Loading the skill" className="grid gap-4"><Skeleton className="h-10 w-80" /><Skeleton className="h-96" /></Loading>;
  if (error && !skill) return <><h1 className="page-title">Knowledge</h1><div className="mt-6"><ProblemPanel error={error} onRetry={() => void refetch()} /></div></>;
  if (!skill) return null;
  return (
    <div>
      <p className="text-sm"><Link href="/knowledge" className="prose-link">Knowledge</Link></p>
      <h1 className="page-title">{skill.title}</h1>
      {skill.description ? <p className="mt-1 max-w-prose text-md text-muted">{skill.description}</p> : null}
      <div className="mt-6 grid items-start gap-6 lg:grid-cols-[1fr_20rem]">
        <article className="min-w-0 border border-rule bg-surface px-4 py-5 sm:px-8">
          {skill.content.map((section) => (
            <section key={section.anchor} id={section.anchor} aria-labelledby={`${section.anchor}-heading`} className="scroll-mt-20 [&+&]:mt-8">
              <h2 id={`${section.anchor}-heading`} className={section.heading === skill.title ? 'sr-only' : 'font-serif text-lg font-semibold'}>{section.heading}</h2>
              <SafeMarkdown text={section.text} className="mt-2" />
            </section>
          ))}
        </article>
        <Panel title="About" aside={formatCount(skill.sections, 'section')}>
          <dl className="grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
            <dt className="text-muted">Id</dt><dd className="font-mono break-all">{skill.id}</dd>
            <dt className="text-muted">File</dt><dd className="font-mono break-all">{skill.file}</dd>
            <dt className="text-muted">Tags</dt><dd>{skill.tags.join(', ') || '–'}</dd>
            <dt className="text-muted">Licence</dt><dd>{skill.license ?? '–'}</dd>
          </dl>
          <nav aria-label="Sections" className="mt-3 border-t pt-3 text-sm"><ul className="grid gap-1.5">{skill.content.map((section) => <li key={section.anchor}><a href={`#${section.anchor}`} className="prose-link inline-block py-0.5">{section.heading}</a></li>)}</ul></nav>
        </Panel>
      </div>
    </div>
  );
}
