'use client';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { RunCallWire } from '#contracts/api/reruns.schema';
import { runCallQuery } from '../../lib/queries';
import { answerProblem, type RerunChanges } from '../../lib/rerun-body';
import { prettyJson } from '../../lib/run-words';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Textarea } from '../ui/input';

interface CallEditorProps {
  runId: string; callId: string; changes: RerunChanges; onChange: (part: Partial<RerunChanges>) => void;
  /** its answer is taken over, so that another can stand in for it */
  taken: boolean;
  /** part of the Test of a Full run */
  locked: boolean;
}
const ROLE_WORDS: Record<string, string> = { system: 'Instructions to the model', user: 'What is asked', assistant: 'An answer given before' };
/** A later turn of a conversation holds what was answered before; only its beginning can be asked otherwise. */
const EDITABLE = new Set(['system', 'user']);
const without = <T,>(record: Record<string, T>, key: string): Record<string, T> => Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

/** Prompt and answer of one recorded call, as they are in the ledger; one of both can be rewritten. */
export function CallEditor({ runId, callId, taken, locked, changes, onChange }: CallEditorProps) {
  const { data, error, refetch } = useQuery(runCallQuery(runId, callId));
  if (error && !data) return <div className="mt-2"><ProblemPanel error={error} onRetry={() => void refetch()} /></div>;
  if (!data) return <p className="mt-2 text-muted">Loading the call…</p>;
  const editable = !locked && data.messages.every((message) => EDITABLE.has(message.role));
  return (
    <div className="mt-2 grid gap-4 border-l border-control py-1 pl-4">
      {locked ? <p className="text-sm text-muted">It is part of the Test of a Full run, which must stand as the model made it: nothing in it can be edited.</p> : null}
      {!locked && !editable ? <p className="text-sm text-muted">A later turn of a conversation: edit the prompt of the call that begins it.</p> : null}
      <PromptFields call={data} disabled={!editable || Object.hasOwn(changes.answers, callId)} prompts={changes.prompts} onPrompts={(prompts) => onChange({ prompts })} />
      {data.answer === null ? null : <AnswerField call={data} answer={data.answer} taken={taken} disabled={locked || !taken || Object.hasOwn(changes.prompts, callId)} answers={changes.answers} onAnswers={(answers) => onChange({ answers })} />}
    </div>
  );
}

function PromptFields({ call, disabled, prompts, onPrompts }: { call: RunCallWire; disabled: boolean; prompts: RerunChanges['prompts']; onPrompts: (prompts: RerunChanges['prompts']) => void }) {
  const id = useId();
  const edited = prompts[call.call_id];
  const messages = edited ?? (call.messages as NonNullable<typeof edited>);
  const write = (index: number, content: string): void => {
    const next = messages.with(index, { ...messages[index]!, content });
    onPrompts(next.every((message, place) => message.content === call.messages[place]?.content) ? without(prompts, call.call_id) : { ...prompts, [call.call_id]: next });
  };
  return (
    <div className="grid gap-3">
      {edited === null ? <p className="text-sm text-muted">The workflow&apos;s own prompt is asked again.</p> : messages.map((message, index) => (
        <div key={index}>
          <label htmlFor={`${id}-${index}`} className="text-sm font-medium">Prompt: {ROLE_WORDS[message.role] ?? message.role}</label>
          <Textarea id={`${id}-${index}`} value={message.content} readOnly={disabled} onChange={(event) => write(index, event.target.value)} className="mt-1 max-h-64 font-mono text-sm read-only:bg-sunken" />
          {message.content.trim() === '' ? <p role="alert" className="mt-1 text-sm text-failed">Write something, or put the recorded prompt back; as it is, the edit is left out.</p> : null}
        </div>
      ))}
      <div className="flex flex-wrap gap-2">
        {edited === undefined ? null : <Button size="sm" onClick={() => onPrompts(without(prompts, call.call_id))}>Put the recorded prompt back</Button>}
        {call.prompt_edited && edited !== null && !disabled ? <Button size="sm" onClick={() => onPrompts({ ...prompts, [call.call_id]: null })}>Ask the workflow&apos;s own prompt</Button> : null}
      </div>
      <p className="text-sm text-muted">{call.prompt_edited ? 'This prompt is one that a person wrote. ' : ''}With another prompt this call is paid and marked as yours.</p>
    </div>
  );
}

function AnswerField({ call, answer, taken, disabled, answers, onAnswers }: { call: RunCallWire; answer: string; taken: boolean; disabled: boolean; answers: RerunChanges['answers']; onAnswers: (answers: RerunChanges['answers']) => void }) {
  const id = useId();
  const recorded = prettyJson(answer);
  const text = answers[call.call_id] ?? recorded;
  const problem = answerProblem(answer, text);
  return (
    <div>
      <label htmlFor={id} className="text-sm font-medium">Answer{call.edited_by ? ', written by a person' : ` of ${call.model}`}</label>
      <Textarea id={id} value={text} readOnly={disabled} aria-invalid={problem ? true : undefined} aria-describedby={`${id}-help`} onChange={(event) => onAnswers(event.target.value === recorded ? without(answers, call.call_id) : { ...answers, [call.call_id]: event.target.value })} className="mt-1 max-h-64 font-mono text-sm read-only:bg-sunken" />
      <p id={`${id}-help`} className="mt-1 text-sm text-muted">{problem ? <span className="font-medium text-failed">{problem}. </span> : null}{taken ? 'Another answer is marked as yours; what builds on it is paid, and the run is no evidence.' : 'It is made again, so there is no answer to edit. Choose a later step to keep it.'}</p>
      {Object.hasOwn(answers, call.call_id) ? <Button size="sm" className="mt-1" onClick={() => onAnswers(without(answers, call.call_id))}>Put the recorded answer back</Button> : null}
    </div>
  );
}
