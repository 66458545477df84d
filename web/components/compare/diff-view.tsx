import type { RunComparisonWire } from '#contracts/api/compare.schema';
import { cn } from '../../lib/class-names';
import { formatCount } from '../../lib/format';

type Diff = NonNullable<RunComparisonWire['documents'][number]['diffs'][number]>;
const SIGN = { same: ' ', added: '+', removed: '−', skip: '…' } as const;
const WORD = { same: '', added: 'added: ', removed: 'removed: ', skip: '' } as const;

/** Lines that were taken away and added; equal ones around them, the rest counted. */
export function DiffView({ diff, label }: { diff: Diff; label: string }) {
  if (diff.same) return <p className="text-sm text-muted">No difference.</p>;
  return (
    <div>
      <p className="text-sm text-muted">{formatCount(diff.added, 'line')} added, {diff.removed} removed{diff.truncated ? '; the texts are long, so this is not all of it' : ''}</p>
      <pre tabIndex={0} aria-label={label} className="relative mt-2 max-h-96 overflow-auto border bg-sunken py-2 font-mono text-sm">
        {diff.lines.map((line, index) => (
          <span key={index} className={cn('block px-3 whitespace-pre-wrap', line.op === 'added' && 'border-l-2 border-l-completed bg-surface', line.op === 'removed' && 'border-l-2 border-l-failed bg-surface text-muted line-through decoration-1', line.op === 'skip' && 'text-faint')}>
            <span aria-hidden className="mr-2 inline-block w-3 no-underline">{SIGN[line.op]}</span><span className="sr-only">{WORD[line.op]}</span>{line.op === 'skip' ? `${line.text} equal lines` : line.text}
          </span>
        ))}
      </pre>
    </div>
  );
}
