import type { RunView } from '#contracts/run-reducer';
import { liveLine } from '../../lib/live-line';

/** What is happening at this moment, above everything else. Screen readers hear changes of the status only, and find the text in the
 * story: what is written here changes too often. */
export function LiveNow({ view, inStory }: { view: RunView; /** the story is open, so that its place can be linked */ inStory: boolean }) {
  const line = liveLine(view);
  if (!line) return null;
  return (
    <section aria-label="Now" data-slot="now" className="mb-5 border border-l-4 border-rule border-l-running bg-surface px-4 py-3">
      <p className="text-sm text-muted">Now, in {line.where}{line.doing ? `: ${line.doing}` : ''}</p>
      <p className="flex items-baseline gap-3"><span className="min-w-0 truncate text-md font-medium" title={line.title}>{line.title}</span>{inStory ? <a href={`#${line.anchor}`} className="prose-link ml-auto shrink-0 text-sm">See it in the story</a> : null}</p>
      {/* Of one height, so that nothing below it jumps while it is written. */}
      <p aria-hidden className="mt-1 flex h-10 flex-col justify-end overflow-hidden text-muted">{line.words ? <span className="caret">{line.words}</span> : null}</p>
    </section>
  );
}
