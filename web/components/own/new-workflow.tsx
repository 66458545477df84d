'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { fromSkill } from '#contracts/own/from-skill';
import type { OwnWorkflowWire } from '#contracts/api/own-workflows.schema';
import { ApiError, api } from '../../lib/api-client';
import { readYaml, skillFiles, SKELETON, slugFrom } from '../../lib/own-workflows';
import type { WorkflowSummaryWire } from '../../lib/queries';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { Select } from '../ui/select';
import { notify } from '../ui/toast';

const EMPTY = 'empty';
const EXPORT = 'awp.workflow/v1';
/** Has the browser ask for a folder; React's types do not know the word. */
const FOLDER = { webkitdirectory: '' };

/** A new workflow: from nothing, from a template (the starters and what is live), from a file of an export, from a SKILL.md. */
export function NewWorkflow({ templates, onMade }: { templates: readonly WorkflowSummaryWire[]; onMade: (slug: string) => void }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [from, setFrom] = useState(EMPTY);
  const [chosen, setChosen] = useState<{ file: File } | { folder: File[] } | null>(null);
  const [problems, setProblems] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();

  const documentOf = async (): Promise<{ path: string; body: Record<string, unknown> } | string[]> => {
    const own = name.trim() ? { name: name.trim() } : {};
    const file = chosen && 'file' in chosen ? chosen.file : null;
    if (chosen && (!file || /\.md$/i.test(file.name))) {
      const skill = await skillFiles('folder' in chosen ? chosen.folder : [chosen.file]);
      const { document, notes } = fromSkill(skill.folder, skill.files);
      if (!document) return notes.map(({ at, note }) => `${at}: ${note}`);
      return { path: '/api/v1/workflows', body: { definition: { ...document, ...own, ...(name.trim() ? { slug: slugFrom(name) } : {}) } } };
    }
    const read = file ? readYaml(await file.text()) : from === EMPTY ? readYaml(SKELETON) : { definition: (await api<OwnWorkflowWire>(`/api/v1/workflows/${encodeURIComponent(from)}/definition?channel=live`)).definition, problems: [] };
    if (!read.definition) return read.problems.map(({ line, detail }) => `${line === null ? '' : `line ${line}: `}${detail}`);
    if (read.definition['format'] === EXPORT) return { path: '/api/v1/workflows/import', body: { ...read.definition, ...(name.trim() ? { workflow_id: slugFrom(name) } : {}) } };
    return { path: '/api/v1/workflows', body: { definition: { ...read.definition, ...own, ...(name.trim() ? { slug: slugFrom(name) } : {}) } } };
  };
  const make = async (): Promise<void> => {
    setBusy(true);
    setProblems([]);
    try {
      const wanted = await documentOf();
      if (Array.isArray(wanted)) { setProblems(wanted); return; }
      const made = await api<OwnWorkflowWire>(wanted.path, { method: 'POST', body: wanted.body });
      await client.invalidateQueries({ queryKey: ['workflows'] });
      setOpen(false);
      notify(`${made.name} is there as version 1`);
      onMade(made.workflow_id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const found = error.problem.errors ?? [];
      setProblems(found.length > 0 ? found.map(({ pointer, detail }) => `${pointer} ${detail}`) : [`${error.message} ${error.remedy}`]);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>New workflow</Button>
      <Dialog open={open} onOpenChange={setOpen} title="A new workflow" footer={<><Button variant="quiet" onClick={() => setOpen(false)}>Cancel</Button><Button variant="primary" disabled={busy || (name.trim() === '' && !chosen)} onClick={() => void make()}>Make it</Button></>}>
        <div className="grid gap-4">
          <Field label="Name" maxLength={200} value={name} onChange={(event) => setName(event.target.value)} hint={name.trim() ? `workflow_id: ${slugFrom(name)}` : 'may be left out for a file, which has one'} />
          <div><p id="new-from" className="font-medium">Begin with</p><Select aria-labelledby="new-from" className="mt-1.5" disabled={chosen !== null} value={from} onValueChange={setFrom} options={[{ value: EMPTY, label: 'Two steps to change' }, ...templates.map(({ workflow_id: value, title }) => ({ value, label: title }))]} /></div>
          <Field label="Or a file" type="file" accept=".yaml,.yml,.json,.md" className="mt-1.5 py-1" hint="an export (YAML or JSON), a definition, or a SKILL.md" onChange={(event) => { const [file] = event.target.files ?? []; setChosen(file ? { file } : null); }} />
          <Field label="Or a skill folder" type="file" {...FOLDER} className="mt-1.5 py-1" hint="SKILL.md with the texts beside it; they become knowledge of the steps" onChange={(event) => { const folder = [...event.target.files ?? []]; setChosen(folder.length > 0 ? { folder } : null); }} />
          {problems.length > 0 ? <ul role="alert" className="grid gap-1 text-sm text-failed">{problems.slice(0, 30).map((problem) => <li key={problem}>{problem}</li>)}</ul> : null}
        </div>
      </Dialog>
    </>
  );
}
