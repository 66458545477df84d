import { describe, expect, it } from 'vitest';
import { compareModelsDefinition as definition } from './definition.ts';
import { assembleFiles, leaderboard, newDraft, pick } from './files.ts';

describe('files', () => {
  const input = definition.input.parse(definition.presets[0]?.inputs);
  const draftOf = (answers: string[][]) => ({ ...newDraft(), given: 8, cases: input.cases.map((given, at) => ({ ...given, id: `case${at + 1}` })), candidates: input.candidates, answers });
  const right = input.cases.map((given) => given.expected);

  it('a rival wins only when its gain is significant', () => {
    expect(pick(leaderboard(input, draftOf([right.map(() => 'no'), right])))).toContain('Take careful: 8 of 8');
    expect(pick(leaderboard(input, draftOf([['no', ...right.slice(1)], right])))).toContain('Stay with short');
  });

  it('an unfinished candidate is not ranked, hostile names stay in their cell, nothing gives no file', () => {
    const draft = draftOf([right, ['=1+1']]);
    expect(leaderboard(input, draft).map((row) => row.place)).toEqual([0]);
    draft.candidates = [{ name: '=cmd|x\n## y', model: 'own' }, { name: 'b', model: 'own' }];
    const [markdown, csv] = assembleFiles({ provider: 'demo' } as never, input, draft, 'full', 'Cancelled.');
    expect(markdown?.content).toContain('> Cancelled.');
    expect(markdown?.content).not.toMatch(/^## y/m);
    expect(csv?.content).toContain("'=cmd");
    expect(assembleFiles({ provider: 'demo' } as never, input, newDraft(), 'full', null)).toEqual([]);
  });

  it('names the other models of the candidates once', () => {
    const candidates = [{ name: 'a', model: 'own' as const }, { name: 'b', model: 'openai gpt-4o-mini' as const }, { name: 'c', model: 'openai gpt-4o-mini' as const }];
    expect(definition.targetsFor?.({ ...input, candidates })).toEqual([{ provider: 'openai', model: 'gpt-4o-mini' }]);
  });
});
