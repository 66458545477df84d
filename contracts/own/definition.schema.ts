import { z } from 'zod';
import { shownName } from '../api/common.schema.ts';
import { DIFFICULTIES, PERSONAS } from '../catalog.schema.ts';
import { APPROVER_ROLES } from '../governance.ts';
import { MAX_INPUT_FIELDS } from '../limits.ts';
import { PROVIDER_IDS } from '../providers.ts';
import { RUN_MODES } from '../runs.ts';
import { DEFINITION_FORMAT, DEFINITION_LIMITS, TRANSFORMS } from './definition.ts';

/** The parts of a definition one by one: the checker walks the steps itself, so that a mistake in one hides no other. Steps that
 * hold steps have them unparsed here. */
const KEY = /^[a-z][a-z0-9_]{0,39}$/;
const Key = z.string().regex(KEY, { error: ({ input }) => (input === '' ? 'must not be empty' : 'must begin with a small letter and hold only a–z, 0–9 and _ (at most 40)') });
const Title = shownName(120);
const Text = z.string().max(DEFINITION_LIMITS.templateCharacters);
const Template = Text.min(1, { error: 'must not be empty', abort: true }).refine((text) => text.trim() !== '', 'must not be empty');
const Variable = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,59}$/, 'must be a name: letters, digits and _');
const Path = z.string().min(1).max(200);
const JsonObject = z.record(z.string(), z.unknown());
const Steps = z.array(z.unknown());

const named = { key: Key.optional().describe('Name of the step, unique in the workflow; step_1, step_2 … when left out'), title: Title.optional() };
const output = { output_variable: Variable.optional().describe('Name of what it makes; <key>_output when left out') };
const asking = {
  ...named, ...output, prompt: Template.describe('May hold {{name}} of inputs and earlier steps'), system_prompt: Text.default('').describe('What part the model plays'), persona: z.enum(PERSONAS).optional(),
  provider: z.enum(PROVIDER_IDS).optional().describe('Another provider than the run\'s own; name its model too'), model: z.string().trim().min(1).max(200).optional(),
  temperature: z.number().min(0).max(2).default(0.7), max_tokens: z.int().min(16).max(32_000).default(1000), knowledge: z.array(Key).max(DEFINITION_LIMITS.knowledge).default([]),
};
const soft = { soft: z.boolean().default(false).describe('Only a remark when it does not hold'), message: z.string().trim().max(300).optional() };
const Rule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('not_empty'), ...soft }),
  z.strictObject({ rule: z.enum(['min_length', 'max_length']), value: z.int().min(0).max(1_000_000), ...soft }),
  z.strictObject({ rule: z.literal('regex'), pattern: z.string().min(1).max(500), ...soft }),
  z.strictObject({ rule: z.literal('json_schema'), schema: JsonObject, ...soft }),
  z.strictObject({ rule: z.literal('number_range'), min: z.number().optional(), max: z.number().optional(), ...soft }),
]);

export const StepSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('prompt'), ...asking, answer_schema: JsonObject.optional().describe('JSON Schema that the answer has to fit') }),
  z.strictObject({ type: z.literal('agent'), ...asking, tools: z.array(z.string().min(1).max(100)).min(1).max(12), max_turns: z.int().min(1).max(20).default(6), ask_before_tools: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('tool'), ...named, ...output, tool: z.string().min(1).max(100), arguments: JsonObject.default({}) }),
  z.strictObject({
    type: z.literal('transform'), ...named, ...output, operation: z.enum(TRANSFORMS).default('extract'), source: Path.optional(), path: Path.optional(), template: Template.optional(), pattern: z.string().min(1).max(500).optional(),
    group: z.int().min(0).max(20).optional(), all: z.boolean().optional(), fields: z.array(Path).min(1).max(50).optional(), separator: z.string().max(50).optional(), expression: z.string().min(1).max(1000).optional(),
  }),
  z.strictObject({ type: z.literal('validate'), ...named, source: Path, rules: z.array(Rule).min(1).max(20) }),
  z.strictObject({ type: z.literal('branch'), ...named, when: z.string().min(1).max(1000), do: Steps.min(1), else: Steps.default([]) }),
  z.strictObject({ type: z.literal('parallel'), ...named, branches: z.array(z.strictObject({ title: Title.optional(), steps: Steps.min(1) })).min(2).max(12) }),
  z.strictObject({ type: z.literal('map'), ...named, ...output, over: Path, item: Variable.default('item'), steps: Steps.min(1), max_items: z.int().min(1).max(DEFINITION_LIMITS.mapItems).default(10), concurrency: z.int().min(1).max(5).default(3) }),
  z.strictObject({ type: z.literal('approval'), ...named, show: Text.default(''), approvers: z.int().min(1).max(5).default(1), role: z.enum(APPROVER_ROLES).default('admin') }),
  z.strictObject({ type: z.literal('ask'), ...named, ...output, show: Text.default(''), answer_schema: JsonObject, otherwise: JsonObject.describe('What the run goes on with when nobody answers') }),
  z.strictObject({ type: z.literal('artifact'), ...named, file_name: z.string().regex(/^[\w][\w. -]{0,80}\.(?:md|txt|json|csv)$/, 'must be a plain file name that ends in .md, .txt, .json or .csv'), content: Template.optional(), from: Path.optional() }),
  z.strictObject({ type: z.literal('workflow'), ...named, ...output, workflow: Key, version: z.int().min(1), inputs: JsonObject.default({}) }),
]);
export type ParsedStep = z.output<typeof StepSchema>;

const Tab = z.strictObject({ key: Key, title: Title, description: z.string().max(500).default(''), fields: z.array(z.string()).max(MAX_INPUT_FIELDS) });
const PresetSchema = z.strictObject({ key: Key, title: Title, inputs: JsonObject });
export const PolicySchema = z.strictObject({
  modes: z.array(z.enum(RUN_MODES)).min(1).default([...RUN_MODES]),
  full_approval: z.strictObject({ approvers: z.int().min(1).max(5), role: z.enum(APPROVER_ROLES) }).nullable().default(null),
  requires_prior_evidence: z.boolean().default(false),
  tools: z.array(z.string().min(1).max(100)).max(50).nullable().default(null),
  caps: z.strictObject({ output_tokens: z.int().min(16).optional(), seconds: z.number().min(1).optional(), cost_usd_micros: z.int().min(0).optional() }).default({}),
});

/** Everything but the steps. */
export const HeadSchema = z.strictObject({
  format: z.literal(DEFINITION_FORMAT).default(DEFINITION_FORMAT),
  slug: z.string().regex(/^[a-z][a-z0-9_]{1,49}$/, 'must be a slug: a–z, 0–9 and _, 2 to 50 characters'),
  name: shownName(255), description: z.string().max(4000).default(''), personas: z.array(z.enum(PERSONAS)).min(1), tags: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  difficulty: z.enum(DIFFICULTIES).default('beginner'), estimated_minutes: z.number().min(1).max(240).default(5),
  inputs: z.strictObject({ schema: JsonObject.default({ type: 'object', properties: {} }), tabs: z.array(Tab).max(12).default([]), presets: z.array(PresetSchema).max(20).default([]) }).prefault({}),
  knowledge: z.array(z.strictObject({ key: Key, title: Title, text: z.string().min(1).max(DEFINITION_LIMITS.knowledgeCharacters) })).max(DEFINITION_LIMITS.knowledge).default([]),
  steps: Steps, outputs: z.array(z.strictObject({ file_name: z.string().regex(/^[\w][\w. -]{0,80}\.(?:md|txt|json)$/, 'must be a plain file name that ends in .md, .txt or .json'), title: Title, content: Template })).max(20).default([]),
  policy: PolicySchema.prefault({}),
  review: z.array(z.strictObject({ pointer: z.string().max(300), note: z.string().max(500) })).max(500).default([]),
});
