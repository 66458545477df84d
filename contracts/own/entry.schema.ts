import type { z } from 'zod';
import type { CatalogEntry, Persona } from '../catalog.schema.ts';
import type { ProviderId } from '../providers.ts';
import { allSteps, subKey, workflowTypeOf, type OwnSnapshot, type Step } from './definition.ts';
import { filesOf } from './files.ts';
import { zodOf } from './input-schema.schema.ts';
import { planOf } from './sizes.ts';

/** A definition as a catalog entry: form, plan, answer schemas, tools and policy in the shape that API, Validate and activities
 * know. One engine, two ways to describe. Pure; build it once a version. */
export function entryOf(snapshot: OwnSnapshot, version: number): CatalogEntry {
  const { definition } = snapshot;
  const steps = everyStep(snapshot, definition.steps);
  const input = zodOf(definition.inputs.schema) as z.ZodObject;
  const tools = [...new Set(steps.flatMap(({ step }) => (step.type === 'tool' ? [step.tool] : step.type === 'agent' ? step.tools : [])))];
  const targets = steps.flatMap(({ step }) => ((step.type === 'prompt' || step.type === 'agent') && step.provider && step.model ? [{ provider: step.provider, model: step.model }] : []));
  return {
    slug: definition.slug, workflowType: workflowTypeOf(definition.slug), version, title: definition.name, outcome: definition.description.split('\n')[0]?.slice(0, 200) || `The result of ${definition.name}.`, description: definition.description,
    personas: definition.personas as Persona[], tags: definition.tags, difficulty: definition.difficulty, estimatedMinutes: definition.estimated_minutes,
    input, tabs: definition.inputs.tabs, presets: definition.inputs.presets, skills: [],
    tools: definition.policy.tools ?? tools, toolsFor: () => tools, artifacts: Object.fromEntries(filesOf(definition).map((file) => [file.key, file])),
    testSlice: 'Every step of the way once, with short answers; lists are walked for one item, nobody is asked, no network tool is used.',
    plan: (given, stage) => planOf(snapshot, stage, given), ...(targets.length > 0 ? { targetsFor: () => distinct(targets) } : {}),
    requiresPriorEvidence: definition.policy.requires_prior_evidence, answers: Object.fromEntries(steps.flatMap(({ name, step }) => answerOf(name, step))), policy: { fullApproval: definition.policy.full_approval },
  };
}

function answerOf(name: string, step: Step): [string, z.ZodType][] {
  return (step.type === 'prompt' || step.type === 'ask') && step.answer_schema ? [[name, zodOf(step.answer_schema)]] : [];
}

/** Steps of the definition and of its sub-runs, under the names their answers have. */
function everyStep({ subs }: OwnSnapshot, steps: readonly Step[], prefix = '', depth = 0): { name: string; step: Step }[] {
  return allSteps(steps).flatMap((step) => {
    const sub = step.type === 'workflow' && depth < 6 ? subs[subKey(step.workflow, step.version)] : undefined;
    return [{ name: `${prefix}${step.key}`, step }, ...(sub ? everyStep({ definition: sub, subs }, sub.steps, `${prefix}${step.key}-`, depth + 1) : [])];
  });
}

const distinct = (targets: readonly { provider: ProviderId; model: string }[]) => [...new Map(targets.map((target) => [`${target.provider} ${target.model}`, target])).values()];
