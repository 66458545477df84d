import type { z } from 'zod';
import type { RerunBody } from '#contracts/api/reruns.schema';
import type { RunFork } from '#contracts/workflow';
import { CodedError, invalidField } from '#platform/coded-error';
import { digestOf } from '#platform/ids';
import { findRunCall } from '#platform/repositories/run-calls';
import type { RunRecord } from '#platform/repositories/run-queries';
import type { Deps } from '../deps.ts';
import type { RecordedCall } from './recorded-calls.ts';

/** What a person wrote in place of an answer or a prompt, for the audit log. */
export interface Edit { kind: 'output' | 'prompt'; callId: string; before: string; after: string }
type Wish = z.output<typeof RerunBody>;

/** Edits travel with the run's request, which stays well under what Temporal takes. */
const MAX_EDIT_BYTES = 100_000;

const pointerTo = (part: 'edits' | 'prompts', callId: string): string => `#/${part}/${callId.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** @param reuse ids of calls whose answers the re-run takes over @throws CodedError InvalidInput naming the edit */
export async function checkOutputs(deps: Pick<Deps, 'db'>, source: RunRecord, calls: readonly RecordedCall[], reuse: ReadonlySet<string>, wish: Wish): Promise<Edit[]> {
  if (Buffer.byteLength(JSON.stringify([wish.edits ?? {}, wish.prompts ?? {}])) > MAX_EDIT_BYTES) throw new CodedError('PayloadTooLarge', `All edits together may have ${MAX_EDIT_BYTES} bytes.`);
  return Promise.all(Object.entries(wish.edits ?? {}).map(async ([callId, { text }]): Promise<Edit> => {
    const place = pointerTo('edits', callId);
    const call = calls.find((candidate) => candidate.id === callId);
    if (!call || !reuse.has(callId)) throw invalidField(place, 'is not a call whose answer this re-run takes over');
    if (wish.prompts?.[callId]) throw invalidField(place, 'has another prompt as well: edit one of them');
    refuseTestOfFull(source, call, place);
    const before = (await findRunCall(deps.db, source.userId, source.id, callId))?.answer ?? call.text;
    if (isJson(before) && !isJson(text)) throw invalidField(`${place}/text`, 'must be JSON, as the answer it stands for');
    return { kind: 'output', callId, before, after: text };
  }));
}

export interface AskedPrompts { prompts: NonNullable<RunFork['prompts']>; /** what this wish asks otherwise than the earlier run */ edits: Edit[]; /** calls that get the workflow's prompt back */ restored: ReadonlySet<string> }

/** The prompts of a re-run: those the earlier run was given, with those of this wish over them; null takes one away. A prompt as
 * it was recorded is no edit. @throws CodedError InvalidInput naming the prompt */
export async function askedPrompts(deps: Pick<Deps, 'db'>, source: RunRecord, calls: readonly RecordedCall[], earlier: RunFork['prompts'] = {}, wish: Wish): Promise<AskedPrompts> {
  const prompts: AskedPrompts['prompts'] = { ...earlier };
  const edits: Edit[] = [];
  const restored = new Set<string>();
  for (const [callId, messages] of Object.entries(wish.prompts ?? {})) {
    const place = pointerTo('prompts', callId);
    const call = calls.find((candidate) => candidate.id === callId);
    const recorded = call && (await findRunCall(deps.db, source.userId, source.id, callId));
    if (!recorded) throw invalidField(place, 'is not a call of this run');
    refuseTestOfFull(source, call, place);
    if (isLaterTurn(recorded.messages)) throw invalidField(place, 'is a later turn of a conversation: edit the call that begins it');
    if (messages === null) {
      if (Object.hasOwn(prompts, callId)) restored.add(callId);
      delete prompts[callId];
    } else if (digestOf(messages) !== digestOf(recorded.messages)) {
      prompts[callId] = messages;
      edits.push({ kind: 'prompt', callId, before: JSON.stringify(recorded.messages), after: JSON.stringify(messages) });
    }
  }
  return { prompts, edits, restored };
}

function refuseTestOfFull(source: RunRecord, call: RecordedCall, place: string): void {
  if (source.runMode === 'full_run' && call.stage === 'test') throw invalidField(place, 'is part of the Test of a Full run, which must stand as the model made it');
}

/** Repair turns and the turns of an agent hold what was answered before. */
const isLaterTurn = (messages: readonly { role: string }[]): boolean => messages.some((message) => message.role === 'assistant' || message.role === 'tool');

function isJson(text: string): boolean {
  try { return typeof JSON.parse(text) === 'object'; } catch { return false; }
}
