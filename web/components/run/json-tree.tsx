'use client';
import { JsonView } from 'react-json-view-lite';

const LOOK = {
  container: 'px-3 py-2 leading-5', basicChildStyle: 'ml-4', label: 'mr-1 text-muted', clickableLabel: 'mr-1 cursor-pointer text-muted hover:text-ink', nullValue: 'text-faint', undefinedValue: 'text-faint',
  stringValue: 'break-words whitespace-pre-wrap text-completed', booleanValue: 'text-validating', numberValue: 'text-running', otherValue: 'text-ink', punctuation: 'text-faint',
  expandIcon: 'json-fold json-closed', collapseIcon: 'json-fold json-open', collapsedContent: 'json-more', childFieldsContainer: 'grid', noQuotesForStringValues: false, quotesForFieldNames: false, stringifyStringValues: false, ariaLables: { collapseJson: 'Close', expandJson: 'Open' },
} as const;
/** Small documents stand open; of large ones only the first two levels. */
const OPEN_NODES = 60;

function size(value: unknown, left: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const inner of Object.values(value)) { count += size(inner, left - count); if (count > left) break; }
  return count;
}

/** react-json-view-lite in our own dress: its keyboard and tree roles, our colours. */
export function JsonTree({ value, label }: { value: object; label: string }) {
  const small = size(value, OPEN_NODES) <= OPEN_NODES;
  return <JsonView data={value} aria-label={label} style={LOOK} shouldExpandNode={small ? () => true : (level) => level < 2} clickToExpandNode />;
}
