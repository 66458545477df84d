import type { ApproverRole } from '../governance.ts';
import type { ProviderId } from '../providers.ts';
import type { RunMode } from '../runs.ts';

/** A workflow that people write themselves, as it is stored, exported and interpreted. Plain data, safe in the sandbox; the
 * zod schema is in definition.schema.ts, the rules between its parts in check.schema.ts. All names are snake_case and are
 * never mapped: what is written in YAML is what the API, the run's snapshot and the form hold. */
export const DEFINITION_FORMAT = 1;
export const STEP_TYPES = ['prompt', 'agent', 'tool', 'transform', 'validate', 'branch', 'parallel', 'map', 'approval', 'ask', 'artifact', 'workflow'] as const;
export type StepType = (typeof STEP_TYPES)[number];

/** What a definition may hold; beyond it is refused with its place before anything else is looked at. */
export const DEFINITION_LIMITS = { bytes: 240_000, steps: 200, runSteps: 2_000, depth: 6, templateCharacters: 10_000, placeholders: 100, renderedCharacters: 60_000, mapItems: 50, knowledge: 40, knowledgeCharacters: 9_000 } as const;

export type JsonSchema = Record<string, unknown>;
interface Named { key: string; title: string }
/** What asks a model; provider and model stand together or not at all. */
export interface Asking { prompt: string; system_prompt: string; persona?: string | undefined; provider?: ProviderId | undefined; model?: string | undefined; temperature: number; max_tokens: number; output_variable: string; knowledge: string[] }
export interface PromptStep extends Named, Asking { type: 'prompt'; answer_schema?: JsonSchema | undefined }
export interface AgentStep extends Named, Asking { type: 'agent'; tools: string[]; max_turns: number; ask_before_tools: boolean }
export interface ToolStep extends Named { type: 'tool'; tool: string; arguments: Record<string, unknown>; output_variable: string }
export const TRANSFORMS = ['extract', 'json_path', 'template', 'regex', 'pick', 'join', 'expression'] as const;
export interface TransformStep extends Named {
  type: 'transform'; operation: (typeof TRANSFORMS)[number]; output_variable: string;
  source?: string | undefined; path?: string | undefined; template?: string | undefined; pattern?: string | undefined; group?: number | undefined; all?: boolean | undefined; fields?: string[] | undefined; separator?: string | undefined; expression?: string | undefined;
}
export type ValidateRule = { soft: boolean; message?: string | undefined } & (
  | { rule: 'not_empty' } | { rule: 'min_length' | 'max_length'; value: number } | { rule: 'regex'; pattern: string } | { rule: 'json_schema'; schema: JsonSchema } | { rule: 'number_range'; min?: number | undefined; max?: number | undefined });
export interface ValidateStep extends Named { type: 'validate'; source: string; rules: ValidateRule[] }
export interface BranchStep extends Named { type: 'branch'; when: string; do: Step[]; else: Step[] }
export interface ParallelStep extends Named { type: 'parallel'; branches: { title: string; steps: Step[] }[] }
export interface MapStep extends Named { type: 'map'; over: string; item: string; steps: Step[]; max_items: number; concurrency: number; output_variable: string }
export interface ApprovalStep extends Named { type: 'approval'; show: string; approvers: number; role: ApproverRole }
export interface AskStep extends Named { type: 'ask'; show: string; answer_schema: JsonSchema; otherwise: Record<string, unknown>; output_variable: string }
export interface ArtifactStep extends Named { type: 'artifact'; file_name: string; content?: string | undefined; from?: string | undefined }
export interface SubRunStep extends Named { type: 'workflow'; workflow: string; version: number; inputs: Record<string, unknown>; output_variable: string }
export type Step = PromptStep | AgentStep | ToolStep | TransformStep | ValidateStep | BranchStep | ParallelStep | MapStep | ApprovalStep | AskStep | ArtifactStep | SubRunStep;

export interface InputTab { key: string; title: string; description: string; fields: string[] }
export interface Preset { key: string; title: string; inputs: Record<string, unknown> }
export interface OutputFile { file_name: string; title: string; content: string }
export interface OwnPolicy {
  modes: RunMode[];
  full_approval: { approvers: number; role: ApproverRole } | null;
  requires_prior_evidence: boolean;
  /** tools that its steps may use; what they name and this does not hold is an error */
  tools: string[] | null;
  /** of Full, below what the platform allows */
  caps: { output_tokens?: number | undefined; seconds?: number | undefined; cost_usd_micros?: number | undefined };
}

export interface OwnDefinition {
  format: typeof DEFINITION_FORMAT;
  /** the `workflow_id` */
  slug: string;
  name: string;
  description: string;
  personas: string[];
  tags: string[];
  difficulty: 'beginner' | 'intermediate' | 'advanced';
  estimated_minutes: number;
  inputs: { schema: JsonSchema; tabs: InputTab[]; presets: Preset[] };
  /** texts that prompts can lean on, by key */
  knowledge: { key: string; title: string; text: string }[];
  steps: Step[];
  outputs: OutputFile[];
  policy: OwnPolicy;
  /** what an import guessed and a person should look at */
  review: { pointer: string; note: string }[];
}

/** What a run keeps: its definition and those that its sub-run steps name, as they were when it was started. */
export interface OwnSnapshot { definition: OwnDefinition; subs: Record<string, OwnDefinition> }
export const subKey = (slug: string, version: number): string => `${slug}@${version}`;

/** The Temporal Workflow Type of a definition, as Temporal Web shows it: `own.essayWritingAssistant`. The dot keeps it apart
 * from every function that is or will be exported by workflows/index.ts. */
export const workflowTypeOf = (slug: string): string => `own.${slug.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}`;

/** Tools that leave the machine: a Test does without them. */
export const isNetworkTool = (tool: string): boolean => tool.startsWith('mcp:') || ['web_search', 'fetch_url', 'fetch_table', 'read_pdf', 'search_papers', 'resolve_reference', 'read_repository'].includes(tool);

/** The steps below a step, by the pointer segment they stand under. */
export function childrenOf(step: Step): { at: string; steps: Step[] }[] {
  if (step.type === 'branch') return [{ at: 'do', steps: step.do }, { at: 'else', steps: step.else }];
  if (step.type === 'parallel') return step.branches.map((branch, index) => ({ at: `branches/${index}/steps`, steps: branch.steps }));
  return step.type === 'map' ? [{ at: 'steps', steps: step.steps }] : [];
}

/** Every step, parents before children. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...childrenOf(step).flatMap(({ steps: below }) => allSteps(below))]);
}
