import { describe, expect, it } from 'vitest';
import { createProfileData, createQueryData, createValidateData } from '#activities/tools/data-tools';
import { runTool, type Tool } from '#activities/tools/tool';
import type { ProfileData, QueryData, ValidateData } from '#contracts/data-tools';
import { datasetContractDefinition } from '../dataset-contract/definition.ts';
import { rulesFrom } from '../dataset-contract/rules.ts';
import { figuresOf, groupedSql, inCode, rowsSql, same, settle, windowSql } from './calculate.ts';
import { ORDERS } from './samples.ts';

/** Both workflows of this table shape against the data tools themselves. */
const none = { find: () => Promise.resolve(null) };
const tools: Record<string, Tool> = { profile_data: createProfileData(none), query_data: createQueryData(none), validate_data: createValidateData(none) };
async function dataOf<T>(name: string, args: Record<string, unknown>): Promise<T> {
  const result = await runTool(tools[name] as Tool, args, { owner: { userId: 'u', runId: 'r' }, signal: new AbortController().signal, capabilities: { tools: [name], hosts: null } });
  expect([name, result.outcome, result.summary]).toEqual([name, 'ok', expect.any(String)]);
  return result.data as T;
}
const rowsOf = async (sql: string) => (await dataOf<QueryData>('query_data', { csv: ORDERS, sql, max_rows: 1000 })).rows;

describe('on data', { timeout: 120_000 }, () => {
  it('all three ways of a calculation give the same figures', async () => {
    for (const aggregate of ['count', 'median'] as const) {
      const calculation = { aggregate, measure: aggregate === 'count' ? null : 'amount_eur', group: 'region' };
      const [grouped, windows, code] = [figuresOf(await rowsOf(groupedSql(calculation))), figuresOf(await rowsOf(windowSql(calculation))), inCode(await rowsOf(rowsSql(calculation)), aggregate)];
      expect(settle([grouped, windows]).every(({ agreed }) => agreed), aggregate).toBe(true);
      expect(settle([grouped, code]).every(({ agreed }) => agreed), aggregate).toBe(true);
    }
  });

  it('the sum of a region is what the lines of the file say', async () => {
    const north = ORDERS.split('\n').slice(1).map((line) => line.split(',')).filter((cells) => cells[2] === 'North' && cells[5]).reduce((sum, cells) => sum + Number(cells[5]), 0);
    const figures = figuresOf(await rowsOf(groupedSql({ aggregate: 'sum', measure: 'amount_eur', group: 'region' })));
    expect(same(figures.find(({ group }) => group === 'North')?.value ?? null, north)).toBe(true);
  });

  it.each(datasetContractDefinition.presets.map((preset) => [preset.key, preset.inputs] as const))('rules of the preset %s run on its rows', async (key, inputs) => {
    const input = datasetContractDefinition.input.parse(inputs);
    const profile = await dataOf<ProfileData>('profile_data', { csv: input.data_csv, ...(input.target_column ? { target: input.target_column } : {}) });
    const rules = rulesFrom(profile, input);
    const proof = await dataOf<ValidateData>('validate_data', { csv: input.data_csv, rules });
    expect(proof.rules.filter((rule) => rule.outcome === 'error')).toEqual([]);
    // The repeated customer breaks the key of the first; the second holds what it was made from.
    expect(proof.rules.find((rule) => rule.id === 'key')?.outcome).toBe(key === 'churn' ? 'failed' : 'passed');
    // Exactly the faults that were put into the samples.
    expect(proof.rules.filter((rule) => rule.outcome === 'failed').map((rule) => rule.violations)).toEqual(key === 'churn' ? [1, 2, 1] : [1, 1]);
  });
});
