import type { RJSFSchema } from '@rjsf/utils';
import { formatCost, humanize } from '../../lib/format';
import { fieldText } from '../../lib/schema-form';

const number = new Intl.NumberFormat('en-GB');
export const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Nothing to look at: a question may show no more than its title. */
export const isNothing = (value: unknown): boolean => value === null || value === undefined || (isGroup(value) && Object.keys(value).length === 0);

const propertyOf = (schema: RJSFSchema | undefined, key: string): RJSFSchema | undefined => schema?.properties?.[key] as RJSFSchema | undefined;

function label(key: string, property: RJSFSchema | undefined): string {
  return property?.title ?? (/cost.?usd.?micros$/i.test(key) ? 'Money' : humanize(key));
}

function words(key: string, value: unknown, property: RJSFSchema | undefined): string {
  if (/usd.?micros$/i.test(key)) return value === null ? 'no cap' : formatCost(Number(value));
  if (value === null || value === undefined || value === '') return '–';
  if (property) return fieldText(property, value);
  if (typeof value === 'number') return number.format(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

function Value({ name, value, schema }: { name: string; value: unknown; schema?: RJSFSchema | undefined }) {
  if (!Array.isArray(value)) return <span className="break-words whitespace-pre-wrap">{words(name, value, schema)}</span>;
  if (value.length === 0) return <span className="text-faint">none</span>;
  const items = schema?.items as RJSFSchema | undefined;
  return value.some(isGroup)
    ? <ol className="grid gap-3">{value.map((item, index) => <li key={index} className="border-l border-control pl-3">{isGroup(item) ? <Shown value={item} schema={items} /> : <Value name={name} value={item} schema={items} />}</li>)}</ol>
    : <span className="break-words">{schema ? fieldText(schema, value) : value.map((item) => words(name, item, undefined)).join(', ')}</span>;
}

/** What is done with what comes before how much it may use. The database keeps no order of keys. */
const ORDER = ['workflow', 'provider', 'model', 'version', 'fallback', 'inputs', 'caps'];

/** What people decide on, as rows: plain facts first, then each group under its name.
 * @param schema  of the value, where it is known: its titles, labels, units and order are used; else the keys are put in words */
export function Shown({ value, schema }: { value: unknown; schema?: RJSFSchema | undefined }) {
  if (!isGroup(value)) return <Value name="" value={value} schema={schema} />;
  const order = schema?.properties ? Object.keys(schema.properties) : ORDER;
  const rank = (key: string): number => { const place = order.indexOf(key); return place < 0 ? order.length : place; };
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b));
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 sm:grid-cols-[10rem_1fr] sm:gap-x-6">
      {[...entries.filter(([, inner]) => !isGroup(inner)), ...entries.filter(([, inner]) => isGroup(inner))].map(([key, inner]) => {
        const property = propertyOf(schema, key);
        return (
          <div key={key} className="contents">
            <dt className={isGroup(inner) ? 'col-span-2 mt-2 border-t pt-2 font-medium' : 'text-muted'}>{label(key, property)}</dt>
            <dd className={isGroup(inner) ? 'col-span-2' : 'min-w-0'}>{isGroup(inner) ? <Shown value={inner} schema={property} /> : <Value name={key} value={inner} schema={property} />}</dd>
          </div>
        );
      })}
    </dl>
  );
}
