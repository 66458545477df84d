import Link from 'next/link';
import type { ToolView } from '#contracts/run-reducer';
import { formatDuration, middleTruncate } from '../../../lib/format';
import { hostOf } from '../../../lib/hosts';
import { skillHref } from '../../../lib/skills';
import { CopyButton } from '../../ui/copy-button';
import { JsonView } from '../json-view';
import { Facts, Part } from './facts';

const WORDS = { running: 'running', ok: 'done', empty: 'found nothing', unavailable: 'not available', failed: 'failed' } as const;

/** One tool call: what it was asked, what came back, and why it was allowed. */
export function ToolDetails({ tool }: { tool: ToolView }) {
  return (
    <>
      <Facts rows={[
        ['State', WORDS[tool.status]], ['In words', tool.summary], ['Took', tool.durationMs === null ? null : formatDuration(tool.durationMs)],
        ['Tool', <code key="tool" className="font-mono text-sm">{tool.tool}</code>], ['Allowed because', tool.grant ? tool.grant.reason : null],
      ]} />
      <Part title="Asked"><JsonView text={JSON.stringify(tool.arguments, null, 2)} label="Arguments of the tool" /></Part>
      <Part title="Came back">
        {tool.items.length === 0 ? <p className="text-sm text-muted">{tool.status === 'running' ? 'Nothing yet.' : 'No sources.'}</p> : (
          <ol className="grid gap-3">
            {tool.items.map((item) => {
              const host = item.url ? hostOf(item.url) : null;
              return (
                <li key={item.id} className="border-l border-control pl-3 text-sm">
                  <span className="font-mono text-xs text-faint">[{item.id}]</span> {host && item.url ? <a className="prose-link" href={item.url} target="_blank" rel="noopener noreferrer nofollow">{item.title} <span className="font-mono text-xs">({host})</span></a> : item.file ? <Link className="prose-link" href={skillHref(item.id)}>{item.title}</Link> : <span className="font-medium">{item.title}</span>}
                  <span className="block text-muted">{item.source}{item.file ? `, ${item.file}` : ''}</span>
                  <span className="mt-0.5 block break-words">{item.snippet}</span>
                  {item.sha256 ? <span className="inline-flex items-center text-xs text-faint">sha256 <code className="ml-1 font-mono">{middleTruncate(item.sha256, 8, 4)}</code><CopyButton text={item.sha256} label="sha256 of the source" /></span> : null}
                </li>
              );
            })}
          </ol>
        )}
      </Part>
    </>
  );
}
