import autocannon from 'autocannon';
import { ended, type Bench } from './bench.ts';
import { median, percentile } from './statistics.ts';

const READERS = 50;
const BUDGET_MS = 100;
/** People who read: 50 readers that ask four times a second each. */
const READER_RATE = 200;

interface Read { key: string; label: string; path: string; headers?: Record<string, string>; expected: 200 | 304; rate?: number }

/** API reads under 50 concurrent readers, each asking again as soon as it is answered: the hardest pace; and at the pace of people. */
export async function measureReads(bench: Bench): Promise<void> {
  const { api } = bench;
  await bench.simulator.delay(0);
  const run = await api.startRun('full_run');
  await ended(bench, run);
  const detail = `/api/v1/runs/${run}`;
  const etag = (await fetch(`${api.url}/api/v1/workflows`, { headers: api.headers })).headers.get('etag');
  if (etag === null) throw new Error('the catalog has no ETag');
  const reads: Read[] = [
    { key: 'list', label: 'list of runs', path: '/api/v1/runs', expected: 200 },
    { key: 'detail', label: 'run detail', path: detail, expected: 200 },
    { key: 'catalog', label: 'catalog', path: '/api/v1/workflows', expected: 200 },
    { key: 'catalog_304', label: 'catalog, unchanged (ETag)', path: '/api/v1/workflows', headers: { 'if-none-match': etag }, expected: 304 },
    { key: 'list_paced', label: 'list of runs, 200 requests/s', path: '/api/v1/runs', expected: 200, rate: READER_RATE },
    { key: 'detail_paced', label: 'run detail, 200 requests/s', path: detail, expected: 200, rate: READER_RATE },
  ];
  for (const read of reads) await measure(bench, read);
}

async function measure({ api, options, record, tell }: Bench, read: Read): Promise<void> {
  tell(`${READERS} readers: ${read.label}`);
  const times: number[] = [];
  const wrong = new Map<number, number>();
  const cannon = autocannon({ url: `${api.url}${read.path}`, connections: READERS, duration: options.readSeconds, headers: { ...api.headers, ...read.headers }, ...(read.rate === undefined ? {} : { overallRate: read.rate }) });
  cannon.on('response', (_client, status, _bytes, ms) => {
    if (status === read.expected) times.push(ms);
    else wrong.set(status, (wrong.get(status) ?? 0) + 1);
  });
  const result = await cannon;
  const trouble = [...wrong].map(([status, count]) => `${count} answers ${status}`).concat(result.errors > 0 ? [`${result.errors} errors`] : []);
  if (trouble.length > 0) throw new Error(`${read.label}: ${trouble.join(', ')}`);
  record({ key: `read.${read.key}.p50`, label: `${read.label}, p50`, unit: 'ms', value: median(times), detail: `${READERS} readers, ${Math.round(times.length / options.readSeconds)} answers/s` });
  record({ key: `read.${read.key}.p95`, label: `${read.label}, p95`, unit: 'ms', value: percentile(times, 0.95), detail: `${READERS} readers, ${times.length} answers`, budget: BUDGET_MS });
}
