import { formatCost, humanize } from '../../lib/format';

const number = new Intl.NumberFormat('en-GB');
const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Nothing to look at: a question may show no more than its title. */
export const isNothing = (value: unknown): boolean => value === null || value === undefined || (isGroup(value) && Object.keys(value).length === 0);

function label(key: string): string {
  return /cost.?usd.?micros$/i.test(key) ? 'Money' : humanize(key);
}

function words(key: string, value: unknown): string {
  if (/usd.?micros$/i.test(key)) return value === null ? 'no cap' : formatCost(Number(value));
  if (typeof value === 'number') return number.format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === '' ? '–' : String(value);
}

function Value({ name, value }: { name: string; value: unknown }) {
  if (!Array.isArray(value)) return <span className="break-words whitespace-pre-wrap">{words(name, value)}</span>;
  if (value.length === 0) return <span className="text-faint">none</span>;
  return value.some(isGroup)
    ? <ol className="grid gap-3">{value.map((item, index) => <li key={index} className="border-l border-control pl-3">{isGroup(item) ? <Shown value={item} /> : <Value name={name} value={item} />}</li>)}</ol>
    : <span className="break-words">{value.map((item) => words(name, item)).join(', ')}</span>;
}

/** What is done with what comes before how much it may use. The database keeps no order of keys. */
const ORDER = ['workflow', 'provider', 'model', 'version', 'fallback', 'inputs', 'caps'];
const rank = (key: string): number => { const place = ORDER.indexOf(key); return place < 0 ? ORDER.length : place; };

/** What people decide on, as rows: plain facts first, then each group under its name. */
export function Shown({ value }: { value: unknown }) {
  if (!isGroup(value)) return <Value name="" value={value} />;
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b));
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 sm:grid-cols-[10rem_1fr] sm:gap-x-6">
      {[...entries.filter(([, inner]) => !isGroup(inner)), ...entries.filter(([, inner]) => isGroup(inner))].map(([key, inner]) => (
        <div key={key} className="contents">
          <dt className={isGroup(inner) ? 'col-span-2 mt-2 border-t pt-2 font-medium' : 'text-muted'}>{label(key)}</dt>
          <dd className={isGroup(inner) ? 'col-span-2' : 'min-w-0'}>{isGroup(inner) ? <Shown value={inner} /> : <Value name={key} value={inner} />}</dd>
        </div>
      ))}
    </dl>
  );
}
