import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { toJSONSchema } from 'zod';
import { STEP_TYPES, type StepType } from '#contracts/own/definition';
import { StepSchema } from '#contracts/own/definition.schema';
import type { Node } from '#contracts/own/outline';
import { TOOL_RISKS } from '#contracts/tool-policy';
import { humanize } from '../format';
import { uiSchemaOf } from '../schema-form';

/** The form of a step, from the schema that the checker parses it with: every field of it is in the form. Here stands only how some
 * are shown, and which a person writes first. */
export interface StepForm { schema: RJSFSchema; uiSchema: UiSchema; /** in the order in which they are written */ fields: string[]; /** folded away: they can stay as they are */ more: string[] }

/** What is written first; what stands in neither list comes last, folded with the rest. */
const FIRST: Record<StepType, string[]> = {
  prompt: ['prompt', 'title', 'knowledge', 'max_tokens', 'output_variable'], agent: ['prompt', 'tools', 'title', 'knowledge', 'max_turns', 'output_variable'], tool: ['tool', 'arguments', 'title', 'output_variable'],
  transform: ['operation', 'source', 'path', 'template', 'pattern', 'fields', 'separator', 'expression', 'title', 'output_variable'], validate: ['source', 'rules', 'title'], branch: ['when', 'title'], parallel: ['title'], map: ['over', 'item', 'title', 'output_variable'],
  approval: ['show', 'title', 'approvers', 'role'], ask: ['title', 'show', 'answer_schema', 'otherwise', 'output_variable'], artifact: ['file_name', 'content', 'from', 'title'], workflow: ['workflow', 'version', 'inputs', 'title', 'output_variable'],
};
const LATER = ['system_prompt', 'persona', 'answer_schema', 'provider', 'model', 'temperature', 'max_tokens', 'ask_before_tools', 'max_items', 'concurrency', 'group', 'all', 'key'];
/** Steps below a step are edited where they stand, not in its form. */
const STRUCTURE = new Set(['type', 'do', 'else', 'branches', 'steps']);
const TEMPLATES = new Set(['prompt', 'system_prompt', 'template', 'show', 'content']);
const NAMES = new Set(['source', 'over', 'from']);
const EXPRESSIONS = new Set(['when', 'expression']);
/** Of a transform: which field goes with which operation. */
const NEEDED_FOR: Record<string, string[]> = { source: ['extract', 'json_path', 'regex', 'pick', 'join'], path: ['json_path'], template: ['template'], pattern: ['regex'], group: ['regex'], all: ['regex'], fields: ['pick'], separator: ['join'], expression: ['expression'] };
const LABELS: Record<string, string> = { system_prompt: 'System text', key: 'Name in the workflow', title: 'Title', max_tokens: 'Most output tokens', output_variable: 'Name of the result', answer_schema: 'Schema of the answer', when: 'Condition', over: 'List', item: 'Name of an item', file_name: 'File name', show: 'What is shown', otherwise: 'Answer when nobody answers', from: 'Or the value of', workflow: 'Workflow', ask_before_tools: 'Ask before each tool call' };
const HELP: Record<string, string> = { when: 'CEL: size(text) > 100 && !text.contains("x")', expression: 'CEL over the names in scope', path: 'field.list[0].name', pattern: 'RE2, without look-around', answer_schema: 'JSON Schema; without one the answer is text', over: 'A name that holds a list', arguments: 'As YAML, by the names of the tool; texts may hold {{name}}', inputs: 'As YAML, by the names of its form; texts may hold {{name}}', title: 'As people see it on the page of a run' };

export const TOOL_LABELS: Readonly<Record<string, string>> = Object.fromEntries(Object.keys(TOOL_RISKS).map((tool) => [tool, humanize(tool)]));

type Raw = { type: 'object'; properties: Record<string, RJSFSchema>; required?: string[] };
const raw = new Map<string, Raw>();

function rawOf(type: StepType): Raw {
  const known = raw.get(type);
  if (known) return known;
  const option = StepSchema.options[STEP_TYPES.indexOf(type)];
  const made = toJSONSchema(option as typeof StepSchema.options[0], { io: 'input', unrepresentable: 'any' }) as unknown as Raw;
  raw.set(type, made);
  return made;
}

/** @param document  for what can be chosen: knowledge of this workflow @param workflows  slugs that a sub-run may name */
export function formOf(type: StepType, document: Node, workflows: readonly string[]): StepForm {
  const { properties, required = [] } = rawOf(type);
  const knowledge = (Array.isArray(document['knowledge']) ? document['knowledge'] : []).flatMap((item: unknown) => (item !== null && typeof item === 'object' && 'key' in item ? [String(item.key)] : []));
  const order = [...FIRST[type], ...LATER];
  const place = (field: string): number => { const at = order.indexOf(field); return at < 0 ? order.length : at; };
  const shown = Object.entries(properties).filter(([field]) => !STRUCTURE.has(field) && !(field === 'knowledge' && knowledge.length === 0)).toSorted(([a], [b]) => place(a) - place(b));
  const schema: RJSFSchema = {
    type: 'object', required: required.filter((field) => !STRUCTURE.has(field)),
    properties: Object.fromEntries(shown.map(([field, property]) => [field, shownAs(field, property, type, knowledge, workflows)])),
  };
  const [fields, more] = [shown.filter(([field]) => FIRST[type].includes(field)), shown.filter(([field]) => !FIRST[type].includes(field))].map((some) => some.map(([field]) => field));
  return { schema, uiSchema: uiSchemaOf(schema), fields: fields ?? [], more: more ?? [] };
}

/** What of the folded fields says something: for the line on the fold. */
export function saidIn(step: Node, more: readonly string[], schema: RJSFSchema): string {
  const said = more.filter((field) => field !== 'key' && step[field] !== undefined && step[field] !== '' && JSON.stringify(step[field]) !== JSON.stringify((schema.properties?.[field] as RJSFSchema | undefined)?.default));
  return said.map((field) => { const value = step[field]; return `${(LABELS[field] ?? humanize(field)).toLowerCase()}${typeof value === 'number' || (typeof value === 'string' && value.length <= 24) ? ` ${value}` : ''}`; }).join(', ');
}

function shownAs(field: string, property: RJSFSchema, type: StepType, knowledge: string[], workflows: readonly string[]): RJSFSchema {
  const { pattern: _pattern, $schema: _schema, ...plain } = property;
  const base: RJSFSchema = { ...plain, title: LABELS[field] ?? humanize(field), ...(plain.description ?? HELP[field] ? { description: plain.description ?? HELP[field] } : {}), ...(type === 'transform' && NEEDED_FOR[field] ? { 'x-show-if': { field: 'operation', in: NEEDED_FOR[field] } } : {}) };
  const widget = (name: string, more: object = {}): RJSFSchema => ({ ...base, 'x-ui': { widget: name, ...more } });
  if (TEMPLATES.has(field)) return widget('template', { rows: field === 'prompt' ? 6 : 3 });
  if (NAMES.has(field)) return widget('scopeName');
  if (EXPRESSIONS.has(field)) return widget('expression');
  if (field === 'rules') return { ...base, type: 'string', 'x-ui': { widget: 'rules' } };
  if (base.type === 'object') return { title: base.title, ...(base.description ? { description: base.description } : {}), type: 'string', 'x-ui': { widget: 'json' } };
  if (field === 'fields') return widget('lines');
  if (field === 'tools') return { ...base, items: { type: 'string', enum: Object.keys(TOOL_RISKS) }, 'x-enum-labels': TOOL_LABELS };
  if (field === 'tool') return { ...base, enum: Object.keys(TOOL_RISKS), 'x-enum-labels': TOOL_LABELS };
  if (field === 'knowledge') return { ...base, items: { type: 'string', enum: knowledge } };
  if (field === 'workflow' && workflows.length > 0) return { ...base, enum: [...workflows] };
  return base;
}
