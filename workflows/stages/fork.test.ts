import { expect, it } from 'vitest';
import type { RunFork } from '#contracts/workflow';
import { askedPrompt, callFork } from './fork.ts';

const fork: RunFork = { sourceRunId: 'source', kind: 'from_step', reuse: ['test/a/1', 'full/a/1'], edits: { 'test/b/1': { text: 'mine' } }, editedBy: 'me', retest: false };
const site = (stage: 'test' | 'full', step: string) => ({ stage, step, ordinal: 1 });

it('only the calls that the person chose are taken over; a name of the prototype is none of them', () => {
  expect(callFork({ mode: 'test_run' }, site('test', 'a'))).toBeUndefined();
  expect(callFork({ mode: 'test_run', fork }, site('test', 'c'))).toBeUndefined();
  expect(callFork({ mode: 'test_run', fork }, site('test', 'a'))).toEqual({ sourceRunId: 'source', reuse: true, acrossModels: true, edit: null });
  expect(callFork({ mode: 'test_run', fork }, site('test', 'b'))).toMatchObject({ reuse: false, edit: { text: 'mine', by: 'me' } });
  expect(callFork({ mode: 'test_run', fork: { ...fork, reuse: 'all' } }, site('test', 'constructor'))).toMatchObject({ edit: null });
});

it('the Test of a Full run takes no answer of another model, its Full stage may', () => {
  expect(callFork({ mode: 'full_run', fork }, site('test', 'a'))?.acrossModels).toBe(false);
  expect(callFork({ mode: 'full_run', fork }, site('full', 'a'))?.acrossModels).toBe(true);
});

it("a person's prompt stands in for the playbook's in the step that begins with its call, and nowhere else", () => {
  const playbook = { messages: [{ role: 'user' as const, content: 'by the playbook' }], maxOutputTokens: 9 };
  const mine = [{ role: 'user' as const, content: 'mine' }];
  const forked = { fork: { ...fork, prompts: { 'test/b/1': mine } } };
  expect(askedPrompt(forked, site('test', 'b'), playbook)).toEqual({ messages: mine, maxOutputTokens: 9, editedBy: 'me' });
  for (const other of [askedPrompt(forked, site('full', 'b'), playbook), askedPrompt(forked, { ...site('test', 'b'), ordinal: 2 }, playbook), askedPrompt({}, site('test', 'b'), playbook), askedPrompt({ fork }, site('test', 'constructor'), playbook)]) expect(other).toBe(playbook);
});
