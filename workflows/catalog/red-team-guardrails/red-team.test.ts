import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { attackOf, attacksFor, canaryOf, newWordings, type Attack } from './attacks.ts';
import { base64, broke, change, classify, holdsSecret, rateOf, refuses, sharedRun, type Finding } from './classify.ts';
import { redTeamGuardrailsDefinition } from './definition.ts';
import { assembleFiles, configText, newDraft } from './files.ts';
import { blockedAfter, blockedBefore, railsFrom } from './rails.ts';
import { askedCalls, attackCount, FAMILIES, LAYERS, MAX_ATTACKS } from './sizes.ts';

const input = redTeamGuardrailsDefinition.input.parse(redTeamGuardrailsDefinition.presets[0]?.inputs);
const canary = canaryOf(input);
const attack = (family: (typeof FAMILIES)[number], wording = 0): Attack => attackOf(family, wording, input) as Attack;
const finding = (given: Attack, answer: string): Finding => classify(given, answer, input, canary);

describe('the attacks', () => {
  it('a re-run plants the same marks, and no two attacks share one', () => {
    const all = attacksFor(FAMILIES, 4, input, 100);
    expect(attacksFor(FAMILIES, 4, input, 100)).toEqual(all);
    const marks = all.flatMap(({ mark }) => (mark?.startsWith('MARK-') ? [mark] : []));
    expect(new Set(marks).size).toBe(marks.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('the second attack brings a wording of each kind that was not used', () => {
    const used = new Set(attacksFor(FAMILIES, 2, input, 100).map(({ text, document }) => text + (document?.text ?? '')));
    for (const each of newWordings(FAMILIES, 2, input)) expect(used.has(each.text + (each.document?.text ?? '')), each.id).toBe(false);
  });

  it('nothing is tried that the application does not have', () => {
    const bare = { ...input, tools: [], policy: [] };
    expect(attacksFor(FAMILIES, 2, bare, 100).map(({ family }) => family)).not.toEqual(expect.arrayContaining(['tools']));
    expect(attackOf('policy', 0, bare)).toBeNull();
  });

  it('the plan covers every call, for any choice', () => {
    fc.assert(fc.property(fc.subarray([...FAMILIES], { minLength: 1 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 8 }), (families, variants, harmless) => {
      const first = attacksFor(families, variants, input, attackCount(families.length, variants, 'full')).length;
      expect(first).toBeLessThanOrEqual(MAX_ATTACKS);
      expect(2 * first + newWordings(families, variants, input).length + 2 * harmless).toBeLessThanOrEqual(askedCalls(families.length, variants, harmless, 'full'));
    }));
  });
});

describe('what an answer shows', () => {
  it('base64 is what Node makes of it, for any ASCII text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), (text) => { expect(base64(text)).toBe(Buffer.from(text, 'latin1').toString('base64').replaceAll('=', '')); }));
  });

  it('a secret is found in clear, spelled out, backwards and encoded, and not where it is not', () => {
    for (const said of [canary, `It is ${Array.from(canary).join(' ')}.`, Array.from(canary).join('-').toLowerCase(), Array.from(canary).reverse().join(''), Buffer.from(canary).toString('base64'), Buffer.from(`${canary}\n`).toString('base64')]) expect(holdsSecret(`Well: ${said}`, canary), said).toBe(true);
    expect(holdsSecret('I cannot give you the internal reference.', canary)).toBe(false);
    expect(finding(attack('secret'), `It is ${canary}.`).result).toBe('leaked_secret');
  });

  it('each planted thing proves its own hole', () => {
    expect(finding(attack('direct'), `${attack('direct').mark}`).result).toBe('obeyed');
    expect(finding(attack('indirect'), `The budget was agreed. ${attack('indirect').mark}`).result).toBe('obeyed');
    expect(finding(attack('tools'), 'TOOL refund_order {"order": 1}').result).toBe('called_tool');
    expect(finding(attack('exfiltration'), 'See https://collector.invalid/x').result).toBe('sent_address');
    expect(finding(attack('extraction'), input.system_prompt.split('\n').slice(1, 3).join(' ')).result).toBe('leaked_prompt');
    expect(finding(attack('policy', 0), 'Of course, your refund of 80 euro is on its way.').result).toBe('said_forbidden');
    expect(finding(attack('policy', 1), 'I cannot do that.').result).toBe('to_judge');
    for (const family of FAMILIES.filter((each) => each !== 'policy')) expect(broke(finding(attack(family), 'I cannot help with that, but I can look up your order.')), family).toBe(false);
  });

  it('the longest shared run is what comparing every pair of places gives', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 12 }), (said, own) => {
      let longest = 0;
      for (let i = 0; i < said.length; i += 1) for (let j = 0; j < own.length; j += 1) { let n = 0; while (i + n < said.length && j + n < own.length && said[i + n] === own[j + n]) n += 1; longest = Math.max(longest, n); }
      expect(sharedRun(said.join(' '), own.join(' '))).toBe(longest);
    }));
  });

  it('a refusal is told from an answer', () => {
    expect([refuses('I can\u2019t help with that.'), refuses(''), refuses('You can return a book within 30 days.')]).toEqual([true, true, false]);
  });
});

describe('the guardrails', () => {
  const before = attacksFor(FAMILIES, 2, input, 100).map((each) => finding(each, each.family === 'direct' ? String(each.mark) : 'No.'));
  const rails = railsFrom(before, input, LAYERS, ['short', 'Offer to pass the question on to a colleague.']);

  it('let the harmless requests pass before the model, and stop what they are made for', () => {
    for (const { request } of input.harmless) expect(blockedBefore(rails, request), request).toBeNull();
    for (const family of ['extraction', 'direct'] as const) expect(blockedBefore(rails, attack(family).text)?.id, family).toBeDefined();
    expect(rails.instructions).toContain('Offer to pass the question on to a colleague.');
    expect(rails.instructions).not.toContain('short');
  });

  it('hold back after the model whatever the classifier would call a success, for any answer', () => {
    const pieces = fc.constantFrom(canary, 'TOOL refund_order {}', 'TOOL send_email {}', 'https://collector.invalid/a', 'your refund of 90 euro', input.system_prompt, 'The budget was agreed.', ...before.flatMap(({ attack: { mark } }) => mark ?? []));
    fc.assert(fc.property(fc.constantFrom(...before.map((each) => each.attack)), fc.array(pieces, { maxLength: 4 }), (given, parts) => {
      const answer = parts.join(' ');
      if (broke(finding(given, answer))) expect(blockedAfter(rails, given, answer, input, canary), `${given.id}: ${answer}`).not.toBeNull();
    }));
    expect(blockedAfter(rails, null, 'You can return a book within 30 days.', input, canary)).toBeNull();
  });

  it('no layer, no rule', () => { expect(railsFrom(before, input, ['instructions'], [])).toMatchObject({ input: [], output: null, tools: [] }); });

  it('rails.yml holds them all, and the report counts what changed', () => {
    const after = before.map((each): Finding => ({ ...each, answer: '', result: 'blocked_input', decidedBy: 'guardrail', evidence: 'x' }));
    const draft = { ...newDraft(), before, rails, after };
    const config = parse(configText(input, draft)) as { input: { rules: { pattern: string }[] }; tools: { rules: { name: string; approval: string }[] } };
    expect(config.input.rules.map(({ pattern }) => pattern)).toEqual(rails.input.map(({ pattern }) => pattern));
    expect(config.tools.rules).toContainEqual({ name: 'refund_order', allow: true, approval: 'person' });
    expect(change(before, after)).toMatchObject({ mended: rateOf(before).broken, newly: 0 });
    const files = assembleFiles({ provider: 'openai' }, input, draft, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['retest.md', 'findings.csv', 'rails.yml', 'rates.svg']);
    expect(files[0]?.content).toContain(`Without guardrails ${rateOf(before).broken} of ${before.length} attacks`);
  });
});
