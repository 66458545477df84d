import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveRegistries, type RegistryServer } from './papers/test-registries.ts';
import { arxivOf, doiOf, mergePapers, titleSimilarity, toPaper } from './papers/paper.ts';
import { createTools } from './registry.ts';
import { config, context, noLibrary, pages, serve, type TestServer } from './test-support.ts';
import { runTool, type Tool } from './tool.ts';
import { webId } from './web-address.ts';

let registries: RegistryServer;
let site: TestServer;
let tools: Record<string, Tool>;
beforeAll(async () => {
  registries = await serveRegistries([
    { title: 'ReAct: Synergizing Reasoning and Acting in Language Models', authors: ['Shunyu Yao', 'Jeffrey Zhao'], year: 2022, arxiv: '2210.03629', abstract: 'We explore the use of language models', in: ['arxiv'] },
    { title: 'ReAct: Synergizing Reasoning and Acting in Language Models', authors: ['Shunyu Yao', 'Jeffrey Zhao', 'Dian Yu'], year: 2023, arxiv: '2210.03629', venue: 'ICLR', cited: 900, in: ['openalex'] },
    { title: 'Reasoning in machines: an older survey', authors: ['Ada Old'], year: 1999, doi: '10.1000/survey.1', venue: 'Journal of Surveys', cited: 5, abstract: 'Old reasoning.', in: ['crossref', 'openalex', 'doi'] },
    { title: 'A withdrawn result on reasoning', authors: ['Bo Wrong'], year: 2018, doi: '10.1000/bad.2', venue: 'Journal of Haste', retracted: true, in: ['crossref', 'openalex', 'doi'] },
    { title: 'A data set', authors: [], year: 2020, doi: '10.5281/zenodo.7', in: ['doi'] },
  ]);
  site = await serve(pages({ '/there': { type: 'text/html', body: '<p>x</p>' } }));
  tools = createTools(config({ ...registries.config, AWP_ALLOWED_PRIVATE_HOSTS: [site.host] }), { library: noLibrary });
});
afterAll(async () => { await Promise.all([registries.close(), site.close()]); });
beforeEach(() => { registries.down.clear(); });

const call = async (name: string, args: unknown) => {
  const result = await runTool(tools[name] as Tool, args, context({ capabilities: { tools: [name], hosts: null } }));
  return { ...result, data: result.data as never as { papers: Record<string, unknown>[]; sources: { source: string; outcome: string }[]; exists: string; paper: Record<string, unknown> | null; retracted: boolean | null; retraction: unknown; mismatches: { field: string }[]; resolved_by: string; title_similarity: number } };
};

describe('search_papers', () => {
  it('one entry a paper, with what each registry adds', async () => {
    const { outcome, items, data } = await call('search_papers', { query: 'reasoning' });
    expect(outcome).toBe('ok');
    expect(data.papers.map((paper) => paper['title'])).toHaveLength(3);
    const react = data.papers.find((paper) => paper['arxiv'] === '2210.03629');
    expect(react).toMatchObject({ id: webId('https://arxiv.org/abs/2210.03629'), authors: ['Shunyu Yao', 'Jeffrey Zhao', 'Dian Yu'], year: 2023, venue: 'ICLR', cited_by: 900, retracted: false, abstract: 'We explore the use of language models', sources: ['arxiv', 'openalex'] });
    expect(items.map((item) => item.id)).toEqual(data.papers.map((paper) => paper['id']));
    expect(items.find((item) => item.title.startsWith('A withdrawn'))?.text).toMatch(/^RETRACTED\./);
    expect(data.papers.find((paper) => paper['doi'] === '10.1000/survey.1')).toMatchObject({ abstract: 'Old reasoning.', sources: ['crossref', 'openalex'], url: 'https://doi.org/10.1000/survey.1' });
  });

  it('a registry that is away is named, the others answer; all away is unavailable', async () => {
    registries.down.add('crossref');
    const partial = await call('search_papers', { query: 'reasoning' });
    expect(partial.outcome).toBe('ok');
    expect(partial.summary).toMatch(/on arXiv, OpenAlex for "reasoning"\. Crossref cannot answer now \(503\)\. The list is without it\.$/);
    expect(partial.data.sources.map(({ source, outcome }) => [source, outcome])).toEqual([['arxiv', 'ok'], ['crossref', 'unavailable'], ['openalex', 'ok']]);
    registries.down.add('arxiv').add('openalex');
    expect(await call('search_papers', { query: 'reasoning' })).toMatchObject({ outcome: 'unavailable', items: [] });
  });

  it('years and sources narrow what is asked; wrong years are said', async () => {
    const before = registries.requests.length;
    await call('search_papers', { query: 'reasoning', from_year: 2019, to_year: 2024, sources: ['arxiv', 'crossref'] });
    const asked = registries.requests.slice(before).map((url) => decodeURIComponent(url).replaceAll('+', ' '));
    expect(asked).toHaveLength(2);
    expect(asked.find((url) => url.startsWith('/arxiv'))).toContain('submittedDate:[201901010000 TO 202412312359]');
    expect(asked.find((url) => url.startsWith('/crossref'))).toContain('filter=from-pub-date:2019,until-pub-date:2024');
    expect((await call('search_papers', { query: 'x', from_year: 2020, to_year: 2010 })).summary).toMatch(/from_year is after to_year/);
    expect((await call('search_papers', { query: 'quagga' })).outcome).toBe('empty');
  });
});

describe('resolve_reference', () => {
  it.each(['10.1000/SURVEY.1', 'https://doi.org/10.1000/survey.1', 'doi:10.1000/survey.1'])('%s exists, and what differs is listed', async (doi) => {
    const { data, summary } = await call('resolve_reference', { doi, given: { title: 'Machines that reason', authors: ['Old, Ada', 'Eve Ghost'], year: 2001, venue: 'Journal of Surveys' } });
    expect(data).toMatchObject({ exists: 'yes', resolved_by: 'crossref', retracted: false, retraction: null });
    expect(data.mismatches.map(({ field }) => field)).toEqual(['title', 'year', 'authors']);
    expect(summary).toMatch(/differs in title, year, authors/);
  });

  it('a right reference has no mismatch; a preprint may be a year apart', async () => {
    expect((await call('resolve_reference', { arxiv: 'arXiv:2210.03629v1', given: { title: 'ReAct: synergizing reasoning and acting in language models', authors: ['Yao, S.', 'et al.'], year: 2022 } })).data).toMatchObject({ exists: 'yes', mismatches: [], title_similarity: 1 });
  });

  it('a retraction is told with its notice', async () => {
    const { data, summary } = await call('resolve_reference', { doi: '10.1000/bad.2' });
    expect(data).toMatchObject({ exists: 'yes', retracted: true, retraction: { doi: '10.1000/notice', date: '2021-03-04', source: 'Crossref (retraction-watch)' } });
    expect(summary).toMatch(/RETRACTED/);
  });

  it('what does not exist, what only doi.org knows, and what cannot be told', async () => {
    expect(await call('resolve_reference', { doi: '10.9999/invented.1' })).toMatchObject({ outcome: 'empty', data: { exists: 'no' } });
    expect(await call('resolve_reference', { doi: '10.5281/zenodo.7' })).toMatchObject({ outcome: 'ok', data: { exists: 'yes', resolved_by: 'doi.org', paper: null } });
    expect(await call('resolve_reference', { arxiv: '9901.00001' })).toMatchObject({ data: { exists: 'no' } });
    for (const name of ['arxiv', 'crossref', 'openalex', 'doi']) registries.down.add(name);
    expect(await call('resolve_reference', { doi: '10.1000/survey.1' })).toMatchObject({ outcome: 'unavailable', data: { exists: 'unknown' } });
    expect(await call('resolve_reference', { title: 'Reasoning in machines: an older survey' })).toMatchObject({ outcome: 'unavailable', data: { exists: 'unknown' } });
  });

  it('a title is found when it is nearly the same, and an invented one is not', async () => {
    expect((await call('resolve_reference', { title: 'Reasoning in Machines – an Older Survey' })).data).toMatchObject({ exists: 'yes', paper: { doi: '10.1000/survey.1' } });
    expect((await call('resolve_reference', { title: 'Reasoning in gardens' })).data).toMatchObject({ exists: 'no' });
  });

  it('an address is looked up; a DOI inside one is taken as such; nonsense is refused', async () => {
    expect(await call('resolve_reference', { url: `${site.url}/there` })).toMatchObject({ outcome: 'ok', data: { exists: 'yes', resolved_by: 'url' } });
    expect(await call('resolve_reference', { url: `${site.url}/gone` })).toMatchObject({ outcome: 'empty', data: { exists: 'no' } });
    expect((await call('resolve_reference', { url: 'https://dx.doi.org/10.1000/survey.1' })).data).toMatchObject({ resolved_by: 'crossref' });
    expect(await call('resolve_reference', { url: 'http://169.254.169.254/latest' })).toMatchObject({ outcome: 'failed', summary: 'This address is not on the public internet.' });
    expect((await call('resolve_reference', { doi: 'not a doi' })).summary).toMatch(/is not a DOI/);
    expect((await call('resolve_reference', {})).summary).toMatch(/give at least one/);
  });
});

describe('papers', () => {
  it.each([['https://arxiv.org/pdf/2210.03629v3.pdf', '2210.03629'], ['arXiv:cs/0112017v1', 'cs/0112017'], ['math.GT/0309136', 'math.gt/0309136'], ['10.1000/2210.03629', null], ['hello', null]])('arXiv number of %s', (text, id) => { expect(arxivOf(text)).toBe(id); });
  it.each([['https://doi.org/10.1000%2FAb.1', '10.1000/ab.1'], ['see 10.1000/ab.1).', '10.1000/ab.1'], ['10/ab', null], ['%E0%A4%A', null]])('DOI of %s', (text, id) => { expect(doiOf(text)).toBe(id); });
  it('short titles and far years are not the same paper', () => {
    const paper = (title: string, year: number) => toPaper({ title, authors: [], year, venue: null, doi: null, arxiv: null, abstract: null, cited_by: null, retracted: null }, 'crossref');
    expect(mergePapers([[paper('Introduction', 2000)], [paper('Introduction', 2000)]])).toHaveLength(2);
    expect(mergePapers([[paper('A long enough title here', 2000)], [paper('A Long Enough Title, Here', 2010)]])).toHaveLength(2);
    expect(mergePapers([[paper('A long enough title here', 2000)], [paper('A Long Enough Title, Here', 2001)]])).toHaveLength(1);
    expect(titleSimilarity('a b c', 'c b a d')).toBeCloseTo(6 / 7, 2);
  });
});
