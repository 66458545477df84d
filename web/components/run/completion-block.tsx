'use client';
import { useEffect, useRef, useState } from 'react';
import type { CompletionView } from '#contracts/run-reducer';
import { cn } from '../../lib/class-names';
import { formatDuration, formatTokens } from '../../lib/format';
import { parsePartialJson } from '../../lib/partial-json';
import { looksLikeJson, prettyJson, retryNote } from '../../lib/run-words';
import { SafeMarkdown } from '../safe-markdown';
import { Button } from '../ui/button';
import { DataView } from './data-view';
import { EditMark } from './edit-mark';

/** Keeps a box at its end while it grows, unless the reader scrolled up inside it. */
function useBoxTail(active: boolean, text: string) {
  const box = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (active && text !== '' && element && stick.current) element.scrollTop = element.scrollHeight;
  }, [active, text]);
  const onScroll = (): void => {
    const element = box.current;
    if (element) stick.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
  };
  return { box, onScroll };
}

/** One answer of a model: the text as it comes, then its figures. Failed tries stand in the margin. */
export function CompletionBlock({ completion, live, label }: { completion: CompletionView; live: boolean; label: string }) {
  const running = live && completion.status === 'running';
  const [open, setOpen] = useState(false);
  const { box, onScroll } = useBoxTail(running, completion.text);
  const [raw, setRaw] = useState(false);
  const json = looksLikeJson(completion.text);
  const long = completion.text.length > 700;
  const end = completion.end;
  return (
    <div data-slot="completion" data-status={completion.status} className="min-w-0">
      {completion.retries.map((retry) => <p key={retry.attempt} className="mb-1.5 border-l-2 border-waiting pl-3 text-sm text-waiting">{retryNote(retry)}{retry.detail ? <span className="text-muted"> ({retry.detail})</span> : null}</p>)}
      {completion.text ? (
        <div
          ref={box} onScroll={onScroll} {...(open ? {} : { tabIndex: 0, role: 'group', 'aria-label': `${label}: text of the model` })}
          className={cn('border border-rule bg-surface px-4 py-3', !open && 'max-h-72 overflow-y-auto', running && 'border-running')}
        >
          {json ? raw ? <pre className="font-mono text-sm break-words whitespace-pre-wrap">{prettyJson(completion.text)}</pre> : <DataView value={parsePartialJson(completion.text)} /> : <SafeMarkdown text={completion.text} streaming={running} />}
          {running ? <span aria-hidden className="caret" /> : null}
        </div>
      ) : running ? <p className="text-sm text-muted">Waiting for the first words of {completion.model}<span aria-hidden className="caret ml-1" /></p> : null}
      <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 font-mono text-xs text-faint">
        {end ? <span>{end.model_served}</span> : null}
        {end ? <span>{formatTokens(end.usage.inputTokens)} in, {formatTokens(end.usage.outputTokens)} out</span> : null}
        {end ? <span>{end.first_token_ms === null ? '' : `first words after ${formatDuration(end.first_token_ms)}, `}{formatDuration(end.duration_ms)}</span> : null}
        {end?.finish_reason.unified === 'length' ? <span className="text-waiting">cut at its token limit</span> : null}
        {end?.reused && !end.edited_by ? <span className="text-completed">taken over from before, not paid again</span> : null}
        {end?.edited_by ? <EditMark what="answer" by={end.edited_by} /> : null}
        {end?.prompt_edited_by ? <EditMark what="prompt" by={end.prompt_edited_by} /> : null}
        {end?.text_truncated ? <span>shortened here; whole in trace.json</span> : null}
        {json && !running ? <Button variant="quiet" size="sm" className="-my-1 font-sans" aria-pressed={raw} onClick={() => setRaw(!raw)}>{raw ? 'In words' : 'As JSON'}</Button> : null}
        {long && !running ? <Button variant="quiet" size="sm" className="-my-1 font-sans" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Show less' : 'Show all'}</Button> : null}
      </p>
    </div>
  );
}
