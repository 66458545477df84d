import { STEP_TYPES, type StepType } from './definition.ts';

/** The order in which people write a definition. The database keeps no order of keys, so texts, files and forms are put into
 * this one. Keys that it does not know stay, at the end. Pure. */
type Node = Record<string, unknown>;
const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

const HEAD = ['format', 'slug', 'name', 'description', 'personas', 'tags', 'difficulty', 'estimated_minutes', 'inputs', 'knowledge', 'steps', 'outputs', 'policy', 'review'];
const ASKING = ['persona', 'provider', 'model', 'system_prompt', 'prompt', 'knowledge'];
const STEP: Record<StepType, string[]> = {
  prompt: [...ASKING, 'answer_schema', 'temperature', 'max_tokens', 'output_variable'], agent: [...ASKING, 'tools', 'max_turns', 'ask_before_tools', 'temperature', 'max_tokens', 'output_variable'],
  tool: ['tool', 'arguments', 'output_variable'], transform: ['operation', 'source', 'path', 'template', 'pattern', 'group', 'all', 'fields', 'separator', 'expression', 'output_variable'],
  validate: ['source', 'rules'], branch: ['when', 'do', 'else'], parallel: ['branches'], map: ['over', 'item', 'max_items', 'concurrency', 'steps', 'output_variable'],
  approval: ['show', 'approvers', 'role'], ask: ['show', 'answer_schema', 'otherwise', 'output_variable'], artifact: ['file_name', 'content', 'from'], workflow: ['workflow', 'version', 'inputs', 'output_variable'],
};
const SCHEMA = ['type', 'title', 'description', 'enum', 'const', 'default', 'examples', 'format', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'properties', 'required', 'items'];
const ENTRY = ['key', 'title', 'file_name', 'rule', 'type', 'description', 'text', 'content', 'fields', 'inputs', 'value', 'pattern', 'schema', 'min', 'max', 'soft', 'message'];

/** The fields of a step in the order of its text. */
const stepOrder = (type: StepType): readonly string[] => ['type', 'key', 'title', ...STEP[type]];

function sorted(node: Node, order: readonly string[]): Node {
  const place = (key: string): number => { const at = order.indexOf(key); return at < 0 ? order.length : at; };
  return Object.fromEntries(Object.entries(node).toSorted(([a], [b]) => place(a) - place(b)));
}
const list = (value: unknown, each: (item: unknown) => unknown): unknown => (Array.isArray(value) ? value.map(each) : value);
const entry = (value: unknown): unknown => (isObject(value) ? sorted(value, ENTRY) : value);

function step(value: unknown): unknown {
  if (!isObject(value)) return value;
  const type = STEP_TYPES.find((known) => known === value['type']);
  const node = sorted(value, type ? stepOrder(type) : ['type', 'key', 'title']);
  for (const key of ['do', 'else', 'steps']) if (node[key] !== undefined) node[key] = list(node[key], step);
  if (node['branches'] !== undefined) node['branches'] = list(node['branches'], (branch) => (isObject(branch) ? { ...sorted(branch, ['title', 'steps']), steps: list(branch['steps'], step) } : branch));
  if (node['rules'] !== undefined) node['rules'] = list(node['rules'], entry);
  if (isObject(node['answer_schema'])) node['answer_schema'] = schema(node['answer_schema']);
  return node;
}

/** Fields that are needed first, the others as they are. @param first  names in an order that is known */
function schema(value: unknown, first: readonly string[] = []): unknown {
  if (!isObject(value)) return value;
  const node = sorted(value, SCHEMA);
  const wanted = [...first, ...(Array.isArray(node['required']) ? node['required'].map(String) : [])];
  if (isObject(node['properties'])) node['properties'] = Object.fromEntries(Object.entries(sorted(node['properties'], wanted)).map(([key, child]) => [key, schema(child)]));
  if (node['items'] !== undefined) node['items'] = schema(node['items']);
  return node;
}

/** A part by itself: a step, an entry of a list, or anything else as it is. */
export const partInOrder = (value: unknown): unknown => (isObject(value) && STEP_TYPES.some((type) => type === value['type']) ? step(value) : entry(value));

/** @param definition  any JSON: what is no definition comes back as it is, as far as it is none */
export function inOrder(definition: Node): Node {
  const node = sorted(definition, HEAD);
  if (isObject(node['inputs'])) {
    const inputs = sorted(node['inputs'], ['schema', 'tabs', 'presets']);
    const fields = Array.isArray(inputs['tabs']) ? inputs['tabs'].flatMap((tab) => (isObject(tab) && Array.isArray(tab['fields']) ? tab['fields'].map(String) : [])) : [];
    node['inputs'] = { ...inputs, schema: schema(inputs['schema'], fields), ...(inputs['tabs'] === undefined ? {} : { tabs: list(inputs['tabs'], entry) }), ...(inputs['presets'] === undefined ? {} : { presets: list(inputs['presets'], entry) }) };
  }
  for (const key of ['knowledge', 'outputs', 'review']) if (node[key] !== undefined) node[key] = list(node[key], entry);
  if (node['steps'] !== undefined) node['steps'] = list(node['steps'], step);
  if (isObject(node['policy'])) node['policy'] = sorted(node['policy'], ['modes', 'full_approval', 'requires_prior_evidence', 'tools', 'caps']);
  return node;
}
