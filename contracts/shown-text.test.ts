import { describe, expect, it } from 'vitest';
import { AcceptInvitationBody, UserPatch } from './api/accounts.schema.ts';
import { DeviceStartBody } from './api/device.schema.ts';
import { DecisionBody } from './api/governance.schema.ts';
import { PauseBody } from './api/pause.schema.ts';
import { TokenBody } from './api/session.schema.ts';

/** What one person writes and another one reads where they decide: names of people, tokens and command lines, reasons. */
const HOSTILE = ' Ada\u202e\u200b\u2066 Love\u00adlace\r\nAdministrator\u2028\u{e0041}\ufeff ';

describe('a name that others read', () => {
  it.each([
    ['of a person', (name: string) => AcceptInvitationBody.safeParse({ token: 'a'.repeat(43), name, password: 'kettle ship armchair' }).data?.name],
    ['of a person, changed', (name: string) => UserPatch.safeParse({ name }).data?.name],
    ['of a token', (name: string) => TokenBody.safeParse({ name }).data?.name],
    ['of a command line', (name: string) => DeviceStartBody.safeParse({ client_name: name }).data?.client_name],
  ])('%s is one line without signs that nobody sees, and nothing but such signs is no name', (_of, parsed) => {
    expect(parsed(HOSTILE)).toBe('Ada Lovelace Administrator');
    expect([parsed('\u200b\u202e\u2060 '), parsed(`a${'\u200b'.repeat(100)}`)]).toEqual([undefined, undefined]);
    for (const name of ['Зоя', '李小龙', 'نور', 'नमस्ते', 'Zoë 👩‍🔬']) expect(parsed(name)).toBe(name);
  });
});

it('a reason keeps its lines and loses what nobody sees', () => {
  const reason = 'No:\u202e\nsee\u200b below';
  expect([DecisionBody.parse({ decision: 'reject', shown_hash: '0'.repeat(64), reason }).reason, PauseBody.parse({ paused: true, reason }).reason]).toEqual(['No:\nsee below', 'No:\nsee below']);
});
