import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { UploadWire } from '#contracts/api/uploads.schema';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';

/** Files through the whole house: uploaded over the API, named in the inputs of a run, read by its tools. */
let engine: Engine;
let api: ApiUnderTest;
let person: { id: string; token: string };
beforeAll(async () => {
  engine = await startEngine();
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', ARTIFACTS_URL: `file:${path.join(engine.config.home, 'artifacts')}`, WORKER_TASK_QUEUE: engine.taskQueue, DEMO_BASE_URL: `${engine.simulator.url}/v1` });
  person = await api.person('researcher');
});
afterAll(async () => { await api.close(); await engine.close(); });

async function upload(content: string | Uint8Array, fileName: string): Promise<UploadWire> {
  const reply = await api.call('POST', `/api/v1/uploads?file_name=${encodeURIComponent(fileName)}`, { as: person.token, raw: content, headers: { 'Content-Type': 'application/octet-stream' } });
  expect([reply.status, reply.status < 300 ? '' : (reply.body as Problem).detail]).toEqual([201, '']);
  return reply.body;
}
/** The most that is taken; in the short form enough that holding the file in memory would show. */
const BIG_MB = process.env['FAULTS'] === 'full' ? 104 : 26;
const start = (slug: string, inputs: object, mode = 'full_run') => api.call('POST', '/api/v1/runs', { as: person.token, json: { workflow_id: slug, run_mode: mode, provider: 'demo', inputs } });
async function finished(slug: string, inputs: object, mode?: string): Promise<{ id: string; view: Awaited<ReturnType<Engine['finished']>> }> {
  const reply = await start(slug, inputs, mode);
  expect([reply.status, reply.status < 300 ? null : reply.text]).toEqual([201, null]);
  const { id } = reply.body as { id: string };
  return { id, view: await engine.finished(id) };
}
const profile = (file: string) => ({ purpose: 'Weekly report of what was sold', data_file: file });

describe('a file that was uploaded', () => {
  it('gives the figures of Ask my data, recomputed here', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => ({ plant: ['Lyon', 'Turin', 'Graz'][index % 3] as string, scrapped: (index * 37) % 101 }));
    const file = await upload(`plant,scrapped\n${rows.map((row) => `${row.plant},${row.scrapped}`).join('\n')}\n`, 'scrap.csv');
    const { id, view } = await finished('ask_my_data', { question: 'How much was scrapped in each plant?', data_file: file.id, measure_column: 'scrapped', group_column: 'plant', aggregate: 'sum' });
    expect([view.status, view.error]).toEqual(['completed', null]);
    const expected = Map.groupBy(rows, (row) => row.plant);
    const figures = (await engine.readArtifact(id, 'figures.csv')).trim().split('\r\n').slice(1).map((line) => line.split(',').slice(0, 3));
    expect(figures.toSorted()).toEqual([...expected].map(([plant, some]) => [plant, String(some.reduce((sum, row) => sum + row.scrapped, 0)), String(some.length)]).toSorted());
  });

  it('may be JSON or a document that a table tool does not take: the start says so', async () => {
    const json = await upload('[{"a":1,"b":"x"},{"a":3,"b":"y"}]', 'rows.json');
    const { view } = await finished('dataset_contract', profile(json.id), 'test_run');
    expect(view.status).toBe('completed');
    const pdf = await upload('%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R /Encrypt 2 0 R>>', 'locked.pdf');
    const refused = await start('dataset_contract', profile(pdf.id));
    expect([refused.status, (refused.body as Problem).errors]).toEqual([400, [{ pointer: '#/inputs/data_file', detail: 'takes CSV, JSON, Parquet; locked.pdf is PDF' }]]);
    const nothing = await start('dataset_contract', { purpose: 'Weekly report of what was sold' });
    expect([nothing.status, (nothing.body as Problem).errors]).toEqual([400, [{ pointer: '#/inputs/data_csv', detail: 'is needed: paste rows here, or upload a file; a Test takes a few rows of the address too' }]]);
  });
});

describe('a column that the table does not have', () => {
  const rows = 'region, amount\nNorth, 10\nSouth, 12';
  const question = 'What did each region sell?';
  const refusal = async (slug: string, inputs: object): Promise<unknown[]> => {
    const { status, body } = await start(slug, inputs, 'test_run');
    return [status, (body as Problem).errors, (body as Problem).remedy];
  };
  it('is refused at its field before anything is spent: of pasted rows, of an upload, of a list and of a table', async () => {
    const before = await api.deps.db.run.count();
    expect(await refusal('ask_my_data', { question, data_csv: rows, group_column: 'plant' })).toEqual([400, [{ pointer: '#/inputs/group_column', detail: 'The table has no column "plant". It has region, amount' }], 'Name one of its columns: region, amount.']);
    const file = await upload('plant;scrapped\nLyon;3\n', 'scrap.csv');
    expect(await refusal('ask_my_data', { question, data_csv: rows, data_file: file.id, group_column: 'region' })).toEqual([400, [{ pointer: '#/inputs/group_column', detail: 'The table has no column "region". It has plant, scrapped' }], 'Name one of its columns: plant, scrapped.']);
    const [status, errors] = await refusal('ab_test_readout', { hypothesis: 'Fewer steps mean more orders per visitor.', results_csv: 'variant,visitors,orders\na,100,9\nb,100,12', segment_columns: ['device'], guardrails: [{ column: 'contacts', worse_is: 'higher', limit_percent: 5 }] });
    expect([status, (errors as { pointer: string }[]).map(({ pointer }) => pointer)]).toEqual([400, ['#/inputs/segment_columns/0', '#/inputs/guardrails/0/column']]);
    expect(await api.deps.db.run.count()).toBe(before);
  });
  it('is found in any case, and the figures are there', async () => {
    const { id, view } = await finished('ask_my_data', { question, data_csv: rows, group_column: 'REGION', measure_column: 'Amount', aggregate: 'sum', practice: false });
    expect([view.status, (await engine.readArtifact(id, 'figures.csv')).trim().split('\r\n').slice(1).toSorted()]).toEqual(['completed', ['North,10,1,true', 'South,12,1,true']]);
  });
});

describe('a file that is not what it should be', () => {
  it('broken quotes, old encodings and formulas: the profile says what was left out', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `n${index},${index}`).join('\n');
    const file = await upload(Buffer.concat([Buffer.from(`name,value\n${lines}\nJörg,1\n`), Buffer.from('Ren\u00e9,2\n', 'latin1'), Buffer.from('=cmd(),3\nonly-one,4,5,6\n"open quote,7\n')]), 'torn.csv');
    const { id, view } = await finished('dataset_contract', profile(file.id));
    expect([view.status, view.error]).toEqual(['completed', null]);
    const report = await engine.readArtifact(id, 'profile.md');
    expect(report).toMatch(/Not readable: \d rows?/);
    expect(report).toContain('formula');
    expect(view.stages.flatMap((stage) => stage.steps).flatMap((step) => step.tools).map((tool) => tool.summary).join('\n')).toMatch(/lines? could not be read, some lines were in an older encoding/);
  });

  it('a torn Parquet file: the run ends, says it, and keeps its report', async () => {
    const file = await upload(Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(500, 7)]), 'torn.parquet');
    const { id, view } = await finished('ask_my_data', { question: 'What did each region sell?', data_file: file.id, aggregate: 'count' });
    expect(view.status).toBe('completed');
    expect(await engine.readArtifact(id, 'memo.md')).toMatch(/The table could not be profiled: The Parquet file cannot be read/);
  });

  it('gone before it was read: the report says to upload it again', async () => {
    const file = await upload('a,b\n1,2\n', 'gone.csv');
    const { id, view } = await finished('ask_my_data', { question: 'How many rows are there?', data_file: file.id, aggregate: 'count' }, 'test_run');
    expect(view.status).toBe('completed');
    await api.deps.db.upload.delete({ where: { id: file.id } });
    const again = await engine.start({ slug: 'ask_my_data', mode: 'test_run', input: { data_file: file.id }, request: { userId: person.id } });
    expect((await engine.finished(again.runId)).status).toBe('completed');
    expect(await engine.readArtifact(again.runId, 'memo.md')).toMatch(/There is no such upload: it was deleted/);
    expect(id).not.toBe(again.runId);
  });

  it('somebody else\'s, named by a run that never went through the API: absent for its tools as well', async () => {
    // Words, not digits: a report names digests and ids, and any four digits are in one of them some day.
    const file = await upload('planted_column,b\nplanted_value,2\n', 'mine.csv');
    const { runId } = await engine.start({ slug: 'dataset_contract', mode: 'test_run', input: { data_file: file.id } });
    expect((await engine.finished(runId)).status).toBe('completed');
    const texts = await Promise.all((await engine.view(runId)).artifacts.map((artifact) => engine.readArtifact(runId, artifact.fileName)));
    expect(texts.join('\n')).toMatch(/There is no such upload/);
    expect(texts.join('\n')).not.toContain('planted_');
  });

  it(`${BIG_MB} MB of CSV are kept and profiled in bounded memory`, async () => {
    const line = (row: number): string => `${row},${['north', 'south'][row % 2]},${row % 1000},some words that make the line as long as real ones are\n`;
    const block = Array.from({ length: 10_000 }, (_, row) => line(row)).join('');
    const content = Buffer.from(`id,region,amount,note\n${block.repeat(Math.floor(BIG_MB * 1_000_000 / block.length))}`);
    const file = await upload(content, 'big.csv');
    expect(file.file_size_bytes).toBe(content.length);
    const { id, view } = await finished('ask_my_data', { question: 'How many rows are there?', data_file: file.id, aggregate: 'count' }, 'test_run');
    expect([view.status, view.error, view.capReached]).toEqual(['completed', null, null]);
    const rows = Math.floor(BIG_MB * 1_000_000 / block.length) * 10_000;
    expect(await engine.readArtifact(id, 'figures.csv')).toContain(`,${rows},${rows},true`);
    const tooMuch = await api.call('POST', '/api/v1/uploads?file_name=more.csv', { as: person.token, raw: Buffer.alloc(104_857_601, 'a'), headers: { 'Content-Type': 'application/octet-stream' } }).then(({ status }) => status, () => 'closed');
    expect([413, 'closed']).toContain(tooMuch);
  }, 240_000);
});
