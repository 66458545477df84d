import type { CompletionView } from '#contracts/run-reducer';
import { ERRORS, isErrorCode } from '#contracts/errors';
import { formatCost, formatCount, formatDuration, formatTokens } from '../../../lib/format';
import { looksLikeJson, ordinalWord, retryNote } from '../../../lib/run-words';
import { finishWords, tokensPerSecond } from '../../../lib/span-details';
import { SafeMarkdown } from '../../safe-markdown';
import { CopyButton } from '../../ui/copy-button';
import { EditMark } from '../edit-mark';
import { JsonView } from '../json-view';
import { Facts, Part } from './facts';
import { PromptPart, type CallSource } from './prompt-part';

const STATUS = { running: 'writing', retrying: 'to be tried again', done: 'answered', failed: 'no answer' } as const;

/** One call of a model: asked and served model, tokens by kind, cost, tries in words, prompt and answer.
 * @param attempt one of its attempts, or null for the call as a whole
 * @param possiblyBilled its tries that may have been charged */
export function CallDetails({ runId, place, completion, attempt, possiblyBilled, source }: { runId: string; place: string; completion: CompletionView; attempt: number | null; possiblyBilled: number; source: CallSource }) {
  const end = completion.end;
  const failed = attempt === null ? undefined : completion.retries.find((retry) => retry.attempt === attempt);
  if (failed) {
    const known = isErrorCode(failed.code) ? ERRORS[failed.code] : null;
    return (
      <>
        <p>The {ordinalWord(failed.attempt)} attempt failed{known ? <>: <span className="font-medium">{known.title}</span></> : null}.</p>
        {failed.detail ? <p className="mt-1 break-words text-muted">{failed.detail}</p> : null}
        <p className="mt-2">The platform waited {formatDuration(failed.waitMs)} and asked again by itself; nobody had to do anything.</p>
        <div className="mt-3"><Facts rows={[['Error code', <code key="code" className="font-mono text-sm">{failed.code}</code>], ['Provider', completion.provider], ['Model asked', <code key="model" className="font-mono text-sm">{completion.model}</code>]]} /></div>
      </>
    );
  }
  const speed = end ? tokensPerSecond(end) : null;
  const requestId = `${runId}/${place}`;
  return (
    <>
      <Facts rows={[
        ['State', end?.reused && !end.edited_by ? 'taken over from before, not paid again' : STATUS[completion.status]],
        ['Provider', end?.provider ?? completion.provider],
        ['Model asked', <code key="asked" className="font-mono text-sm">{completion.model}</code>],
        ['Model served', end ? <code key="served" className="font-mono text-sm">{end.model_served}</code> : null],
        ['Ended because', end ? finishWords(end.finish_reason) : null],
        ['Input tokens', end ? `${formatTokens(end.usage.inputTokens)}${end.usage.cachedInputTokens ? `, of which ${formatTokens(end.usage.cachedInputTokens)} from the provider's cache` : ''}` : null],
        ['Output tokens', end ? `${formatTokens(end.usage.outputTokens)} of at most ${formatTokens(completion.maxOutputTokens)}${end.usage.reasoningTokens ? `, of which ${formatTokens(end.usage.reasoningTokens)} for reasoning` : ''}` : `at most ${formatTokens(completion.maxOutputTokens)}`],
        ['Counted by', end?.usage.estimated ? 'us, 4 characters a token: the provider reported none' : null],
        ['Cost', end ? (end.reused ? `$0.00 (bought earlier for ${formatCost(end.cost_usd_micros)})` : formatCost(end.cost_usd_micros)) : null],
        ['First words', end?.first_token_ms === null || !end ? null : `after ${formatDuration(end.first_token_ms)}`],
        ['Took', end ? `${formatDuration(end.duration_ms)}${speed === null ? '' : `, ${speed.toFixed(speed < 10 ? 1 : 0)} tokens a second`}` : null],
        ['Possibly billed', possiblyBilled > 0 ? `${formatCount(possiblyBilled, 'try', 'tries')} that brought no answer` : null],
        ['Request id', <span key="id" className="inline-flex min-w-0 items-center"><code className="truncate font-mono text-xs">{place}</code><CopyButton text={requestId} label="request id" /></span>],
      ]} />
      {end?.edited_by ? <p className="mt-2"><EditMark what="answer" by={end.edited_by} /></p> : null}
      {end?.prompt_edited_by ? <p className="mt-2"><EditMark what="prompt" by={end.prompt_edited_by} /></p> : null}
      {completion.retries.length > 0 ? <Part title="Tried again"><ul className="grid gap-1">{completion.retries.map((retry) => <li key={retry.attempt} className="border-l-2 border-waiting pl-3 text-sm">{retryNote(retry)}{retry.detail ? <span className="text-muted"> ({retry.detail})</span> : null}</li>)}</ul></Part> : null}
      <PromptPart place={place} source={source} />
      <Part title="Answer">
        {completion.text === '' ? <p className="text-sm text-muted">{completion.status === 'failed' ? 'None came.' : 'Nothing yet.'}</p>
          : looksLikeJson(completion.text) ? <JsonView text={completion.text} label="Answer" />
            : <div role="group" aria-label="Answer" tabIndex={0} className="max-h-96 overflow-auto border bg-canvas px-3 py-2"><SafeMarkdown text={completion.text} streaming={completion.status === 'running'} /></div>}
        {end?.text_truncated ? <p className="mt-1 text-sm text-muted">Shortened here; whole in trace.json.</p> : null}
      </Part>
    </>
  );
}
