import { humanize } from '../../lib/format';

/** A structured answer in words: keys as labels, lists as lists. The exact JSON is one click away and in trace.json. */
export function DataView({ value }: { value: unknown }) {
  if (Array.isArray(value)) return <DataList items={value} />;
  if (typeof value === 'object' && value !== null) {
    return (
      <dl className="grid gap-2">
        {Object.entries(value).map(([key, inner]) => <div key={key} className="min-w-0"><dt className="text-xs text-faint">{humanize(key)}</dt><dd className="min-w-0"><DataView value={inner} /></dd></div>)}
      </dl>
    );
  }
  return <span className="break-words">{value === true ? 'yes' : value === false ? 'no' : value === null || value === '' ? '–' : String(value)}</span>;
}

function DataList({ items }: { items: unknown[] }) {
  if (items.length === 0) return <span className="text-faint">none</span>;
  const flat = items.every((item) => typeof item !== 'object' || item === null);
  return flat
    ? <ul className="list-disc pl-5">{items.map((item, index) => <li key={index}><DataView value={item} /></li>)}</ul>
    : <ol className="grid gap-3">{items.map((item, index) => <li key={index} className="border-l border-control pl-3"><DataView value={item} /></li>)}</ol>;
}
