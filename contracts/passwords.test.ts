import { describe, expect, it } from 'vitest';
import { passwordProblem } from './passwords.ts';

describe('passwords', () => {
  it('are refused when short, common, monotonous or made of the name', () => {
    for (const weak of ['elevenchars', 'passwordpassword', 'Password1234', 'aaaaaaaaaaaab', 'ada.lovelace12', 'AgenticWorkflowPlatform1', 'Administrator2026', 'x'.repeat(257)]) expect([weak, passwordProblem(weak, ['Ada Lovelace', 'ada.lovelace@example.test']) === null]).toEqual([weak, false]);
  });

  it('are accepted when long enough, whatever the signs: spaces, letters of any script, 64 and more characters', () => {
    for (const good of ['kettle ship armchair', 'пароль длинный и хороший', 'x1'.repeat(40) + 'abc', 'ada likes sailing at dusk', 'my workflow smells of fresh bread', '🦆🦆 duck pond at night 🦆']) expect(passwordProblem(good, ['Ada Lovelace', 'ada@example.test'])).toBeNull();
  });
});
