import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { money, readable, type Figures } from '../../steps/work-out.ts';
import { MUST_HAVE_INFO, PART_INFO } from './criteria.ts';
import type { VendorDueDiligenceInput } from './definition.ts';
import type { Assessment, Contradiction, MustState, Sentence, Text } from './evidence.ts';
import { rank, swings, type Weights } from './scoring.ts';
import { PARTS, type MustHave, type Part } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface VendorRow { name: string; cost: number | null; texts: Text[]; musts: { must: MustHave; state: MustState; sentence: Sentence | null }[] }
export interface Draft { vendors: VendorRow[]; parts: readonly Part[]; assessments: Assessment[]; contradictions: Contradiction[]; weights: Weights | null; weighedBy: string; figures: Figures | null; memo: string; /** what the investigator did, and says of it */ looks: { vendor: number; note: string; calls: { call: string; outcome: string }[] }[]; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ vendors: [], parts: PARTS, assessments: [], contradictions: [], weights: null, weighedBy: '', figures: null, memo: '', looks: [], trouble: [], sources: new Sources() });

type Stage = 'test' | 'full';
const SCORES = ['none', 'claimed', 'documented', 'shown'] as const;

/** Must-haves that stop a purchase: not spoken of, or disputed. */
export const stops = ({ musts }: Pick<VendorRow, 'musts'>): string[] => musts.filter(({ must, state }) => MUST_HAVE_INFO[must].stop && (state === 'no evidence' || state === 'disputed')).map(({ must, state }) => `${MUST_HAVE_INFO[must].title.toLowerCase()}: ${state}`);
const stopped = (draft: Draft): boolean[] => draft.vendors.map((vendor) => stops(vendor).length > 0);
const totalOf = (draft: Draft, vendor: number): string => `${readable(draft.figures?.[`total_${vendor + 1}`])} %`;

/** The recommendation by rule: must-haves first, then the total. */
export function recommendation(_input: Pick<VendorDueDiligenceInput, 'tier'>, draft: Draft): string {
  const { figures, vendors } = draft;
  if (!figures || vendors.length === 0) return 'There is no scorecard, so there is no recommendation.';
  const barred = stopped(draft);
  const [first = 0, second] = rank(figures, barred);
  const name = (vendor: number): string => oneLine(vendors[vendor]?.name ?? '');
  if (barred.every(Boolean)) return `Buy from nobody yet: ${vendors.map((vendor) => `${oneLine(vendor.name)} (${stops(vendor).join(', ')})`).join('; ')}.`;
  if (second === undefined) return `${name(first)} stands at ${totalOf(draft, first)} of what could be shown.`;
  const also = barred[second] ? `${name(second)} is out until this is shown: ${stops(vendors[second] ?? { musts: [] }).join(', ')}` : `${name(second)} follows with ${totalOf(draft, second)}`;
  return `Go on with ${name(first)}: ${totalOf(draft, first)} of what could be shown; ${also}.`;
}

/** The review as sentences that a model can read and cite. */
export function factsText(input: VendorDueDiligenceInput, draft: Draft): string {
  const { figures, vendors } = draft;
  const swung = figures ? swings(figures, stopped(draft), draft.parts) : [];
  return [
    `The recommendation is: ${recommendation(input, draft)}`,
    ...vendors.flatMap((vendor, index) => [
      `${oneLine(vendor.name)} has ${totalOf(draft, index)} of the points${vendor.cost === null ? '' : ` and costs ${money(figures?.[`three_years_${index + 1}`])} in three years`}.`,
      ...vendor.musts.map(({ must, state }) => `We ${state === 'shown' ? 'have evidence' : 'do not know for certain'} of ${oneLine(vendor.name)} for ${MUST_HAVE_INFO[must].title}: ${state}.`),
    ]),
    ...draft.contradictions.map(({ vendor, claim, evidence }) => `${oneLine(vendors[vendor]?.name ?? '')} says “${bare(claim.text)}”, others show “${bare(evidence.text)}”.`),
    figures && vendors.length > 1 && (swung.length > 0 ? `What would change the recommendation: twice the weight on ${swung.map((part) => PART_INFO[part].title.toLowerCase()).join(' or ')}.` : 'Twice the weight on any one part would not change the recommendation.'),
  ].filter(Boolean).join('\n');
}
const bare = (text: string): string => oneLine(text).replace(/[.!?]+$/, '');

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: VendorDueDiligenceInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.assessments.length === 0) return [];
  const { vendors, figures, weights } = draft;
  const files: OutputFile[] = [{ key: 'memo', fileName: 'memo.md', mimeType: 'text/markdown', content: memo(request, input, draft, stage, remark), summary: recommendation(input, draft) }];
  const rows = vendors.flatMap((vendor, index) => [
    ...draft.assessments.filter((each) => each.vendor === index).map((each) => [vendor.name, 'part', PART_INFO[each.part].title, weights?.[each.part] ?? null, each.score, 3, SCORES[each.score] ?? '', each.quote, each.source, each.kind, each.quoteMatch, each.reason]),
    ...vendor.musts.map(({ must, state, sentence }) => [vendor.name, 'must-have', MUST_HAVE_INFO[must].title, null, null, null, state, sentence?.text, sentence?.source, sentence?.kind, null, MUST_HAVE_INFO[must].stop ? 'stops the purchase' : '']),
    [vendor.name, 'total', 'Total in per cent', null, figures?.[`total_${index + 1}`] ?? null, 100, '', null, null, null, null, vendor.cost === null ? 'no price given' : `three years: ${figures?.[`three_years_${index + 1}`] ?? ''} USD`],
  ]);
  files.push({ key: 'scorecard', fileName: 'scorecard.csv', mimeType: 'text/csv', content: toCsv(['vendor', 'row', 'criterion', 'weight', 'score', 'of', 'state', 'evidence', 'source', 'source_kind', 'quote_check', 'remark'], rows), summary: `${vendors.length} vendors, ${draft.assessments.length} scores` });
  if (figures) files.push({ key: 'totals', fileName: 'totals.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'What could be shown, by the weights used', yLabel: '%' }, vendors.map((vendor, index) => ({ label: vendor.name, value: figures[`total_${index + 1}`] ?? 0 }))), summary: 'Totals in per cent' });
  return files;
}

function memo(request: Pick<RunRequest, 'provider'>, input: VendorDueDiligenceInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { vendors, figures, weights } = draft;
  const order = figures ? rank(figures, stopped(draft)) : [...vendors.keys()];
  const cellOf = (vendor: number, part: Part): string => { const found = draft.assessments.find((each) => each.vendor === vendor && each.part === part); return found ? `${found.score} ${SCORES[found.score] ?? ''}` : '—'; };
  const swung = figures ? swings(figures, stopped(draft), draft.parts) : [];
  return page([
    `# Vendor memo: ${oneLine(input.purpose)}`,
    stamps(request, stage, 'the first vendor and three of six parts, by what you pasted. A Full run looks at all vendors and parts and at contradictions.', remark),
    bullets(draft.trouble),
    section('Decision', `**${recommendation(input, draft)}**${input.decision_owner ? `\n\nDecides: ${oneLine(input.decision_owner)}.` : ''}`),
    section('At a glance', `${table(['Vendor', 'Total', ...draft.parts.map((part) => `${PART_INFO[part].title}${weights ? ` (× ${weights[part]})` : ''}`), 'Three years', 'Stops'], order.map((vendor) => [vendors[vendor]?.name, totalOf(draft, vendor), ...draft.parts.map((part) => cellOf(vendor, part)), vendors[vendor]?.cost === null ? 'no price given' : money(figures?.[`three_years_${vendor + 1}`]), stops(vendors[vendor] ?? { musts: [] }).join('; ') || 'nothing']))}\n\n0 nothing, 1 claimed, 2 documented, 3 shown by somebody independent. A score is never above what its source can show. Weighed by ${draft.weighedBy || 'nothing yet'}.`),
    section('Must-haves', table(['Must-have', ...vendors.map(({ name }) => name)], input.must_haves.map((must) => [MUST_HAVE_INFO[must].title, ...vendors.map(({ musts }) => { const found = musts.find((each) => each.must === must); return found ? `${found.state}${found.sentence ? ` [${found.sentence.source}]` : ''}` : '—'; })]))),
    section('Claims that the evidence contradicts', table(['Vendor', 'It says', 'Others show', 'What differs'], draft.contradictions.map(({ vendor, claim, evidence, why }) => [vendors[vendor]?.name, `“${claim.text}” [${claim.source}]`, `“${evidence.text}” [${evidence.source}]`, why])) || (stage === 'full' ? 'None was found in what was read.' : '')),
    section('The evidence', vendors.map((vendor, index) => `### ${oneLine(vendor.name)}\n\n${table(['Part', 'Score', 'Sentence', 'From'], draft.assessments.filter((each) => each.vendor === index).map((each) => [PART_INFO[each.part].title, each.score, each.quote ? `“${each.quote}”${each.source ? ` [${each.source}]` : ' — not found in the sources'}` : each.reason, each.kind]))}`).join('\n\n')),
    section('What was looked for', draft.looks.map(({ vendor, note, calls }) => `### ${oneLine(vendors[vendor]?.name ?? '')}\n\n${[note && body(note), table(['Call', 'Outcome'], calls.map(({ call, outcome }) => [call, outcome]))].filter(Boolean).join('\n\n')}`).join('\n\n')),
    figures && vendors.length > 1 && section('How firm it is', swung.length > 0 ? `Twice the weight on ${swung.map((part) => PART_INFO[part].title.toLowerCase()).join(' or ')} would put another vendor first. Settle these weights before you sign.` : 'Twice the weight on any one part would leave the same vendor first.'),
    section('Reasoning', draft.memo && body(draft.memo)),
    section('Questions to send', draft.parts.map((part) => { const open = draft.assessments.filter((each) => each.part === part && each.score <= 1).map((each) => oneLine(vendors[each.vendor]?.name ?? '')); return open.length === 0 ? '' : `**${PART_INFO[part].title}**, to ${open.join(', ')}:\n\n${bullets(PART_INFO[part].questions)}`; }).filter(Boolean).join('\n\n')),
    section('Assumptions', bullets([`Tier ${input.tier}. ${draft.weighedBy ? `Weights: ${draft.parts.map((part) => `${PART_INFO[part].title.toLowerCase()} ${weights?.[part] ?? 0}`).join(', ')} (${draft.weighedBy}).` : ''}`, 'What you pasted under “what others show” is taken as independent; check who wrote it, its scope and its dates.', 'Prices are those you gave, three times a year’s; help, migration and exit come on top.'])),
    draft.sources.markdown([body(draft.memo), ...draft.looks.map(({ note }) => body(note))]),
    nextSteps([
      stage === 'test' && 'Run Full for all vendors, all parts and the contradictions.',
      ...draft.vendors.filter((vendor) => stops(vendor).length > 0).map((vendor) => `Ask ${oneLine(vendor.name)} in writing for: ${stops(vendor).join(', ')}.`),
      draft.contradictions.length > 0 && 'Put each contradiction to the vendor, and keep the answer with its date.',
      'Run a trial of two to four weeks on your own 100 to 200 cases, with attacks and an export at the end; your own test outweighs every sentence here.',
      'Write into the contract: no training, notice of incidents and of model changes, service levels with credits, prices for the term, exit with export and deletion.',
    ]),
  ]);
}
