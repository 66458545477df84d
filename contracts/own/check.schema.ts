import type { z } from 'zod';
import { MAX_INPUT_FIELDS } from '../limits.ts';
import { checkStep, jsonSchemaAt, type Here, type World } from './check-step.schema.ts';
import { DEFINITION_LIMITS, type OwnDefinition, type OwnSnapshot, type Step } from './definition.ts';
import { HeadSchema, StepSchema, type ParsedStep } from './definition.schema.ts';
import { EXPRESSION_WORDS } from './expressions.ts';
import { schemaProblems, zodOf } from './input-schema.schema.ts';
import { PatternWork } from './patterns.ts';
import { Scope, type Problem } from './scope.ts';
import { capProblems } from './sizes.ts';

/** Everything that is wrong with a definition, at once, each with its JSON Pointer, before anything is saved or spent. A mistake
 * in one part hides none in another: each part and each step is parsed by itself. */
export interface Report { errors: Problem[]; warnings: Problem[]; /** with every default filled in; null while there is an error */ definition: OwnDefinition | null }
export type { Problem, World };

const MOST_PROBLEMS = 200;
/** step types whose result has a name */
const MAKES: ReadonlySet<string> = new Set(['prompt', 'agent', 'tool', 'transform', 'map', 'ask', 'workflow']);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const escape = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** @param document  parsed JSON or YAML, not yet trusted */
export function checkDefinition(document: unknown, world: World): Report {
  const problems: Problem[] = [];
  const report = (definition: OwnDefinition | null): Report => {
    const errors = problems.filter(({ severity }) => severity === 'error').slice(0, MOST_PROBLEMS);
    return { errors, warnings: problems.filter(({ severity }) => severity === 'warning').slice(0, MOST_PROBLEMS), definition: errors.length === 0 ? definition : null };
  };
  const tooBig = sizeProblem(document);
  if (tooBig) { problems.push(tooBig); return report(null); }
  const raw = document as Record<string, unknown>;
  const head = HeadSchema.safeParse({ ...raw, steps: Array.isArray(raw['steps']) ? [] : raw['steps'] });
  if (!head.success) problems.push(...fromZod(head.error, '#'));
  const steps = Array.isArray(raw['steps']) ? raw['steps'] : [];
  if (Array.isArray(raw['steps']) && steps.length === 0) problems.push({ pointer: '#/steps', severity: 'error', detail: 'must hold at least one step' });
  const inputs = inputNames(raw, problems);
  const walk = new Walk(raw, world, problems, new Set(inputs));
  const normal = walk.steps(steps, '#/steps', new Scope(inputs, walk.makers), 0);
  for (const [index, output] of (head.success ? head.data.outputs : []).entries()) walk.top.template(output.content, `#/outputs/${index}/content`, problems, DEFINITION_LIMITS.placeholders);
  if (!head.success) return report(null);
  checkForm(head.data, problems);
  walk.policy(head.data.policy.tools);
  const definition: OwnDefinition = { ...head.data, inputs: withTabs(head.data.inputs, inputs), steps: normal };
  if (!problems.some(({ severity }) => severity === 'error')) for (const detail of capProblems({ definition, subs: world.subs } satisfies OwnSnapshot)) problems.push({ pointer: '#/steps', severity: 'error', detail });
  return report(definition);
}

/** Size first: what is too big is not looked into. */
function sizeProblem(document: unknown): Problem | null {
  if (!isObject(document)) return { pointer: '#', severity: 'error', detail: 'must be an object with name, steps and so on' };
  const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
  if (bytes > DEFINITION_LIMITS.bytes) return { pointer: '#', severity: 'error', detail: `is ${bytes.toLocaleString('en-US')} bytes; a definition has at most ${DEFINITION_LIMITS.bytes.toLocaleString('en-US')}` };
  let count = 0;
  const queue: unknown[] = [document['steps']];
  while (queue.length > 0) {
    const next = queue.pop();
    if (!Array.isArray(next)) continue;
    for (const step of next) {
      if (!isObject(step)) continue;
      count += 1;
      queue.push(step['steps'], step['do'], step['else'], ...(Array.isArray(step['branches']) ? step['branches'].map((branch) => (isObject(branch) ? branch['steps'] : null)) : []));
    }
  }
  return count > DEFINITION_LIMITS.steps ? { pointer: '#/steps', severity: 'error', detail: `holds ${count.toLocaleString('en-US')} steps; a workflow has at most ${DEFINITION_LIMITS.steps}: make parts of it workflows of their own` } : null;
}

export function fromZod(error: z.ZodError, prefix: string): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const pointer = [prefix, ...issue.path.map(escape)].join('/');
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: `${pointer}/${escape(key)}`, severity: 'error', detail: 'is not a known field' }));
    return [{ pointer, severity: 'error', detail: issue.message }];
  });
}

function inputNames(raw: Record<string, unknown>, problems: Problem[]): string[] {
  const schema = isObject(raw['inputs']) ? raw['inputs']['schema'] : undefined;
  if (!isObject(schema)) return [];
  jsonSchemaAt(schema, '#/inputs/schema', problems, true);
  const names = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  if (names.length > MAX_INPUT_FIELDS) problems.push({ pointer: '#/inputs/schema/properties', severity: 'error', detail: `has ${names.length} fields; a form has at most ${MAX_INPUT_FIELDS}` });
  for (const name of names) {
    const at = `#/inputs/schema/properties/${escape(name)}`;
    if (!/^[a-z][a-z0-9_]{0,59}$/.test(name)) problems.push({ pointer: at, severity: 'error', detail: 'must be named in small letters, digits and _' });
    else if (EXPRESSION_WORDS.has(name)) problems.push({ pointer: at, severity: 'error', detail: `${name} is a word of the expression language; choose another name` });
  }
  return names;
}

/** Tabs hold every field once; presets fit the form. */
function checkForm({ inputs }: z.output<typeof HeadSchema>, problems: Problem[]): void {
  const fields = Object.keys(inputs.schema['properties'] ?? {});
  const tabbed = new Set<string>();
  for (const [index, tab] of inputs.tabs.entries()) {
    for (const [at, field] of tab.fields.entries()) {
      const pointer = `#/inputs/tabs/${index}/fields/${at}`;
      if (!fields.includes(field)) problems.push({ pointer, severity: 'error', detail: `${field} is not a field of the form` });
      else if (tabbed.has(field)) problems.push({ pointer, severity: 'error', detail: `${field} stands in two tabs` });
      tabbed.add(field);
    }
  }
  if (inputs.tabs.length > 0) for (const field of fields) if (!tabbed.has(field)) problems.push({ pointer: '#/inputs/tabs', severity: 'error', detail: `${field} stands in no tab` });
  if (schemaProblems(inputs.schema, true).length > 0) return;
  for (const [index, preset] of inputs.presets.entries()) {
    const fits = zodOf(inputs.schema).safeParse(preset.inputs);
    if (!fits.success) problems.push(...fromZod(fits.error, `#/inputs/presets/${index}/inputs`));
  }
}

function withTabs(inputs: z.output<typeof HeadSchema>['inputs'], fields: string[]): OwnDefinition['inputs'] {
  return inputs.tabs.length > 0 || fields.length === 0 ? inputs : { ...inputs, tabs: [{ key: 'inputs', title: 'Inputs', description: '', fields }] };
}

/** Walks the steps in the order they run. */
class Walk {
  readonly makers = new Map<string, string>();
  readonly #keys = new Map<string, string>();
  readonly #tools = new Map<string, string>();
  readonly #files = new Set<string>();
  readonly #patterns = new PatternWork();
  #count = 0;
  top = new Scope([], new Map());

  readonly raw: Record<string, unknown>;
  readonly world: World;
  readonly problems: Problem[];
  readonly inputs: ReadonlySet<string>;

  constructor(raw: Record<string, unknown>, world: World, problems: Problem[], inputs: ReadonlySet<string>) {
    this.raw = raw;
    this.world = world;
    this.problems = problems;
    this.inputs = inputs;
    collectMakers(raw['steps'], this.makers);
  }

  steps(list: readonly unknown[], pointer: string, scope: Scope, depth: number): Step[] {
    if (depth === 0) this.top = scope;
    if (depth > DEFINITION_LIMITS.depth) { this.#wrong(pointer, `stands deeper than ${DEFINITION_LIMITS.depth} levels`); return []; }
    return list.flatMap((raw, index) => {
      const at = `${pointer}/${index}`;
      this.#count += 1;
      const number = this.#count;
      const parsed = StepSchema.safeParse(raw);
      if (!parsed.success) {
        this.problems.push(...fromZod(parsed.error, at));
        // Its name counts all the same, so that one mistake is not told again at every step that uses it.
        const name = isObject(raw) && typeof raw['output_variable'] === 'string' ? raw['output_variable'] : isObject(raw) && typeof raw['key'] === 'string' ? `${raw['key']}_output` : `step_${number}_output`;
        scope.make(name);
        return [];
      }
      return [this.#step(parsed.data, number, at, scope, depth)];
    });
  }

  #step(step: ParsedStep, number: number, pointer: string, scope: Scope, depth: number): Step {
    const key = step.key ?? `step_${number}`;
    const earlier = this.#keys.get(key);
    if (earlier) this.#wrong(`${pointer}/key`, `${key} is the name of another step (${earlier})`);
    this.#keys.set(key, pointer);
    const here: Here = { pointer, scope, world: this.world, problems: this.problems, slug: String(this.raw['slug'] ?? ''), inputs: this.inputs, patterns: this.#patterns, knowledge: new Set(Array.isArray(this.raw['knowledge']) ? this.raw['knowledge'].flatMap((item) => (isObject(item) ? [String(item['key'])] : [])) : []) };
    checkStep(step, here);
    const tools = step.type === 'tool' ? [[step.tool, '/tool'] as const] : step.type === 'agent' ? step.tools.map((tool, index) => [tool, `/tools/${index}`] as const) : [];
    for (const [tool, at] of tools) if (!this.#tools.has(tool)) this.#tools.set(tool, pointer + at);
    if (step.type === 'artifact') { if (this.#files.has(step.file_name)) this.#wrong(`${pointer}/file_name`, `${step.file_name} is written by another step already`); this.#files.add(step.file_name); }
    const named = { key, title: step.title ?? key.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase()) };
    const normal = this.#withChildren(step, named, pointer, scope, depth);
    if (!MAKES.has(step.type)) return normal;
    const wanted = (step as { output_variable?: string }).output_variable;
    const name = wanted ?? `${key}_output`;
    this.#make(name, wanted === undefined ? pointer : `${pointer}/output_variable`, scope);
    return { ...normal, output_variable: name } as Step;
  }

  #make(name: string, pointer: string, scope: Scope): void {
    if (EXPRESSION_WORDS.has(name)) this.#wrong(pointer, `${name} is a word of the expression language; choose another name`);
    if (scope.has(name)) this.#wrong(pointer, `${name} is there already; every step makes a name of its own`);
    scope.make(name);
  }

  #withChildren(step: ParsedStep, named: { key: string; title: string }, pointer: string, scope: Scope, depth: number): Step {
    if (step.type === 'branch') {
      const [yes, no] = [scope.below(), scope.below()];
      const whenTrue = this.steps(step.do, `${pointer}/do`, yes, depth + 1);
      const otherwise = this.steps(step.else, `${pointer}/else`, no, depth + 1);
      for (const name of yes.made) if (no.made.has(name)) scope.make(name);
      return { ...step, ...named, do: whenTrue, else: otherwise };
    }
    if (step.type === 'parallel') {
      const rooms = step.branches.map(() => scope.below());
      const branches = step.branches.map((branch, index) => ({ title: branch.title ?? `Branch ${index + 1}`, steps: this.steps(branch.steps, `${pointer}/branches/${index}/steps`, rooms[index] as Scope, depth + 1) }));
      for (const [index, room] of rooms.entries()) for (const name of room.made) this.#make(name, `${pointer}/branches/${index}`, scope);
      return { ...step, ...named, branches };
    }
    if (step.type === 'map') return { ...step, ...named, steps: this.steps(step.steps, `${pointer}/steps`, scope.below([step.item, `${step.item}_index`]), depth + 1), output_variable: '' };
    return { ...step, ...named } as Step;
  }

  /** @param granted  null = what the steps name */
  policy(granted: readonly string[] | null): void {
    if (granted) for (const [tool, pointer] of this.#tools) if (!granted.includes(tool)) this.#wrong(pointer, `${tool} is not among the tools that the policy grants`);
  }

  #wrong(pointer: string, detail: string): void {
    this.problems.push({ pointer, severity: 'error', detail });
  }
}

/** Which step makes which name, for better words. */
function collectMakers(steps: unknown, makers: Map<string, string>): void {
  if (!Array.isArray(steps)) return;
  for (const step of steps) {
    if (!isObject(step)) continue;
    const key = typeof step['key'] === 'string' ? step['key'] : null;
    const name = typeof step['output_variable'] === 'string' ? step['output_variable'] : key ? `${key}_output` : null;
    if (name) makers.set(name, key ? `step ${key}` : 'another step');
    for (const below of [step['steps'], step['do'], step['else'], ...(Array.isArray(step['branches']) ? step['branches'].map((branch) => (isObject(branch) ? branch['steps'] : null)) : [])]) collectMakers(below, makers);
  }
}
