import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';
import type { WorkflowDetailWire, WorkflowSchemaWire, WorkflowSummaryWire } from '#contracts/api/workflows.schema';
import { DEFAULT_RUN_MODE, MODE_WORDS, RUN_MODES, stagesOf, type RunMode } from '#contracts/runs';
import type { Caps } from '#contracts/workflow';
import type { Config } from '#platform/config';
import type { WorkflowRecord } from '#platform/repositories/workflows';
import type { TypicalUse } from '#platform/repositories/typical-use';
import { uploadFields } from '#contracts/uploads';
import { capsOf } from '../../caps.ts';
import { sampleOf } from '../../samples.ts';

const uploads = new WeakMap<CatalogEntry, WorkflowSummaryWire['uploads']>();
/** Made once an entry: a JSON Schema of each form for each look at the catalog was most of its time. */
function uploadsOf(entry: CatalogEntry): WorkflowSummaryWire['uploads'] {
  const known = uploads.get(entry) ?? uploadFields(inputJsonSchema(entry));
  uploads.set(entry, known);
  return known;
}

/** @param typical  of the caller's own runs; null = none yet */
export function summaryToWire(row: WorkflowRecord, entry: CatalogEntry, typical: TypicalUse | null): WorkflowSummaryWire {
  const sample = sampleOf(entry);
  return {
    workflow_id: row.slug, id: row.id, name: row.name, title: entry.title, outcome: entry.outcome, description: row.description, personas: row.personas, tags: row.tags,
    difficulty: entry.difficulty, estimated_minutes: entry.estimatedMinutes, estimated_duration_seconds: row.estimatedSeconds, version: entry.version, is_active: row.isActive,
    workflow_type: entry.workflowType, tools: [...entry.tools],
    uploads: uploadsOf(entry), full_approval: entry.policy.fullApproval, requires_prior_evidence: entry.requiresPriorEvidence === true,
    typical: typical && { run_mode: typical.runMode, simulated: typical.simulated, runs: typical.runs, seconds: typical.seconds, cost_usd_micros: typical.costUsdMicros }, ratings: typical?.ratings ?? { good: 0, poor: 0 },
    sample: sample && { file_name: sample.fileName, mime_type: sample.mimeType, title: sample.title }, kind: row.kind === 'own' ? 'own' as const : 'catalog' as const, channels: row.kind === 'own' ? { draft: row.currentVersion, test: row.testVersion, live: row.liveVersion } : null,
    created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString(),
  };
}

export function detailToWire(row: WorkflowRecord, entry: CatalogEntry, config: Config, typical: TypicalUse | null): WorkflowDetailWire {
  return {
    ...summaryToWire(row, entry, typical), modes: RUN_MODES.map((mode) => modeToWire(mode, entry, config)), artifacts: Object.entries(entry.artifacts).map(([key, artifact]) => ({ key, file_name: artifact.fileName, mime_type: artifact.mimeType, title: artifact.title })),
    presets: presetsToWire(entry), skills: [...entry.skills], tabs: tabsToWire(entry), content_hash: row.versions[0]?.contentHash ?? '', sample_text: sampleOf(entry)?.text ?? null,
  };
}

function modeToWire(mode: RunMode, entry: CatalogEntry, config: Config): WorkflowDetailWire['modes'][number] {
  const caps = capsOf(config);
  const stage = mode === 'full_run' ? 'full' : 'test';
  const first = entry.presets[0] ? entry.input.parse(entry.presets[0].inputs) : null;
  const detail = { validate_only: 'Checks the inputs, the key, the provider, the tools and the cost; asks no model to write.', test_run: entry.testSlice, full_run: entry.outcome }[mode];
  return {
    run_mode: mode, ...MODE_WORDS[mode], stages: [...stagesOf(mode)], detail, is_default: mode === DEFAULT_RUN_MODE,
    caps: mode === 'validate_only' ? null : capsToWire(caps[stage]),
    plan: mode === 'validate_only' || !first ? [] : entry.plan(first, stage).map((call) => ({ step: call.step, title: call.title, kind: call.kind, repeat: call.repeat, input_tokens: call.inputTokens, max_output_tokens: call.maxOutputTokens })),
  };
}

const capsToWire = (caps: Caps) => ({ output_tokens: caps.outputTokens, input_tokens: caps.inputTokens, seconds: caps.seconds, iterations: caps.iterations, cost_usd_micros: caps.costUsdMicros });
const tabsToWire = (entry: CatalogEntry) => entry.tabs.map((tab) => ({ key: tab.key, title: tab.title, description: tab.description, fields: tab.fields.slice() }));
const presetsToWire = (entry: CatalogEntry) => entry.presets.map((preset) => ({ ...preset, inputs: preset.inputs }));

interface JsonProperty { type?: string; title?: string; description?: string; default?: unknown; enum?: unknown[]; items?: { enum?: unknown[] } }

export function schemaToWire(entry: CatalogEntry): WorkflowSchemaWire {
  const jsonSchema = inputJsonSchema(entry);
  const properties = (jsonSchema['properties'] ?? {}) as Record<string, JsonProperty>;
  const required = (jsonSchema['required'] ?? []) as string[];
  const tabOf = new Map(entry.tabs.flatMap((tab) => tab.fields.map((field): [string, string] => [field, tab.key])));
  return {
    workflow_id: entry.slug, version: entry.version, json_schema: jsonSchema, tabs: tabsToWire(entry), presets: presetsToWire(entry),
    fields: Object.entries(properties).map(([name, property]) => ({
      name, type: property.type ?? 'object', title: property.title ?? null, description: property.description ?? null, tab: tabOf.get(name) ?? '', required: required.includes(name),
      ...(property.default === undefined ? {} : { default: property.default }), options: property.enum ?? property.items?.enum ?? null,
    })),
  };
}
