'use client';
import type { RJSFSchema } from '@rjsf/utils';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RunMode } from '#contracts/runs';
import { loadDraft, saveDraft, clearDraft } from './draft';
import { firstModel } from './model-choices';
import { preferredProvider } from './provider-choice';
import type { ProviderWire, RunDetailWire, WorkflowDetailWire, WorkflowSchemaWire } from './queries';
import { inputsOfAddress } from './read-inputs';
import { withDefaults, type Inputs } from './schema-form';

/** Where the form's first values came from, so that the page can say it and offer the way back. */
export type Origin = { kind: 'defaults' } | { kind: 'draft'; savedAt: string } | { kind: 'run'; run: RunDetailWire } | { kind: 'preset'; title: string } | { kind: 'link' };

export interface RunnerState { inputs: Inputs; mode: RunMode; provider: ProviderWire | undefined; model: string; origin: Origin; savedAt: string | null }

const AUTOSAVE_MS = 400;

/** State of the runner's form: start values (another run, a preset, the address, the draft, the defaults), choices, autosaved draft. */
export function useRunner({ workflow, schema, providers, userId, source, preset, wantedMode }: { workflow: WorkflowDetailWire; schema: WorkflowSchemaWire; providers: ProviderWire[]; userId: string; source: RunDetailWire | undefined; preset: string | null; wantedMode: RunMode | null }) {
  const jsonSchema = schema.json_schema as RJSFSchema;
  const defaultMode = workflow.modes.find((mode) => mode.is_default)?.run_mode ?? 'test_run';

  const begin = (run: RunDetailWire | undefined): RunnerState => {
    const pick = (inputs: Inputs, origin: Origin, mode: RunMode = defaultMode, wanted: string | null = null, model: string | null = null): RunnerState => {
      const provider = preferredProvider(providers, wanted);
      return { inputs: withDefaults(jsonSchema, inputs), mode: wantedMode ?? mode, provider, model: model ?? firstModel(provider), origin, savedAt: null };
    };
    if (run) return pick(run.inputs, { kind: 'run', run }, run.run_mode, run.provider, preferredProvider(providers, run.provider)?.provider === run.provider ? run.model : null);
    const chosen = preset === null ? undefined : schema.presets.find((candidate) => candidate.key === preset) ?? schema.presets[0];
    if (chosen) return pick(chosen.inputs, { kind: 'preset', title: chosen.title });
    const linked = inputsOfAddress(jsonSchema, new URLSearchParams(window.location.search));
    if (linked) return pick(linked, { kind: 'link' });
    const draft = loadDraft(userId, workflow.workflow_id, window.localStorage);
    return draft ? pick(draft.inputs, { kind: 'draft', savedAt: draft.savedAt }, draft.mode) : pick({}, { kind: 'defaults' });
  };

  const [state, setState] = useState<RunnerState>(() => begin(source));

  const dirty = useRef(false);
  const { inputs, mode } = state;
  useEffect(() => {
    if (!dirty.current) return;
    const timer = setTimeout(() => {
      const savedAt = new Date().toISOString();
      if (saveDraft(userId, workflow.workflow_id, { version: schema.version, inputs, mode, savedAt }, window.localStorage)) setState((before) => ({ ...before, savedAt }));
    }, AUTOSAVE_MS);
    return () => clearTimeout(timer);
  }, [inputs, mode, schema.version, userId, workflow.workflow_id]);

  return useMemo(() => ({
    state, jsonSchema,
    setInputs: (next: Inputs) => { dirty.current = true; setState((before) => ({ ...before, inputs: next })); },
    setMode: (next: RunMode) => { dirty.current = true; setState((before) => ({ ...before, mode: next })); },
    setProvider: (id: string) => setState((before) => {
      const provider = providers.find((candidate) => candidate.provider === id);
      return { ...before, provider, model: firstModel(provider) };
    }),
    setModel: (model: string) => setState((before) => ({ ...before, model })),
    takePreset: (key: string) => {
      const chosen = schema.presets.find((candidate) => candidate.key === key);
      if (!chosen) return;
      dirty.current = true;
      setState((before) => ({ ...before, inputs: withDefaults(jsonSchema, chosen.inputs), origin: { kind: 'preset', title: chosen.title } }));
    },
    startAfresh: () => {
      dirty.current = false;
      clearDraft(userId, workflow.workflow_id, window.localStorage);
      setState((before) => ({ ...before, inputs: withDefaults(jsonSchema, {}), mode: defaultMode, origin: { kind: 'defaults' }, savedAt: null }));
    },
    restore: (earlier: RunnerState) => { dirty.current = true; setState(earlier); },
    forgetDraft: () => { dirty.current = false; clearDraft(userId, workflow.workflow_id, window.localStorage); },
  }), [state, jsonSchema, providers, schema.presets, userId, workflow.workflow_id, defaultMode]);
}
