import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { agentDesignReviewDefinition as definition, REVIEWERS, type AgentDesignReviewInput } from './definition.ts';
import { contextSvg, sequenceMermaid } from './diagrams.ts';
import { assembleFiles, decisions, newDraft } from './files.ts';
import { pointsOf } from './lenses.ts';
import { bestPattern, figuresOf, PATTERNS, weighFrameworks, weighPatterns } from './patterns.ts';
import { level, threatsOf, triangle } from './threats.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const legal = legalInputs(definition) as fc.Arbitrary<AgentDesignReviewInput>;
const draftOf = (given: AgentDesignReviewInput) => { const options = weighPatterns(given); return { ...newDraft(), date: '2026-11-25', options, frameworks: weighFrameworks(given, bestPattern(options)?.pattern ?? null), threats: threatsOf(given) }; };

describe('patterns', () => {
  it('tokens and dollars are those of the calls, counted one by one', () => {
    fc.assert(fc.property(legal, (given) => {
      for (const pattern of given.patterns) {
        const found = figuresOf(pattern, given);
        let tokens = 0;
        for (let call = 0; call < PATTERNS[pattern].calls; call += 1) tokens += given.input_tokens + call * given.output_tokens;
        expect(found.tokens.input).toBe(tokens);
        expect(found.usdRun).toBeCloseTo((tokens * given.usd_input + PATTERNS[pattern].calls * given.output_tokens * given.usd_output) / 1e6, 6);
      }
    }), { numRuns: 30 });
  }, 30_000);

  it('an option above a limit is out, the best keeps all limits, and points lie between 0 and 100', () => {
    expect(weighPatterns({ ...input, latency_seconds: 8 }).find((option) => option.pattern === 'agent_loop')?.out.join()).toContain('more than 8 s');
    fc.assert(fc.property(legal, (given) => {
      const options = weighPatterns(given);
      const best = bestPattern(options);
      for (const option of options) { expect(option.points).toBeGreaterThanOrEqual(0); expect(option.points).toBeLessThanOrEqual(100 + 1e-9); if (best && option.out.length === 0) expect(option.points).toBeLessThanOrEqual(best.points + 1e-9); }
      if (best) expect(best.out).toEqual([]);
    }), { numRuns: 30 });
  }, 30_000);

  it('fixed steps lead to a chain, open ones to a loop', () => {
    const best = (path: 'fixed' | 'open') => bestPattern(weighPatterns({ ...input, path, weight_control: 0, weight_cost: 0 }))?.pattern;
    expect([best('fixed'), best('open')]).toEqual(['chain', 'agent_loop']);
  });
});

describe('threats', () => {
  it('the triangle is found, and open when one side is missing', () => {
    expect(triangle(input).closed).toBe(true);
    expect(threatsOf(input)[0]?.title).toContain('sent out');
    expect(threatsOf({ ...input, untrusted: [] }).some((threat) => threat.title.includes('foreign') || threat.title.includes('Foreign'))).toBe(false);
    expect(triangle({ ...input, untrusted: [] })).toMatchObject({ foreignText: false, closed: false });
  });

  it('more freedom is never less risk; a control never adds any', () => {
    fc.assert(fc.property(legal, (given) => {
      const risk = (autonomy: AgentDesignReviewInput['autonomy']) => threatsOf({ ...given, autonomy }).reduce((sum, threat) => sum + threat.risk, 0);
      expect(risk('acts_alone')).toBeGreaterThanOrEqual(risk('asks_first'));
      for (const threat of threatsOf(given)) { expect(threat.residual).toBeLessThanOrEqual(threat.risk); expect(threat.risk).toBe(threat.likelihood * threat.impact); }
    }), { numRuns: 30 });
    expect([15, 8, 7].map(level)).toEqual(['high', 'medium', 'low']);
  }, 30_000);
});

describe('files', () => {
  it('every preset gives whole files, the panel has points, and the pictures are well formed', () => {
    for (const preset of definition.presets) {
      const given = definition.input.parse(preset.inputs);
      const draft = draftOf(given);
      const files = assembleFiles({ provider: 'demo' }, given, { ...draft, design: 'So.', findings: [{ reviewer: 'cost', severity: 'high', finding: 'x', consequence: 'The consequence is y', proposal: 'z [cost1] [m1]' }] }, 'full', null);
      expect(files.map((file) => file.fileName)).toEqual(Object.values(definition.artifacts).map((artifact) => artifact.fileName));
      for (const file of files) { expectFormat(file.fileName, file.content); expect(file.content).not.toMatch(/undefined|NaN|\[cost1\]/); }
      for (const reviewer of REVIEWERS) expect(pointsOf(reviewer, given, bestPattern(draft.options), draft.threats).length, reviewer).toBeGreaterThan(0);
    }
  });

  it('hostile names stay inside their cell and picture', () => {
    const given = { ...input, system_name: '<b>x</b>', requirements: `${'a'.repeat(50)}\n# z`, tools: [{ name: '</text><script>\n## y', effect: 'sends_out' as const, data: 'secret' as const }] };
    for (const file of assembleFiles({ provider: 'demo' }, given, draftOf(given), 'test', 'Cut.')) { expectFormat(file.fileName, file.content); if (file.fileName.endsWith('.md')) expect(file.content).not.toMatch(/^#{1,2} [yz]/m); if (file.fileName.endsWith('.svg')) expect(file.content).not.toContain('<script'); }
    expect(sequenceMermaid(given, 'agent_loop').split('\n').every((line) => !line.includes('<'))).toBe(true);
    expect(contextSvg('x', given, 'y')).toMatch(/^<svg /);
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'full', null)).toEqual([]);
  });

  it('says when nothing keeps the limits', () => {
    expect(decisions(draftOf({ ...input, latency_seconds: 1 })).pattern).toContain('No option keeps');
  });
});
