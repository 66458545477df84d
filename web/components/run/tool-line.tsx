import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ToolView } from '#contracts/run-reducer';
import { formatDuration, humanize, inputText } from '../../lib/format';
import { hostOf } from '../../lib/hosts';
import { skillHref } from '../../lib/skills';

const WORDS = { running: 'running', ok: 'done', empty: 'found nothing', unavailable: 'not available', failed: 'failed' } as const;

/** A tool call on one line; its arguments and sources one click deeper. */
export function ToolLine({ tool, live }: { tool: ToolView; live: boolean }) {
  const status = tool.status === 'running' && !live ? 'failed' : tool.status;
  const about = Object.values(tool.arguments).map(inputText).join(', ');
  return (
    <li>
      <details className="group">
        <summary className="flex min-h-7 items-baseline gap-2 rounded-md text-sm text-muted hover:text-ink">
          <ChevronRight aria-hidden className="size-3.5 shrink-0 translate-y-0.5 transition-transform group-open:rotate-90" />
          <span className="min-w-0"><span className="font-medium text-ink">{humanize(tool.tool)}</span> {tool.summary ?? <>“{about}” {WORDS[status]}</>}</span>
          <span className="ml-auto shrink-0 font-mono text-xs text-faint">{tool.durationMs === null ? WORDS[status] : formatDuration(tool.durationMs)}</span>
        </summary>
        <div className="mt-1 mb-2 ml-5 border-l pl-3 text-sm">
          <p className="break-words text-muted">Asked: <span className="font-mono">{about}</span></p>
          {tool.items.length > 0 ? (
            <ol className="mt-2 grid gap-2">
              {tool.items.map((item) => {
                const host = item.url ? hostOf(item.url) : null;
                return <li key={item.id}><span className="font-mono text-xs text-faint">[{item.id}]</span> {host && item.url ? <a className="prose-link" href={item.url} target="_blank" rel="noopener noreferrer nofollow">{item.title} <span className="font-mono text-xs">({host})</span></a> : item.file ? <Link className="prose-link" href={skillHref(item.id)}>{item.title}</Link> : <span className="font-medium">{item.title}</span>} <span className="text-faint">{item.source}{item.file ? `, ${item.file}` : ''}</span><span className="line-clamp-3 block text-muted">{item.snippet}</span></li>;
              })}
            </ol>
          ) : <p className="mt-1 text-muted">No sources came back.</p>}
        </div>
      </details>
    </li>
  );
}
