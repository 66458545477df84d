import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { addDays, assess, coverage, daysBetween, gapsOf, riskClass } from './assess.ts';
import { CONTROL_IDS, controlLabel, controlOfLabel } from './controls.ts';
import { controlsMapDefinition as definition, type ControlsMapInput } from './definition.ts';
import { assembleFiles, newDraft, type Draft } from './files.ts';

const TODAY = '2026-11-25';
const input = definition.input.parse(definition.presets[0]?.inputs);
const legal = legalInputs(definition) as fc.Arbitrary<ControlsMapInput>;
const draftOf = (given: ControlsMapInput): Draft => ({ ...newDraft(), date: TODAY, risk: riskClass(given), rows: assess(given, TODAY) });
const row = (control: string, change: Partial<ControlsMapInput> = {}) => assess({ ...input, ...change }, TODAY).find((each) => each.control === control);

describe('the class', () => {
  it('follows from area and contact with people', () => {
    const facts = { use_area: 'general', talks_to_people: false, synthetic_media: false };
    expect(riskClass({ ...facts, use_area: 'employment' }).class).toBe('high');
    expect(riskClass({ ...facts, talks_to_people: true }).class).toBe('transparency');
    expect(riskClass(facts).class).toBe('minimal');
  });
});

describe('the assessment', () => {
  it('a control without dated, fresh evidence is half in place', () => {
    expect(row('C1')).toMatchObject({ status: 'in_place', priority: 0, due: null, ageDays: 56 });
    expect(row('C6')).toMatchObject({ stated: 'in_place', status: 'partly', remarks: [expect.stringContaining('620 days old')] });
    expect(row('C6', { evidence_max_age_days: 1_095 })).toMatchObject({ status: 'in_place' });
    expect(row('C1', { controls: [{ control: 'C1', status: 'in_place', owner: 'x', evidence: 'y', evidence_date: '2027-01-01' }] })).toMatchObject({ status: 'partly' });
    expect(row('C5')).toMatchObject({ status: 'missing', need: 'required', priority: 6, due: '2026-12-25' });
  });

  it('a control is found again by its label', () => { expect(CONTROL_IDS.map((id) => controlOfLabel(controlLabel(id)))).toEqual([...CONTROL_IDS]); });

  it('days are counted over leap years and the change of the clock', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    fc.assert(fc.property(fc.integer({ min: 0, max: 4000 }), (days) => { expect(daysBetween('2020-01-01', addDays('2020-01-01', days))).toBe(days); }));
  });

  it('coverage counted by hand, gaps in order, for any legal input', () => {
    fc.assert(fc.property(legal, (given) => {
      const rows = assess(given, TODAY);
      expect(rows.map((each) => each.control)).toEqual([...CONTROL_IDS]);
      const gaps = gapsOf(rows);
      expect(gaps.map((each) => each.priority)).toEqual(gaps.map((each) => each.priority).toSorted((a, b) => b - a));
      expect(gaps.length + rows.filter((each) => each.status === 'in_place').length).toBe(12);
      for (const { framework, asked, share } of coverage(rows, given.frameworks)) {
        const mine = rows.filter((each) => each.refs.some((ref) => ref.framework === framework));
        expect(asked).toBe(mine.length);
        expect(share * mine.length).toBeCloseTo(mine.reduce((sum, each) => sum + { in_place: 1, partly: 0.5, missing: 0 }[each.status], 0), 9);
      }
    }), { numRuns: 40 });
  }, 30_000);

  it('more freedom and more delicate data never need less', () => {
    const needs = (change: Partial<ControlsMapInput>) => assess({ ...input, use_area: 'general', ...change }, TODAY).filter((each) => each.need === 'required').length;
    expect(needs({ machine_alone: true })).toBeGreaterThan(needs({ machine_alone: false }));
    expect(needs({ personal_data: 'special' })).toBeGreaterThan(needs({ personal_data: 'none' }));
    expect(needs({ use_area: 'credit' })).toBeGreaterThan(needs({}));
  });
});

describe('files', () => {
  it('every preset gives whole files, signed and unsigned', () => {
    for (const preset of definition.presets) {
      const given = definition.input.parse(preset.inputs);
      for (const signed of [null, { decision: 'not_signed' as const }, { decision: 'accept_with_conditions' as const, name: 'A\n# B', conditions: '=1+1' }]) {
        const files = assembleFiles({ provider: 'demo' }, given, { ...draftOf(given), signed, reading: 'So.', duties: [{ quote: '=x | y\n## z shall be', control: 'C5', source: 'm1' }], tests: { C5: { test: 'The test is to x', shown_by: '=y' } } }, 'full', null);
        expect(files.map((file) => file.fileName)).toEqual(['gaps.md', 'matrix.csv', 'evidence.csv', 'coverage.svg']);
        for (const file of files) { expectFormat(file.fileName, file.content); expect(file.content).not.toMatch(/undefined|NaN/); }
        expect(files[0]?.content).not.toMatch(/^#{1,2} [Bz]/m);
        expect(files[0]?.content).toContain(signed === null ? 'The run ended before the question' : signed.decision === 'not_signed' ? '**Not signed.**' : 'Signed off under conditions');
      }
    }
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'full', null)).toEqual([]);
  });
});
