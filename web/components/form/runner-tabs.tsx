'use client';
import type { RJSFSchema, UiSchema } from '@rjsf/utils';
import { ArrowRight } from 'lucide-react';
import type { RunMode } from '#contracts/runs';
import { cn } from '../../lib/class-names';
import type { ModeReason } from '../../lib/mode-reasons';
import type { FieldErrors, Inputs } from '../../lib/schema-form';
import type { ProviderWire, WorkflowDetailWire, WorkflowSchemaWire } from '../../lib/queries';
import { ModeLadder } from '../run/mode-ladder';
import { Button } from '../ui/button';
import { Tab, TabPanel, Tabs, TabsList } from '../ui/tabs';
import { SchemaFields } from './schema-form';

type TabWire = WorkflowSchemaWire['tabs'][number];

/** The tab without fields is where the mode is chosen; a workflow that has none gets one at the end. */
export function tabsOf(tabs: readonly TabWire[]): TabWire[] {
  return tabs.some(({ fields }) => fields.length === 0) ? [...tabs] : [...tabs, { key: 'run_mode', title: 'Run mode', description: 'Check, try small, or run fully.', fields: [] }];
}

/** A file goes on to arrive while another tab is looked at. */
const takesFiles = (schema: RJSFSchema, tab: TabWire): boolean => tab.fields.some((field) => ((schema.properties?.[field] as RJSFSchema | undefined)?.['x-ui'] as { widget?: string } | undefined)?.widget === 'upload');

export interface RunnerTabsProps {
  tabs: TabWire[]; current: TabWire; onTab: (key: string) => void;
  schema: RJSFSchema; uiSchema: UiSchema; inputs: Inputs; errors: FieldErrors; onInputs: (inputs: Inputs) => void;
  modes: WorkflowDetailWire['modes']; mode: RunMode; onMode: (mode: RunMode) => void; model: ProviderWire['models'][number] | undefined; simulated: boolean; reasons: Record<RunMode, ModeReason[]>; disabled: boolean;
}

/** Numbered stage tabs, as the nodes of a rail. A tab with errors says how many. */
export function RunnerTabs({ tabs, current, onTab, schema, uiSchema, inputs, errors, onInputs, modes, mode, onMode, model, simulated, reasons, disabled }: RunnerTabsProps) {
  const next = tabs[tabs.indexOf(current) + 1];
  return (
    <Tabs value={current.key} onValueChange={(key) => onTab(String(key))} className="border border-rule bg-surface">
      <TabsList aria-label="Parts of the form" className="px-2">
        {tabs.map((tab, index) => {
          const wrong = tab.fields.filter((field) => errors[field]).length;
          return (
            <Tab key={tab.key} value={tab.key}>
              <span aria-hidden className={cn('grid size-5 place-items-center rounded-full border border-control font-mono text-xs', wrong > 0 && 'border-failed bg-failed-paper text-failed', current.key === tab.key && wrong === 0 && 'border-accent text-accent')}>{wrong > 0 ? '×' : index + 1}</span>
              {tab.title}
              {wrong > 0 ? <span className="sr-only">, {wrong === 1 ? 'one error' : `${wrong} errors`}</span> : null}
            </Tab>
          );
        })}
      </TabsList>
      {tabs.map((tab) => (
        <TabPanel key={tab.key} value={tab.key} keepMounted={takesFiles(schema, tab)} className="p-4 sm:p-6">
          <h2 id={`tab-title-${tab.key}`} className="sr-only">{tab.title}</h2>
          {tab.description ? <p className="mb-6 text-muted">{tab.description}</p> : null}
          {tab.fields.length > 0
            ? <SchemaFields schema={schema} uiSchema={uiSchema} fields={tab.fields} inputs={inputs} errors={errors} disabled={disabled} onChange={onInputs} />
            : <ModeLadder modes={modes} value={mode} onChange={onMode} model={model} simulated={simulated} reasons={reasons} labelledBy={`tab-title-${tab.key}`} />}
          {next ? <Button variant="quiet" className="mt-6 -ml-3.5" onClick={() => onTab(next.key)}>Next: {next.title}<ArrowRight aria-hidden className="size-4" /></Button> : null}
        </TabPanel>
      ))}
    </Tabs>
  );
}
