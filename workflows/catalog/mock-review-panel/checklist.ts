import { sentencesOf, type Section } from '../../steps/paper-text.ts';
import { CRITERIA, type Criterion, type PaperKind, type Role } from './sizes.ts';

/** What a paper of its kind is expected to state, looked for by code. Finding a sentence is not a judgement on it; not finding one is a
 * question that a reviewer will ask. @source the items of the NeurIPS paper checklist and of the library's experiment checklist, in own words */
export interface Item { id: string; criterion: Criterion; kinds: readonly PaperKind[] | 'all'; wanted: string; pattern: RegExp; remedy: string }
const WORK: readonly PaperKind[] = ['empirical', 'dataset', 'systems'];

export const ITEMS: readonly Item[] = [
  { id: 'claim', criterion: 'clarity', kinds: 'all', wanted: 'its claims as sentences of its own', pattern: /\bwe (?:show|propose|present|prove|find|introduce|argue|demonstrate|study|investigate|survey|release)\b|contributions?\b/i, remedy: 'List the claims, each with the place that supports it.' },
  { id: 'question', criterion: 'clarity', kinds: 'all', wanted: 'the question or hypothesis', pattern: /\bhypothes[ie]s|research question|we ask (?:whether|how)|question (?:is|of) (?:whether|how)|whether\b/i, remedy: 'Write the question as a comparison with its measure.' },
  { id: 'related', criterion: 'clarity', kinds: 'all', wanted: 'how it differs from earlier work', pattern: /related work|prior work|previous(?:ly)?\b|earlier (?:work|methods)|unlike\b|in contrast to/i, remedy: 'Name the nearest works and the difference from each.' },
  { id: 'definition', criterion: 'clarity', kinds: 'all', wanted: 'what its measures mean', pattern: /\bmetrics?\b|\bmeasured?\b|is defined as|we define|denotes?\b/i, remedy: 'Define each measure where it first stands.' },
  { id: 'baseline', criterion: 'soundness', kinds: WORK, wanted: 'a baseline or comparison', pattern: /\bbaselines?\b|compared? (?:with|to|against)|versus\b|\bvs\.?\s/i, remedy: 'Compare with a trivial, a usual and the strongest known method.' },
  { id: 'split', criterion: 'soundness', kinds: ['empirical', 'dataset'], wanted: 'which data were held out', pattern: /held[- ]?out|test set|validation set|\bsplits?\b|cross-validation/i, remedy: 'Say which data nobody looked at before the last run.' },
  { id: 'size', criterion: 'soundness', kinds: WORK, wanted: 'the number of cases', pattern: /\bn\s*=\s*\d|\b\d[\d,]*\s+(?:examples|samples|participants|items|questions|documents|tasks|cases|instances|users|annotators|runs|requests)\b/i, remedy: 'Give the number of cases of every result.' },
  { id: 'variation', criterion: 'soundness', kinds: ['empirical', 'systems'], wanted: 'how much its results vary', pattern: /standard (?:deviation|error)|confidence interval|±|error bars?|interquartile|\bvariance\b/i, remedy: 'Report an interval or the spread over repetitions.' },
  { id: 'test', criterion: 'soundness', kinds: ['empirical'], wanted: 'whether differences could be chance', pattern: /significan(?:t|ce)|p\s*[<=]\s*0?\.\d|t-test|bootstrap|wilcoxon|mann-whitney|permutation test/i, remedy: 'Test the main difference, and correct for several.' },
  { id: 'ablation', criterion: 'soundness', kinds: ['empirical', 'systems'], wanted: 'which part brings the gain', pattern: /\bablat|without the|removing (?:the|each)|component analysis/i, remedy: 'Take out one part at a time, with the same budget.' },
  { id: 'leakage', criterion: 'soundness', kinds: ['empirical', 'dataset'], wanted: 'that test cases were not seen before', pattern: /contaminat|\bleak|dedupl|overlap with (?:the )?train/i, remedy: 'Check the overlap of test and training data, and say how.' },
  { id: 'proof', criterion: 'soundness', kinds: ['theory'], wanted: 'its assumptions and proofs', pattern: /\bproof\b|assum(?:e|ption)|theorem|lemma/i, remedy: 'State every assumption, and prove each theorem.' },
  { id: 'method', criterion: 'soundness', kinds: ['survey'], wanted: 'how the works were chosen', pattern: /inclusion|exclusion|search (?:string|quer)|databases? (?:searched|were)|screen/i, remedy: 'Give queries, dates, criteria and the count of each step.' },
  { id: 'seeds', criterion: 'reproducibility', kinds: ['empirical', 'systems'], wanted: 'seeds or repeated runs', pattern: /\bseeds?\b|repeated (?:each|every|the (?:run|experiment))|\b(?:three|five|ten|\d+) (?:runs|trials|repetitions)/i, remedy: 'Run at least three seeds and name them.' },
  { id: 'settings', criterion: 'reproducibility', kinds: ['empirical', 'systems'], wanted: 'its settings', pattern: /learning rate|batch size|hyper-?parameters?|temperature|configuration|prompt template/i, remedy: 'List all settings, also of the baselines, in an appendix.' },
  { id: 'compute', criterion: 'reproducibility', kinds: ['empirical', 'systems'], wanted: 'the hardware and its hours', pattern: /\bGPUs?\b|\bTPUs?\b|\bCPUs?\b|\bcompute\b|\bhours? on\b/, remedy: 'Give device, number, hours and cost.' },
  { id: 'code', criterion: 'reproducibility', kinds: WORK, wanted: 'where its code is', pattern: /code (?:is|are|will be|and data)|open[- ]source|github\.com|gitlab\.com|repository\b/i, remedy: 'Give an address with a commit, or say why there is none.' },
  { id: 'data', criterion: 'reproducibility', kinds: ['empirical', 'dataset', 'survey'], wanted: 'where its data are and under which licence', pattern: /licen[cs]e|data(?:set)?s? (?:is|are|will be) (?:publicly )?(?:available|released)|publicly available/i, remedy: 'Name source, version and licence of each data set.' },
  { id: 'effect', criterion: 'significance', kinds: ['empirical', 'systems', 'dataset'], wanted: 'the size of its main effect', pattern: /\d+(?:\.\d+)?\s?(?:%|percent|points?\b|×|x faster|times\b)/i, remedy: 'State the main effect with its unit in the abstract.' },
  { id: 'limits', criterion: 'significance', kinds: 'all', wanted: 'its limits', pattern: /limitations?|threats to validity|does not (?:cover|hold|apply)|beyond the scope/i, remedy: 'Write a section on limits that a reader could test.' },
  { id: 'failures', criterion: 'significance', kinds: ['empirical', 'systems'], wanted: 'where it fails', pattern: /error analysis|fail(?:s|ed|ures?)\b|counter-?example/i, remedy: 'Show typical failures and their share.' },
  { id: 'ethics', criterion: 'significance', kinds: ['empirical', 'dataset'], wanted: 'consent, harm and fairness', pattern: /\bethic|\bconsent|institutional review|\bIRB\b|broader impact|\bprivacy\b|\bbias(?:es)?\b/i, remedy: 'Say who could be harmed, and who agreed.' },
];

/** `later`: the sentence speaks of it as something not done. */
export interface Gap { item: Item; state: 'stated' | 'later' | 'not_found'; section: string; sentence: string }
const LATER = /future work|leave .{0,40} (?:to|for)|not (?:yet )?(?:report|perform|conduct|done|available|include)|will be (?:released|available|published)|\bplan to\b|did not|no (?:ablation|seed|test)/i;

export function checkPaper(sections: readonly Section[], kind: PaperKind): Gap[] {
  const sentences = [...sentencesOf(sections), ...sections.map(({ title }) => ({ section: title, sentence: title }))];
  return ITEMS.filter(({ kinds }) => kinds === 'all' || kinds.includes(kind)).map((item) => {
    const hits = sentences.filter(({ sentence }) => item.pattern.test(sentence));
    const hit = hits.find(({ sentence }) => !LATER.test(sentence)) ?? hits[0];
    return { item, state: hit ? (LATER.test(hit.sentence) ? 'later' : 'stated') : 'not_found', section: hit?.section ?? '', sentence: hit?.sentence.slice(0, 300).toWellFormed() ?? '' };
  });
}

/** Share of the items of a criterion that are stated, as a score from 1 to 5; null when the kind has none. */
export function checklistScores(gaps: readonly Gap[]): Record<Criterion, number | null> {
  return Object.fromEntries(CRITERIA.map((criterion) => {
    const own = gaps.filter(({ item }) => item.criterion === criterion);
    return [criterion, own.length === 0 ? null : 1 + Math.round((4 * own.filter(({ state }) => state === 'stated').length) / own.length)];
  })) as Record<Criterion, number | null>;
}

/** What each role looks at first; together they see the whole list. */
const EYES: Record<Role, readonly string[]> = {
  methodologist: ['split', 'variation', 'baseline', 'size', 'proof', 'method', 'test', 'settings', 'seeds'],
  sceptic: ['test', 'ablation', 'leakage', 'failures', 'limits', 'baseline', 'method'],
  newcomer: ['seeds', 'code', 'settings', 'compute', 'data', 'definition', 'claim', 'question', 'proof'],
  domain_expert: ['related', 'effect', 'limits', 'question', 'claim', 'failures', 'definition'],
  ethicist: ['ethics', 'data', 'leakage', 'limits', 'failures'],
};
/** The open items that a role would ask about, its own first. */
export function openFor(role: Role, gaps: readonly Gap[]): Gap[] {
  const open = gaps.filter(({ state }) => state !== 'stated');
  const place = ({ item }: Gap): number => { const at = EYES[role].indexOf(item.id); return at < 0 ? EYES[role].length : at; };
  return open.filter(({ item }) => EYES[role].includes(item.id)).toSorted((a, b) => place(a) - place(b));
}

/** One open item as a text of its own, so that a point can name it. */
export const gapText = ({ item, state, sentence }: Gap, sections: number): string => `The paper does not state ${item.wanted}. To state ${item.wanted}, ${item.remedy.charAt(0).toLowerCase()}${item.remedy.slice(1)} Code looked for it in ${sections} sections and found ${state === 'later' ? `only “${sentence.replace(/[.!?]+$/, '')}”` : 'no such sentence'}.`;
