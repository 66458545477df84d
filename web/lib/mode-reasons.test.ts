import { describe, expect, it } from 'vitest';
import { modeReasons } from './mode-reasons.ts';

const open = { full_approval: null, requires_prior_evidence: false, is_active: true };
const all = ['workflow:run:validate', 'workflow:run:test', 'workflow:run:full'];
const real = { simulated: false };
const words = (...args: Parameters<typeof modeReasons>) => modeReasons(...args).map(({ blocked, words: text }) => `${blocked ? 'NO ' : ''}${text}`).join(' | ');

describe('what stands before a mode', () => {
  it('nothing before Validate and Test when all is there', () => {
    expect(modeReasons('validate_only', { permissions: all, workflow: open, provider: real })).toEqual([]);
    expect(modeReasons('test_run', { permissions: all, workflow: open, provider: real })).toEqual([]);
  });
  it('a role without Full is told so, and who can change it', () => {
    expect(words('full_run', { permissions: all.slice(0, 2), workflow: open, provider: real })).toMatch(/^NO Your role does not include Full\. An administrator/);
  });
  it('Full says what comes before it', () => {
    expect(words('full_run', { permissions: all, workflow: open, provider: real })).toMatch(/Runs Test first/);
    expect(words('full_run', { permissions: all, workflow: { ...open, requires_prior_evidence: true, full_approval: { approvers: 2, role: 'admin' } }, provider: { simulated: true } })).toMatch(/Needs a passed Test.*2 people \(admin\) say yes.*demo provider/);
  });
  it('a workflow that is switched off starts nothing', () => {
    expect(words('validate_only', { permissions: all, workflow: { ...open, is_active: false }, provider: real })).toMatch(/^NO An administrator switched/);
  });
});
