import { z } from 'zod';
import type { ApprovalPolicy } from './governance.ts';
import type { ProviderId } from './providers.ts';
import type { Stage } from './runs.ts';

/** The form of a catalog definition: metadata, strict input schema, stage tabs, plan of calls, answer schemas. Read by the
 * API, the docs, the form and the Validate activity; never by Temporal's sandbox. */
export const PERSONAS = ['student', 'researcher', 'ml_engineer', 'data_scientist', 'ai_architect', 'executive'] as const;
export type Persona = (typeof PERSONAS)[number];
export const DIFFICULTIES = ['beginner', 'intermediate', 'advanced'] as const;

/** One planned model or tool call; estimates and caps come from these. Tokens per call. */
export interface PlannedCall { step: string; title: string; kind: 'model' | 'tool'; inputTokens: number; maxOutputTokens: number; repeat: number }

export interface CatalogEntry<Input extends z.ZodObject = z.ZodObject> {
  slug: string;
  /** the workflow function's name, shown by Temporal Web */
  workflowType: string;
  version: number;
  title: string;
  /** one sentence: what the person holds afterwards */
  outcome: string;
  description: string;
  personas: readonly Persona[];
  tags: readonly string[];
  difficulty: (typeof DIFFICULTIES)[number];
  estimatedMinutes: number;
  input: Input;
  /** stage tabs of the form, in order; every field is in exactly one */
  tabs: readonly { key: string; title: string; description: string; fields: readonly (keyof z.infer<Input> & string)[] }[];
  /** named input sets; the first is what "try it" uses. Each must parse. */
  presets: readonly { key: string; title: string; inputs: z.input<Input> }[];
  skills: readonly string[];
  /** tools it may use; a run's inputs can narrow them */
  tools: readonly string[];
  /** which tools these inputs really ask for */
  toolsFor: (input: z.infer<Input>) => readonly string[];
  artifacts: Readonly<Record<string, { fileName: string; mimeType: string; title: string }>>;
  /** the sentence on the Test rung: what the slice does */
  testSlice: string;
  plan: (input: z.infer<Input>, stage: Exclude<Stage, 'validate'>) => readonly PlannedCall[];
  /** models that these inputs name beside the run's own; the start checks each (key, capability) and prices it */
  targetsFor?: (input: z.infer<Input>) => readonly { provider: ProviderId; model: string }[];
  /** a Full run is refused (409 EvidenceRequired) until a Test run of its own has passed with the same inputs, provider and
   * model; without it a Full run may make its evidence by its own Test */
  requiresPriorEvidence?: boolean;
  /** what the model may be asked to answer with; a function where the number of items follows from the inputs */
  answers: Readonly<Record<string, z.ZodType | ((items: number) => z.ZodType)>>;
  /** what must happen before Full; null = the explicit choice is enough */
  policy: { fullApproval: ApprovalPolicy | null };
}

/** What a person says to a tool call that needs a yes; see workflows/steps/agent.ts. */
export const ToolDecisionSchema = z.strictObject({
  decision: z.enum(['allow', 'always', 'deny']).meta({ title: 'May it?', 'x-enum-labels': { allow: 'Yes, this once', always: 'Yes, and always for this tool in this run', deny: 'No' } }),
  arguments: z.string().max(10_000).optional().meta({ title: 'Other arguments', description: 'JSON in place of what the model asked for; leave empty to keep it.', 'x-ui': { widget: 'textarea', rows: 4 } }),
});
export const BUILT_IN_ANSWERS: Readonly<Record<string, z.ZodType>> = { tool_decision: ToolDecisionSchema };

/** The schema that an answer of this run has to fit; undefined when the entry has none of that name. */
export function answerSchema(entry: Pick<CatalogEntry, 'answers'> | undefined, spec: { name: string; items?: number }): z.ZodType | undefined {
  const found = entry?.answers[spec.name] ?? BUILT_IN_ANSWERS[spec.name];
  return typeof found === 'function' ? sized(found, spec.items ?? 1) : found;
}

const MAX_SIZES = 100;
const schemasBySize = new WeakMap<(items: number) => z.ZodType, Map<number, z.ZodType>>();

/** Made once for each number of items: every call of a step asks for it twice, and making one takes longer than parsing by it. */
function sized(make: (items: number) => z.ZodType, items: number): z.ZodType {
  const made = schemasBySize.get(make) ?? new Map<number, z.ZodType>();
  schemasBySize.set(make, made);
  const schema = made.get(items) ?? make(items);
  if (made.size < MAX_SIZES) made.set(items, schema);
  return schema;
}

const jsonSchemas = new WeakMap<z.ZodType, Record<string, unknown>>();

/** JSON Schema (2020-12) of an answer, as providers are given it; made once. */
export function answerJsonSchema(schema: z.ZodType): Record<string, unknown> {
  const known = jsonSchemas.get(schema);
  if (known) return known;
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12' }) as Record<string, unknown>;
  jsonSchemas.set(schema, made);
  return made;
}

/** Checks what types cannot (tabs cover the fields exactly once, presets parse) and returns the entry unchanged.
 * @throws Error at module load: a broken definition never reaches a person */
export function defineCatalogEntry<Input extends z.ZodObject>(entry: CatalogEntry<Input>): CatalogEntry<Input> {
  const fields = Object.keys(entry.input.shape).sort();
  const tabbed = entry.tabs.flatMap((tab) => [...tab.fields]).sort();
  if (fields.join() !== tabbed.join()) throw new Error(`${entry.slug}: tabs hold [${tabbed.join()}] but the input has [${fields.join()}]`);
  for (const preset of entry.presets) {
    const parsed = entry.input.safeParse(preset.inputs);
    if (!parsed.success) throw new Error(`${entry.slug}: preset ${preset.key} does not parse: ${z.prettifyError(parsed.error)}`);
  }
  return entry;
}

/** JSON Schema (2020-12) of an entry's inputs, as form, docs and API serve it. `x-…` keys come from zod's meta. */
export function inputJsonSchema(entry: Pick<CatalogEntry, 'input'>): Record<string, unknown> {
  return z.toJSONSchema(entry.input, { io: 'input', target: 'draft-2020-12' }) as Record<string, unknown>;
}
