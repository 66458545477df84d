import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { toJSONSchema } from 'zod';
import { HeadSchema } from '#contracts/own/definition.schema';
import { isNode, valueAtPointer, type Node } from '#contracts/own/outline';
import { MODE_WORDS, RUN_MODES } from '#contracts/runs';
import { TOOL_RISKS } from '#contracts/tool-policy';
import { PERSONA_KEYS, PERSONA_WORDS } from '../personas';
import { uiSchemaOf, type Inputs } from '../schema-form';
import { setAt } from './edits';
import { TOOL_LABELS } from './step-fields';

/** The form of the workflow itself: name, who it is for, its fields, its files, its policy. Schemas are those of the checker;
 * the fields of the form are a table here and a JSON Schema in the definition. */
const WHERE: Record<string, string> = {
  name: '#/name', description: '#/description', personas: '#/personas', tags: '#/tags', difficulty: '#/difficulty', estimated_minutes: '#/estimated_minutes', fields: '#/inputs/schema', presets: '#/inputs/presets', outputs: '#/outputs', knowledge: '#/knowledge',
  modes: '#/policy/modes', requires_prior_evidence: '#/policy/requires_prior_evidence', full_approval: '#/policy/full_approval', tools: '#/policy/tools', caps: '#/policy/caps',
};
export const HEAD_FIELDS = Object.keys(WHERE);
const TITLES: Record<string, string> = {
  name: 'Name', description: 'What a person holds afterwards', personas: 'Who it is for', tags: 'Tags', difficulty: 'Difficulty', estimated_minutes: 'Minutes it takes', fields: 'Fields of the form', presets: 'Examples to start with', outputs: 'Files it makes', knowledge: 'Texts that steps can lean on',
  modes: 'Modes', requires_prior_evidence: 'Full only after a Test of the same inputs', full_approval: 'Approval before Full', tools: 'Tools it may use (none chosen: what its steps name)', caps: 'Caps of Full',
};
const KINDS = ['text', 'long text', 'number', 'whole number', 'yes or no', 'list of texts', 'date', 'address', 'choice', 'other'] as const;
type Kind = (typeof KINDS)[number];
const TYPE_OF: Record<Exclude<Kind, 'other' | 'choice'>, Node> = {
  text: { type: 'string' }, 'long text': { type: 'string', maxLength: 4000 }, number: { type: 'number' }, 'whole number': { type: 'integer' }, 'yes or no': { type: 'boolean' }, 'list of texts': { type: 'array', items: { type: 'string' } }, date: { type: 'string', format: 'date' }, address: { type: 'string', format: 'uri' },
};
export interface FieldRow { name?: string; title?: string; kind?: string; needed?: boolean; usual?: string; choices?: string; description?: string }

let made: { schema: RJSFSchema; uiSchema: UiSchema } | null = null;
export function headForm(): { schema: RJSFSchema; uiSchema: UiSchema; fields: string[] } {
  made ??= build();
  return { ...made, fields: HEAD_FIELDS };
}

function build(): { schema: RJSFSchema; uiSchema: UiSchema } {
  const whole = toJSONSchema(HeadSchema, { io: 'input', unrepresentable: 'any' });
  const at = (field: string): RJSFSchema => valueAtPointer(whole, (WHERE[field] ?? '').replaceAll('/', '/properties/')) ?? {};
  const json = (field: string, description: string): RJSFSchema => ({ type: 'string', title: TITLES[field], description, 'x-ui': { widget: 'json' } });
  const cell = (title: string, more: object = {}): RJSFSchema => ({ type: 'string', title, ...more });
  const special: Record<string, RJSFSchema> = {
    name: { ...at('name'), 'x-ui': { widget: 'text' } }, personas: { ...at('personas'), 'x-enum-labels': Object.fromEntries(PERSONA_KEYS.map((persona) => [persona, PERSONA_WORDS[persona].label])) }, modes: { ...at('modes'), 'x-enum-labels': Object.fromEntries(RUN_MODES.map((mode) => [mode, MODE_WORDS[mode].label])) },
    description: { ...at('description'), 'x-ui': { widget: 'textarea', rows: 2 } },
    fields: { type: 'array', maxItems: 40, 'x-ui': { widget: 'table' }, description: 'What a person fills in. Steps use each as {{name}}.', items: { type: 'object', properties: { name: cell('Name'), title: cell('Title'), kind: cell('Kind', { enum: [...KINDS] }), needed: { type: 'boolean', title: 'Needed' }, usual: cell('Default'), choices: cell('Choices, by commas'), description: cell('Help') } } },
    presets: json('presets', 'A list of key, title and inputs'), full_approval: json('full_approval', 'approvers: 1, role: admin or researcher; empty = none'), caps: json('caps', 'output_tokens, seconds, cost_usd_micros'),
    tools: { type: 'array', items: { type: 'string', enum: Object.keys(TOOL_RISKS) }, 'x-enum-labels': TOOL_LABELS },
  };
  const properties = Object.fromEntries(HEAD_FIELDS.map((field) => [field, { ...(special[field] ?? at(field)), title: TITLES[field] }]));
  const schema: RJSFSchema = { type: 'object', required: ['name', 'personas'], properties };
  const uiSchema = uiSchemaOf(schema);
  return { schema, uiSchema: { ...uiSchema, outputs: { ...uiSchema['outputs'], items: { file_name: { 'ui:title': 'File name' }, title: { 'ui:title': 'Title' }, content: { 'ui:title': 'Content', 'ui:widget': 'template' } } }, knowledge: { ...uiSchema['knowledge'], items: { key: { 'ui:title': 'Name in the workflow' }, title: { 'ui:title': 'Title' }, text: { 'ui:title': 'Text', 'ui:widget': 'textarea' } } } } };
}

const properties = (document: Node): [string, Node][] => { const found = valueAtPointer(document, '#/inputs/schema/properties'); return Object.entries(isNode(found) ? found : {}).map(([name, property]) => [name, isNode(property) ? property : {}]); };

function kindOf(property: Node): Kind {
  if (Array.isArray(property['enum'])) return 'choice';
  if (property['format'] === 'date') return 'date';
  if (property['format'] === 'uri') return 'address';
  if (property['type'] === 'string') return Number(property['maxLength'] ?? 0) > 160 ? 'long text' : 'text';
  if (property['type'] === 'array') return isNode(property['items']) && property['items']['type'] === 'string' ? 'list of texts' : 'other';
  return ({ number: 'number', integer: 'whole number', boolean: 'yes or no' } as Record<string, Kind>)[String(property['type'])] ?? 'other';
}

export function headInputs(document: Node): Inputs {
  const required = valueAtPointer(document, '#/inputs/schema/required');
  const rows = properties(document).map(([name, property]): FieldRow => ({
    name, title: String(property['title'] ?? ''), kind: kindOf(property), needed: Array.isArray(required) && required.includes(name), usual: property['default'] === undefined ? '' : typeof property['default'] === 'string' ? property['default'] : JSON.stringify(property['default']),
    choices: Array.isArray(property['enum']) ? property['enum'].join(', ') : '', description: String(property['description'] ?? ''),
  }));
  return Object.fromEntries(HEAD_FIELDS.map((field) => [field, field === 'fields' ? rows : field === 'tools' ? (valueAtPointer(document, '#/policy/tools') ?? []) : valueAtPointer(document, WHERE[field] ?? '') ?? undefined]));
}

/** Puts what changed back where it belongs. */
export function withHead(document: Node, before: Inputs, after: Inputs): { document: Node; changed: string[] } {
  const changed = HEAD_FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const next = changed.reduce((whole, field) => {
    if (field === 'fields') return withFields(whole, (Array.isArray(after['fields']) ? after['fields'] : []) as FieldRow[]);
    if (field === 'tools') return setAt(whole, '#/policy/tools', Array.isArray(after['tools']) && after['tools'].length > 0 ? after['tools'] : undefined);
    if (field === 'full_approval') return setAt(whole, '#/policy/full_approval', after[field] ?? null);
    return setAt(whole, WHERE[field] ?? '', after[field]);
  }, document);
  return { document: next, changed };
}

/** Rows as a JSON Schema; what a row does not show of its property stays. Tabs follow when there is only one. */
function withFields(document: Node, rows: FieldRow[]): Node {
  const before = properties(document);
  const entries = rows.map((row, index): [string, Node] => {
    const name = (row.name ?? '').trim();
    const old = before.find(([known]) => known === name)?.[1] ?? (rows.length === before.length ? before[index]?.[1] : undefined) ?? {};
    const kind = KINDS.find((known) => known === row.kind) ?? 'text';
    const { title: _title, description: _description, default: _default, enum: _enum, ...rest } = old;
    const choices = (row.choices ?? '').split(',').map((choice) => choice.trim()).filter(Boolean);
    const typed = kind === 'choice' ? { type: 'string', enum: choices.length > 0 ? choices : ['one', 'two'] } : kind === 'other' || kind === kindOf(old) ? rest : TYPE_OF[kind];
    return [name, { ...typed, ...(row.title ? { title: row.title } : {}), ...(row.description ? { description: row.description } : {}), ...(row.usual ? { default: defaultOf(kind, row.usual) } : {}) }];
  });
  const names = entries.map(([name]) => name);
  const schema = { type: 'object', properties: Object.fromEntries(entries), required: rows.filter(({ needed }) => needed === true).map(({ name }) => (name ?? '').trim()) };
  const tabs = valueAtPointer(document, '#/inputs/tabs');
  const changed = setAt(document, '#/inputs/schema', schema);
  return Array.isArray(tabs) && tabs.length === 1 ? setAt(changed, '#/inputs/tabs/0/fields', names) : changed;
}

function defaultOf(kind: Kind, text: string): unknown {
  if (kind === 'number' || kind === 'whole number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (kind === 'yes or no') return text === 'true' || text === 'yes';
  if (kind === 'list of texts' || kind === 'other') { try { return JSON.parse(text) as unknown; } catch { return text.split(',').map((item) => item.trim()); } }
  return text;
}

/** Problems of the head, by the field they belong to. */
export function headErrors(problems: readonly { pointer: string; detail: string }[]): { fields: Record<string, string>; whole: string[] } {
  const fields: Record<string, string> = {};
  const whole: string[] = [];
  for (const { pointer, detail } of problems.filter((problem) => !problem.pointer.startsWith('#/steps/'))) {
    const field = HEAD_FIELDS.find((name) => pointer === WHERE[name] || pointer.startsWith(`${WHERE[name]}/`));
    const words = field ? pointer.slice((WHERE[field] ?? '').length + 1) : pointer.slice(2);
    if (field) fields[field] ??= words ? `${words}: ${detail}` : detail; else whole.push(words ? `${words}: ${detail}` : detail);
  }
  return { fields, whole };
}
