'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { API_DOCS } from '../../lib/links';
import { healthQuery } from '../../lib/queries';

export function AppFooter() {
  const { data: health } = useQuery(healthQuery);
  return (
    <footer className="mt-auto border-t">
      <div className="mx-auto flex max-w-[90rem] flex-wrap gap-x-6 gap-y-2 px-4 py-4 text-sm text-muted sm:px-6">
        <span>{health ? <>Version <span className="font-mono">{health.version}</span> · {health.environment}</> : 'Agentic Workflow Platform'}</span>
        <span className="ml-auto flex gap-5"><Link href="/help" className="hover:text-ink">Help</Link><a href={API_DOCS} className="hover:text-ink">API docs</a></span>
      </div>
    </footer>
  );
}
