import { describe, expect, it } from 'vitest';
import { needsFile, needsWords, ratingWords, readsWords, typicalWords } from './workflow-words';

describe('a workflow in words', () => {
  it('typical use is of the reader\'s own runs, or none yet', () => {
    expect(typicalWords({ typical: null })).toBe('no runs yet');
    expect(typicalWords({ typical: { run_mode: 'full_run', simulated: false, runs: 4, seconds: 72, cost_usd_micros: 31_200 } })).toBe('1 min 12 s, $0.03 · median of your 4 Full runs');
    expect(typicalWords({ typical: { run_mode: 'test_run', simulated: true, runs: 1, seconds: 4.2, cost_usd_micros: 0 } })).toBe('4.2 s, no cost with the demo · your one Test run');
    expect(typicalWords({ typical: { run_mode: 'full_run', simulated: false, runs: 2, seconds: 1, cost_usd_micros: null } })).toContain('price unknown');
  });
  it('ratings are told once there are any, and a needed file is known', () => {
    expect(ratingWords({ ratings: { good: 0, poor: 0 } })).toBeNull();
    expect(ratingWords({ ratings: { good: 3, poor: 1 } })).toBe('3 of 4 results rated good');
    expect(needsFile({ uploads: [{ field: 'f', title: 'F', accept: ['csv'], required: false }] })).toBe(false);
  });
  it('files that may come along are one line, whatever fields take them', () => {
    expect(readsWords({ uploads: [{ field: 'paper', title: 'Paper', accept: ['pdf'], required: true }] })).toBeNull();
    expect(readsWords({ uploads: [{ field: 'a', title: 'Upload', accept: ['json', 'csv'], required: false }, { field: 'b', title: 'File', accept: ['csv', 'pdf'], required: false }] })).toBe('if you like, files of yours (PDF, CSV, or JSON)');
  });
  it('needs are files, a Test and a yes', () => {
    expect(needsWords({ uploads: [], full_approval: null, requires_prior_evidence: false })).toEqual([]);
    expect(needsWords({ uploads: [{ field: 'data_file', title: 'Upload', accept: ['csv', 'json'], required: false }, { field: 'paper', title: 'Paper', accept: ['pdf'], required: true }], full_approval: { approvers: 2, role: 'admin' }, requires_prior_evidence: true })).toEqual([
      'a file for “Paper” (PDF)', 'a passed Test before Full', '2 times a yes of an administrator before Full',
    ]);
  });
});
