import { MODE_WORDS } from '#contracts/runs';
import { UPLOAD_KINDS } from '#contracts/uploads';
import { formatCost, formatCount, formatDuration } from './format';
import type { WorkflowSummaryWire } from './queries';
import { kindWords } from './upload-kinds';

/** What searching, sorting and suggesting look at. */
export type CatalogEntryWire = Pick<WorkflowSummaryWire, 'workflow_id' | 'title' | 'outcome' | 'description' | 'tags' | 'personas' | 'difficulty' | 'tools' | 'uploads' | 'estimated_minutes' | 'is_active' | 'typical'>;

export const needsFile = ({ uploads }: Pick<WorkflowSummaryWire, 'uploads'>): boolean => uploads.some(({ required }) => required);

/** How the person rated its results; null while none is rated. */
export function ratingWords({ ratings: { good, poor } }: Pick<WorkflowSummaryWire, 'ratings'>): string | null {
  return good + poor === 0 ? null : `${good} of ${formatCount(good + poor, 'result')} rated good`;
}

/** What somebody wants to know of a workflow before its form: one line each. */
export function typicalWords({ typical }: Pick<WorkflowSummaryWire, 'typical'>): string {
  if (typical === null) return 'no runs yet';
  const cost = typical.simulated ? 'no cost with the demo' : formatCost(typical.cost_usd_micros);
  const label = `${MODE_WORDS[typical.run_mode].label} run`;
  return `${formatDuration(typical.seconds * 1000)}, ${cost} · ${typical.runs === 1 ? `your one ${label}` : `median of your ${formatCount(typical.runs, label)}`}`;
}

/** Fields that are named after what they are say nothing more in a list. */
const PLAIN_TITLES = ['upload', 'file'];

/** Files that may come along, as one line; null where none can. */
export function readsWords({ uploads }: Pick<WorkflowSummaryWire, 'uploads'>): string | null {
  const kinds = new Set(uploads.filter(({ required }) => !required).flatMap(({ accept }) => accept));
  return kinds.size === 0 ? null : `if you like, files of yours (${kindWords(UPLOAD_KINDS.filter((kind) => kinds.has(kind)))})`;
}

/** What it cannot be run without. */
export function needsWords({ uploads, full_approval: approval, requires_prior_evidence: evidence }: Pick<WorkflowSummaryWire, 'uploads' | 'full_approval' | 'requires_prior_evidence'>): string[] {
  return [
    ...uploads.filter(({ required }) => required).map(({ title, accept }) => `a file${PLAIN_TITLES.includes(title.toLowerCase()) ? '' : ` for “${title}”`} (${kindWords(accept)})`),
    ...(evidence ? ['a passed Test before Full'] : []),
    ...(approval ? [`${approval.approvers === 1 ? 'a yes' : `${approval.approvers} times a yes`} of ${approval.role === 'admin' ? 'an administrator' : `a ${approval.role}`} before Full`] : []),
  ];
}
