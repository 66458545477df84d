import { DEFINITION_LIMITS, subKey, type OwnDefinition } from './definition.ts';
import type { ParsedStep } from './definition.schema.ts';
import { EXPRESSION_WORDS } from './expressions.ts';
import { parserProblem, schemaProblems, zodOf } from './input-schema.schema.ts';
import type { PatternWork } from './patterns.ts';
import type { Problem, Scope } from './scope.ts';

/** What is known around a definition. */
export interface World {
  /** names of tools that are installed; null = not known here */
  tools: readonly string[] | null;
  /** providers this person can use; null = not known here */
  providers: readonly string[] | null;
  /** definitions that sub-runs may name, by `slug@version` */
  subs: Readonly<Record<string, OwnDefinition>>;
}
export interface Here { pointer: string; scope: Scope; world: World; problems: Problem[]; slug: string; knowledge: ReadonlySet<string>; inputs: ReadonlySet<string>; patterns: PatternWork }

const MOST = DEFINITION_LIMITS.placeholders;

export function jsonSchemaAt(schema: Record<string, unknown>, pointer: string, problems: Problem[], fields = false): boolean {
  const found = schemaProblems(schema, fields);
  for (const { at, detail } of found.slice(0, 20)) problems.push({ pointer: `${pointer}${at}`, severity: 'error', detail });
  if (found.length > 0) return false;
  const refused = parserProblem(schema);
  if (refused) problems.push({ pointer, severity: 'error', detail: refused });
  return refused === null;
}

/** One step by itself: everything but the steps below it. */
export function checkStep(step: ParsedStep, here: Here): void {
  const { pointer, scope, problems, world } = here;
  const wrong = (at: string, detail: string, severity: Problem['severity'] = 'error'): void => { problems.push({ pointer: `${pointer}${at}`, severity, detail }); };
  switch (step.type) {
    case 'prompt':
    case 'agent':
      scope.template(step.prompt, `${pointer}/prompt`, problems, MOST);
      scope.template(step.system_prompt, `${pointer}/system_prompt`, problems, MOST);
      if (step.model && !step.provider) wrong('/provider', `must be named beside the model: ${step.model} would else go to whatever provider the run has`);
      if (step.provider && !step.model) wrong('/model', `must be named beside the provider ${step.provider}`);
      if (step.provider && world.providers && !world.providers.includes(step.provider)) wrong('/provider', `${step.provider} has no usable key here; a run is refused until it has one`, 'warning');
      for (const [index, key] of step.knowledge.entries()) if (!here.knowledge.has(key)) wrong(`/knowledge/${index}`, `${key} is not in the knowledge of this workflow`);
      if (step.type === 'prompt' && step.answer_schema) jsonSchemaAt(step.answer_schema, `${pointer}/answer_schema`, problems, true);
      if (step.type === 'agent') for (const [index, tool] of step.tools.entries()) checkTool(tool, `/tools/${index}`, here);
      return;
    case 'tool':
      checkTool(step.tool, '/tool', here);
      scope.templatesIn(step.arguments, `${pointer}/arguments`, problems, MOST);
      return;
    case 'transform': checkTransform(step, here, wrong); return;
    case 'validate':
      scope.path(step.source, `${pointer}/source`, problems);
      for (const [index, rule] of step.rules.entries()) {
        const refused = rule.rule === 'regex' ? here.patterns.problem(rule.pattern) : null;
        if (refused) wrong(`/rules/${index}/pattern`, refused);
        if (rule.rule === 'json_schema') jsonSchemaAt(rule.schema, `${pointer}/rules/${index}/schema`, problems);
        if (rule.rule === 'number_range' && rule.min !== undefined && rule.max !== undefined && rule.min > rule.max) wrong(`/rules/${index}/min`, 'is above max: nothing can fit');
      }
      return;
    case 'branch': {
      const constant = scope.expression(step.when, `${pointer}/when`, problems);
      if (constant === true && step.else.length > 0) wrong('/else', 'can never be reached: the condition is always true');
      if (constant === false) wrong('/do', 'can never be reached: the condition is always false');
      return;
    }
    case 'map':
      scope.path(step.over, `${pointer}/over`, problems);
      if (EXPRESSION_WORDS.has(step.item)) wrong('/item', `${step.item} is a word of the expression language`);
      if (scope.has(step.item)) wrong('/item', `${step.item} is the name of something else already`);
      return;
    case 'approval': scope.template(step.show, `${pointer}/show`, problems, MOST); return;
    case 'ask':
      scope.template(step.show, `${pointer}/show`, problems, MOST);
      if (jsonSchemaAt(step.answer_schema, `${pointer}/answer_schema`, problems, true)) {
        const fits = zodOf(step.answer_schema).safeParse(step.otherwise);
        if (!fits.success) wrong('/otherwise', `does not fit the answer's own schema: ${fits.error.issues[0]?.path.join('.') ?? ''} ${fits.error.issues[0]?.message ?? ''}`.trim());
      }
      return;
    case 'artifact':
      if ((step.content === undefined) === (step.from === undefined)) wrong('', 'needs exactly one of content (a text) and from (a name)');
      if (step.content !== undefined) scope.template(step.content, `${pointer}/content`, problems, MOST);
      if (step.from !== undefined) scope.path(step.from, `${pointer}/from`, problems);
      return;
    case 'workflow': checkSubRun(step, here, wrong); return;
    case 'parallel':
  }
}

function checkTool(tool: string, at: string, { pointer, problems, world }: Here): void {
  if (!world.tools || world.tools.includes(tool)) return;
  problems.push({ pointer: `${pointer}${at}`, severity: 'error', detail: `there is no tool named ${tool} here; installed are ${world.tools.join(', ')}` });
}

const NEEDS: Record<string, readonly ('source' | 'path' | 'template' | 'pattern' | 'fields' | 'expression')[]> = { extract: ['source'], json_path: ['source', 'path'], template: ['template'], regex: ['source', 'pattern'], pick: ['source', 'fields'], join: ['source'], expression: ['expression'] };

function checkTransform(step: Extract<ParsedStep, { type: 'transform' }>, { pointer, scope, problems, patterns }: Here, wrong: (at: string, detail: string) => void): void {
  for (const field of NEEDS[step.operation] ?? []) if (step[field] === undefined) wrong(`/${field}`, `is needed for ${step.operation}`);
  if (step.source !== undefined) scope.path(step.source, `${pointer}/source`, problems);
  if (step.template !== undefined) scope.template(step.template, `${pointer}/template`, problems, MOST);
  if (step.expression !== undefined) scope.expression(step.expression, `${pointer}/expression`, problems);
  const refused = step.pattern === undefined ? null : patterns.problem(step.pattern);
  if (refused) wrong('/pattern', refused);
}

function checkSubRun(step: Extract<ParsedStep, { type: 'workflow' }>, here: Here, wrong: (at: string, detail: string) => void): void {
  const { scope, pointer, problems, world, slug } = here;
  scope.templatesIn(step.inputs, `${pointer}/inputs`, problems, MOST);
  if (step.workflow === slug) { wrong('/workflow', `${slug} would run itself, without end`); return; }
  const sub = world.subs[subKey(step.workflow, step.version)];
  if (!sub) { wrong('/workflow', `there is no workflow ${step.workflow} with a version ${step.version} that you can use`); return; }
  const way = wayTo(slug, sub, world.subs, [step.workflow]);
  if (way) { wrong('/workflow', `goes in a circle: ${[slug, ...way].join(' → ')}`); return; }
  const { properties = {}, required = [] } = sub.inputs.schema as { properties?: Record<string, { default?: unknown }>; required?: string[] };
  for (const name of Object.keys(step.inputs)) if (!Object.hasOwn(properties, name)) wrong(`/inputs/${name}`, `${step.workflow} takes no ${name}; it takes ${Object.keys(properties).join(', ') || 'nothing'}`);
  for (const name of required) if (!Object.hasOwn(step.inputs, name) && properties[name]?.default === undefined) wrong('/inputs', `${step.workflow} needs ${name}`);
}

/** How a definition leads back to a slug through its sub-runs; null when it does not. */
function wayTo(slug: string, sub: OwnDefinition, subs: World['subs'], way: string[]): string[] | null {
  if (way.length > 6) return [...way, '…'];
  for (const text of JSON.stringify(sub.steps).matchAll(/"type":"workflow"[^{}]*?"workflow":"([a-z0-9_]+)","version":(\d+)/g)) {
    const next = text[1] ?? '';
    if (next === slug || way.includes(next)) return [...way, next];
    const deeper = subs[subKey(next, Number(text[2]))];
    const found = deeper ? wayTo(slug, deeper, subs, [...way, next]) : null;
    if (found) return found;
  }
  return null;
}
