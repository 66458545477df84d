import { csvHeader, sameColumn } from './csv.ts';
import { isShown, type ShowIf } from './show-if.ts';

/** Fields that name columns of a table in the same inputs (`columnsOf` of catalog-inputs.schema.ts), and whether the table has them.
 * API and form ask the same: a run whose columns are not there would spend and end without figures. */
export interface ColumnName { /** JSON Pointer below the inputs: `/group_column`, `/guardrails/0/column` */ pointer: string; name: string; /** the table: an upload's id, or the pasted text */ source: ColumnSource }
export type ColumnSource = { uploadId: string; text?: undefined } | { text: string; uploadId?: undefined };
export interface MissingColumn { pointer: string; name: string; /** those that there are */ columns: readonly string[] }

type Node = { readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const UPLOAD_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The first field that is filled, of those that may hold the table. */
export function columnSource(property: Node, inputs: Node): ColumnSource | null {
  const from = isNode(property['x-options-from']) ? property['x-options-from']['columns_of'] : undefined;
  const filled = (Array.isArray(from) ? from : []).map((field) => inputs[String(field)]).find((value): value is string => typeof value === 'string' && value.trim() !== '');
  return filled === undefined ? null : UPLOAD_ID.test(filled) ? { uploadId: filled.toLowerCase() } : { text: filled };
}

/** Fields that name columns, themselves or in the cells of a table. */
export const columnFields = (schema: Node): string[] => propertiesOf(schema).filter(([, property]) => 'x-options-from' in property || cellsOf(property).length > 0).map(([field]) => field);
const cellsOf = (property: Node): [string, Node][] => propertiesOf(property['items']).filter(([, cell]) => 'x-options-from' in cell);

/** Every column that these inputs name in fields that are shown. @param schema  as inputJsonSchema gives it */
export function columnNames(schema: Node, inputs: Node): ColumnName[] {
  return propertiesOf(schema).flatMap(([field, property]) => {
    if (!isShown(property['x-show-if'] as ShowIf | undefined, inputs)) return [];
    const value = inputs[field];
    const named = (node: Node, name: unknown, pointer: string): ColumnName[] => {
      const source = columnSource(node, inputs);
      return source && typeof name === 'string' && name.trim() !== '' ? [{ pointer, name: name.trim(), source }] : [];
    };
    if (!Array.isArray(value)) return named(property, value, `/${field}`);
    return value.flatMap((item: unknown, at) => (isNode(item) ? cellsOf(property).flatMap(([key, cell]) => named(cell, item[key], `/${field}/${at}/${key}`)) : named(property, item, `/${field}/${at}`)));
  });
}

type OfUpload = (id: string) => readonly string[] | null;
const columnsAt = ({ source }: ColumnName, ofUpload: OfUpload): readonly string[] => (source.uploadId === undefined ? csvHeader(source.text) : ofUpload(source.uploadId) ?? []);

/** @param ofUpload  the columns of an upload; null or empty when its header cannot be told (JSON, Parquet): nothing is missing then */
export function missingColumns(schema: Node, inputs: Node, ofUpload: OfUpload): MissingColumn[] {
  return columnNames(schema, inputs).flatMap((named) => {
    const columns = columnsAt(named, ofUpload);
    return columns.length === 0 || columns.some((column) => sameColumn(column, named.name)) ? [] : [{ pointer: named.pointer, name: named.name, columns }];
  });
}

/** The inputs with each column in the spelling of its table, so that no step has to mind the case. */
export function inTableSpelling<Inputs extends Node>(schema: Node, inputs: Inputs, ofUpload: OfUpload): Inputs {
  return columnNames(schema, inputs).reduce((spelled: Inputs, named) => {
    const columns = columnsAt(named, ofUpload);
    const found = columns.includes(named.name) ? undefined : columns.find((column) => sameColumn(column, named.name));
    return found === undefined ? spelled : (written(spelled, named.pointer.split('/').slice(1), found) as Inputs);
  }, inputs);
}

function written(node: unknown, [key, ...path]: readonly string[], value: string): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node)) return node.map((item: unknown, at) => (String(at) === key ? written(item, path, value) : item));
  return isNode(node) ? { ...node, [key]: written(node[key], path, value) } : node;
}

const MOST_NAMED = 20;
export const columnList = (columns: readonly string[]): string => `${columns.slice(0, MOST_NAMED).join(', ')}${columns.length > MOST_NAMED ? ` and ${columns.length - MOST_NAMED} more` : ''}`;
/** For the field: what is missing, and what there is. */
export const missingWords = ({ name, columns }: Pick<MissingColumn, 'name' | 'columns'>): string => `The table has no column "${name}". It has ${columnList(columns)}`;

const propertiesOf = (schema: unknown): [string, Node][] => (isNode(schema) && isNode(schema['properties']) ? Object.entries(schema['properties']).filter((entry): entry is [string, Node] => isNode(entry[1])) : []);
