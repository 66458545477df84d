import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import { clip } from '#contracts/material';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { CRITERIA, grouped, sensitivity, weightsOf, winnerOf, type Option } from './choice.ts';
import type { Evidence, Objections, VectorStoreDecisionInput } from './definition.ts';
import { capacity, exactScan, vectorsAt } from './sizing.ts';
import { STORES, STORES_REVIEWED, type StoreId } from './stores.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { date: string; options: Option[]; checked: number; evidence: (Evidence & { store: StoreId; sources: string[] })[]; objections: Objections['objections']; reason: string; plan: string; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ date: '', options: [], checked: 0, evidence: [], objections: [], reason: '', plan: '', trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

const gb = (value: number): string => (value < 0.1 ? `${(value * 1000).toFixed(1)} MB` : `${value.toFixed(value < 10 ? 2 : 1)} GB`);
const usd = (value: number | null): string => (value === null ? 'no price' : grouped(value));
const titleOf = (store: StoreId | null): string => (store ? STORES[store].title : 'nobody');

/** The outcome of the rules in one sentence. */
export function decisionWords(options: readonly Option[]): string {
  const winner = winnerOf(options);
  if (!winner) return options.length === 0 ? 'Nothing was weighed.' : 'Every candidate is out; loosen a constraint or add a candidate.';
  const others = options.filter((option) => option !== winner && option.excluded.length === 0).toSorted((a, b) => b.total - a.total);
  return `Take ${titleOf(winner.store)}${winner.horizon ? ` with ${winner.horizon.layout} vectors` : ''}: ${winner.total.toFixed(0)} of 100 points${others[0] ? `, before ${titleOf(others[0].store)} with ${others[0].total.toFixed(0)}` : ', the only one that meets every constraint'}.`;
}

/** Sizes as sentences that can be cited. */
export function sizingText(input: VectorStoreDecisionInput, options: readonly Option[]): string {
  const scan = exactScan(input, 'horizon');
  return [
    `Today there are ${grouped(input.vectors)} vectors of ${input.dimensions} dimensions; in ${input.horizon_months} months, at ${input.growth_percent} % growth a year, there are ${grouped(vectorsAt(input, 'horizon'))}.`,
    ...options.flatMap(({ store, now, horizon, usdMonth }) => (now && horizon ? [`${titleOf(store)} with ${horizon.layout} numbers needs ${gb(now.memoryGb)} of memory today and ${gb(horizon.memoryGb)} at the horizon, on ${horizon.machines} ${horizon.machines === 1 ? 'machine' : 'machines'} with all copies${usdMonth === null ? ', and no price was given for it' : `, for ${usd(usdMonth)} dollars a month`}.`] : [`${titleOf(store)} offers no index for these vectors.`])),
    `Exact search without an index reads ${gb(scan.gb)} a query at the horizon, which takes about ${scan.ms.toFixed(scan.ms < 10 ? 1 : 0)} ms at ${input.scan_gb_per_second} GB a second.`,
  ].join('\n');
}

export function choiceText(input: VectorStoreDecisionInput, options: readonly Option[]): string {
  const { cost, operations, features, exit } = weightsOf(input);
  return [
    decisionWords(options), `The weights are ${cost} for cost, ${operations} for operations, ${features} for features and ${exit} for the way out.`,
    ...options.map((option) => (option.excluded.length > 0 ? `${titleOf(option.store)} is out because it ${option.excluded.join(', and it ')}.` : `${titleOf(option.store)} meets every constraint and has ${option.total.toFixed(0)} of 100 points.`)),
  ].join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: VectorStoreDecisionInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.options.length === 0) return [];
  const chosen = winnerOf(draft.options);
  const rows = draft.options.flatMap((option) => [option.now, option.horizon].flatMap((sized) => (sized ? [{ sized, option }] : [])));
  const files: OutputFile[] = [{ key: 'adr', fileName: 'adr.md', mimeType: 'text/markdown', content: record(request, input, draft, stage, remark), summary: decisionWords(draft.options) }];
  if (rows.length > 0) {
    files.push({
      key: 'sizing', fileName: 'sizing.csv', mimeType: 'text/csv', summary: `${rows.length} rows, today and in ${input.horizon_months} months`,
      content: toCsv(['store', 'when', 'layout', 'vectors', 'bytes_per_vector', 'memory_gb', 'disk_gb', 'machines_one_copy', 'machines_all_copies', 'fits', 'usd_month', 'cost_from', 'excluded'], rows.map(({ sized, option }) => [STORES[sized.store].title, sized.when, sized.layout, sized.vectors, sized.bytesPerVector, round(sized.memoryGb), round(sized.diskGb), sized.nodes, sized.machines, sized.fits, sized.when === 'horizon' ? round(option.usdMonth) : round(sized.usdMonth), sized.when === 'horizon' ? option.costFrom : 'your unit prices', option.excluded.join('; ')])),
    });
  }
  if (draft.plan) files.push({ key: 'migration', fileName: 'migration.md', mimeType: 'text/markdown', content: migration(request, input, draft, stage, remark), summary: `To ${titleOf(chosen?.store ?? null)} and out again` });
  const bars = draft.options.flatMap(({ store, horizon }) => (horizon ? [{ label: STORES[store].title, value: horizon.memoryGb }] : []));
  if (bars.length > 0) files.push({ key: 'chart', fileName: 'memory.svg', mimeType: 'image/svg+xml', content: barChart({ title: `Memory of one copy in ${input.horizon_months} months`, yLabel: 'GB' }, bars), summary: 'One copy, with headroom' });
  return files;
}

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000);

/** The column's heading says it already. */
const bare = (text: string): string => text.replace(/^(?:(?:strength of|weakness of|to measure with) [^:]{1,40}: |the consequence is |the cheapest check is )/i, '');

function record(request: Pick<RunRequest, 'provider'>, input: VectorStoreDecisionInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { options } = draft;
  const winner = winnerOf(options);
  const scan = exactScan(input, 'horizon');
  const room = winner ? capacity(winner.store, input) : null;
  return page([
    `# Decision record: vector store for ${clip(oneLine(input.use_case), 80)}`,
    stamps(request, stage, 'two candidates. A Full run weighs all of them and reads more evidence.', remark),
    bullets([`Status: proposed${draft.date ? `, ${draft.date}` : ''}`, `Deciders: ${input.deciders || 'not named yet'}`, `Holds for: ${input.horizon_months} months`]),
    bullets(draft.trouble),
    section('Context', `${oneLine(input.use_case)}\n\n${table(['What', 'Value'], [['Vectors today', grouped(input.vectors)], [`Vectors in ${input.horizon_months} months`, grouped(vectorsAt(input, 'horizon'))], ['Dimensions', input.dimensions], ['Queries a second at peak', input.queries_per_second], ['Latency limit, p95', `${input.p95_ms} ms`], ['Recall wanted', `${input.recall_percent} %`], ['Filters', input.filtering], ['Hybrid search', input.hybrid ? 'yes' : 'no'], ['Tenants', input.tenants], ['May run', input.hosting.join(', ').replaceAll('_', ' ')], ['Budget a month', input.budget_usd_month === 0 ? 'no limit' : `${grouped(input.budget_usd_month)} dollars`]])}`),
    section('Decision', `**${decisionWords(options)}**`),
    draft.reason && section('Reason', body(draft.reason)),
    section('Options', table(['Store', 'Cost', 'Operations', 'Features', 'Way out', 'Points', 'Out because it'], options.toSorted((a, b) => Number(a.excluded.length > 0) - Number(b.excluded.length > 0) || b.total - a.total).map((option) => [titleOf(option.store), ...CRITERIA.map((key) => option.scores[key].toFixed(2)), option.total.toFixed(0), option.excluded.join('; ') || '—']))),
    section('Sizes and cost', table(['Store', 'Layout', 'Memory today', 'Memory at the horizon', 'Disk', 'Machines', 'Dollars a month', 'Price from'], options.map(({ store, now, horizon, usdMonth, costFrom }) => [titleOf(store), horizon?.layout, now ? gb(now.memoryGb) : null, horizon ? gb(horizon.memoryGb) : null, horizon ? gb(horizon.diskGb) : null, STORES[store].hosting === 'managed' ? 'the vendor’s' : horizon?.machines, usd(usdMonth), costFrom]))),
    room !== null && winner && `The winner holds up to ${grouped(room)} vectors on these machines in the densest layout allowed. ${room >= vectorsAt(input, 'horizon') ? `That is ${(room / vectorsAt(input, 'horizon')).toFixed(1)} times the horizon.` : ''}`,
    section('Is an index needed at all?', `${scan.ms <= input.p95_ms / 2 && scan.busy <= 0.7 ? 'Perhaps not' : 'Yes'}: exact search at the horizon reads ${gb(scan.gb)} a query, about ${scan.ms.toFixed(scan.ms < 10 ? 1 : 0)} ms on its own, and ${input.queries_per_second} queries a second keep ${scan.busy < 10 ? scan.busy.toFixed(2) : grouped(scan.busy)} readers busy. ${scan.ms <= input.p95_ms / 2 && scan.busy <= 0.7 ? 'Begin with exact search: recall is 100 % and there is nothing to tune.' : `The limit is ${input.p95_ms} ms, so an approximate index earns its keep.`}`),
    draft.evidence.filter(Boolean).length > 0 && section('Evidence', table(['Store', 'For it', 'Against it', 'To measure', 'Read', 'Check at'], draft.evidence.filter(Boolean).map((each) => [titleOf(each.store), ...[each.strength, each.weakness, each.to_measure].map(bare), each.sources.map((id) => `[${id}]`).join(' '), `<${STORES[each.store].docs}>`]))),
    draft.objections.length > 0 && section('The devil’s advocate', table(['Objection', 'Then', 'Cheapest check'], draft.objections.map((each) => [each.objection, bare(each.consequence), bare(each.check)]))),
    section('What would change the decision', table(['Change', 'Winner', 'Same'], sensitivity(options, { ...input, candidates: options.map((option) => option.store) }).map((each) => [each.change, titleOf(each.winner), each.same ? 'yes' : 'no']))),
    section('Assumptions', bullets([
      `Memory of a vector = dimensions × bytes a number + 2 × M × 4 bytes of links, M = ${input.recall_percent >= 97 ? 32 : 16}; headroom ${input.headroom_percent} %; 1 GB = 10⁹ bytes.`,
      `Cost = machines × memory × ${input.usd_per_gb_memory} + disk × ${input.usd_per_gb_disk} dollars a GB and month, as entered. People and network are not in it.`,
      `Cost points = cheapest ÷ own; a store without a price has none. Operations and way-out grades are those of the property table of ${STORES_REVIEWED}; what runs already counts 1.`,
      `${draft.checked} figures were worked out a second time by the calculator. Latency and recall cannot be calculated: they have to be measured.`,
    ])),
    draft.sources.markdown([body(draft.reason)]),
    nextSteps([
      stage === 'test' && 'Run Full to weigh all candidates.',
      !winner && 'Loosen the constraint that sorts out most, or add a candidate.',
      winner && `Load ${grouped(Math.min(input.vectors, 1_000_000))} of your own vectors into ${titleOf(winner.store)} and measure recall@10 against exact search, p95 with filters, and the time to build.`,
      winner && 'Rehearse backup, restore and deletion before the first user.',
      options.some((option) => option.usdMonth === null) && 'Get a quote for the stores without a price and run again.',
      'Check licence, limits and prices in the makers’ documents on the day you sign.',
    ]),
  ]);
}

/** The same order for every store: build beside, feed both, compare, switch, keep, remove. */
function phases(input: VectorStoreDecisionInput, to: string): [string, string][] {
  const from = input.current_store === 'none' ? null : STORES[input.current_store].title;
  return [
    ['Give each chunk an id of its own, and store source, model name and model version with it', 'a record can be rebuilt from its source alone'],
    [from && from !== to ? `Build ${to} beside ${from} from the source, not from ${from}` : `Build ${to} from the source`, `${grouped(input.vectors)} vectors are in`],
    [from && from !== to ? 'Write to both' : 'Take up new and deleted chunks as they come', 'a deleted document is gone from the index within the time promised'],
    ['Ask both the same 100 questions, with the filters of every day', `recall@10 is at least ${input.recall_percent} % of exact search`],
    [from && from !== to ? `Switch reading to ${to} by a flag, for 5 % of the queries first` : 'Open it for 5 % of the users first', `p95 is at most ${input.p95_ms} ms at ${input.queries_per_second} queries a second`],
    [from && from !== to ? `Keep ${from} fed for two weeks, then remove it` : 'Rehearse restore and a rebuild from nothing', 'both were done once, with the time written down'],
  ];
}

function migration(request: Pick<RunRequest, 'provider'>, input: VectorStoreDecisionInput, draft: Draft, stage: Stage, remark: string | null): string {
  const winner = winnerOf(draft.options);
  const hours = winner?.horizon ? winner.horizon.diskGb / 0.05 / 3600 : null;
  return page([
    `# Migration and exit: ${titleOf(winner?.store ?? null)}`,
    stamps(request, stage, 'a short plan. A Full run plans each phase.', remark),
    section('Steps', table(['#', 'Step', 'Done when'], phases(input, titleOf(winner?.store ?? null)).map((each, index) => [index + 1, ...each]))),
    section('Notes to the steps', body(draft.plan)),
    section('Gates', table(['Gate', 'Passed when'], [
      ['Copy complete', `${grouped(input.vectors)} vectors counted on both sides, 1,000 compared by id`], ['Quality', `recall@10 at least ${input.recall_percent} % of exact search on 100 own queries, with the filters of every day`],
      ['Speed', `p95 at most ${input.p95_ms} ms at ${input.queries_per_second} queries a second while writing`], ['Way back', 'the old index is kept and fed until two weeks without a fault are over'], ['Way out', 'export and rebuild elsewhere rehearsed once, with the time it took'],
      ...(input.current_store === 'none' ? [] : [['Window', `writes stand still for at most ${input.migration_window_hours} h; longer means feeding both stores for a while`]]),
    ])),
    hours !== null && `Reading the data out again takes about ${hours < 1 ? `${Math.max(1, Math.round(hours * 60))} minutes` : `${hours.toFixed(1)} hours`} at an assumed 50 MB a second (${gb(winner?.horizon?.diskGb ?? 0)} at the horizon).`,
    draft.sources.markdown([body(draft.plan)]),
    nextSteps(['Name an owner and a date for each gate.', 'Write the way back before the way there.', 'Store model name and version beside each vector, so that a change of the embedding model is a second index and not a surprise.']),
  ]);
}
