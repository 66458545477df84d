import type { ToolResult } from '#contracts/workflow';
import type { StageContext } from '../stages/run-stages.ts';
import type { Step } from '../stages/step.ts';

export interface MaterialWish { query: string; /** items wanted; up to two more may come */ limit: number; /** names of tools the person ticked; `library_search` alone when left out */ tools?: readonly string[]; /** one section a document: for a survey */ onePerDocument?: boolean }

/** Library first; the network only in Full and only with the tools that were ticked. Nothing found is an outcome that the step
 * says aloud, never an exception. */
export async function findMaterial(context: Pick<StageContext<unknown>, 'stage'>, step: Step, wish: MaterialWish): Promise<ToolResult['items']> {
  const { query, limit } = wish;
  const tools = new Set(wish.tools ?? ['library_search']);
  const results: ToolResult[] = [];
  if (tools.has('library_search')) results.push(await step.tool('library_search', { query, limit, ...(wish.onePerDocument ? { one_per_document: true } : {}) }));
  if (context.stage === 'full' && tools.has('web_search')) results.push(...await searchWeb(step, query, limit, tools));
  const items = results.flatMap((result) => result.items).slice(0, limit + 2);
  step.summarise(items.length > 0 ? `Kept ${items.length}: ${items.map((item) => item.title).join('; ')}.` : results.map((result) => result.summary).join(' ') || 'No search tool was ticked, so there is no material to read.');
  return items;
}

/** The best hit is read whole when reading is allowed. */
async function searchWeb(step: Step, query: string, limit: number, tools: ReadonlySet<string>): Promise<ToolResult[]> {
  const found = await step.tool('web_search', { query, limit });
  const [best] = found.items;
  if (!best?.url) return [found];
  const isPdf = best.url.toLowerCase().endsWith('.pdf');
  if (isPdf ? !tools.has('read_pdf') : !tools.has('fetch_url')) return [found];
  const page = await step.tool(isPdf ? 'read_pdf' : 'fetch_url', { url: best.url });
  return page.outcome === 'ok' ? [page, { ...found, items: found.items.slice(1) }] : [found];
}
