'use client';
import Link from 'next/link';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usedNames, type Node, type ScopeName } from '#contracts/own/outline';
import { isTerminal } from '#contracts/runs';
import { sampleFor, typedText, typedValue } from '../../../lib/builder/samples';
import { ApiError, api } from '../../../lib/api-client';
import { runQuery, type RunDetailWire, type StartedRun } from '../../../lib/queries';
import { statusWord } from '../../../lib/status';
import { Button } from '../../ui/button';
import { Textarea } from '../../ui/input';
import { Fold } from '../../ui/fold';
import { Select } from '../../ui/select';

interface TryProps { slug: string; document: Node; pointer: string; step: Node; scope: readonly ScopeName[]; typed: Readonly<Record<string, unknown>>; onType: (name: string, value: unknown) => void; providers: readonly string[] }

/** This step alone, on samples, as a Test run: what it would say, before the rest exists. */
export function TryPanel({ slug, document, pointer, step, scope, typed, onType, providers }: TryProps) {
  const [provider, setProvider] = useState(providers.find((name) => name !== 'demo') ?? 'demo');
  const [runId, setRunId] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const used = usedNames(step, scope);
  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    setRunId(null);
    try {
      const values = Object.fromEntries(used.map((name) => [name.name, sampleFor(document, name, typed)] as const).filter(([, value]) => value !== undefined));
      setRunId((await api<StartedRun>(`/api/v1/workflows/${encodeURIComponent(slug)}/try`, { method: 'POST', body: { definition: document, step: pointer, values, provider } })).id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem([error.message, ...(error.problem.errors ?? []).map((found) => `${found.pointer} ${found.detail}`)].join(' · '));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Fold title="Run this step on a sample" aside="a Test: 1,000 tokens, 60 s at most">
      <div className="grid gap-3">
        {used.map((name) => (
          <div key={name.name}>
            <label htmlFor={`sample-${name.name}`} className="block font-mono text-sm">{name.name}<span className="ml-2 font-sans text-muted">{name.from}</span></label>
            <Textarea id={`sample-${name.name}`} rows={2} className="mt-1 min-h-9 text-sm" value={typedText(sampleFor(document, name, typed))} placeholder="A sample: text, or JSON" onChange={(event) => onType(name.name, event.target.value === '' ? undefined : typedValue(event.target.value))} />
          </div>
        ))}
        <div className="flex flex-wrap items-center gap-2">
          <Select aria-label="Provider of the trial" className="w-44" value={provider} onValueChange={setProvider} options={[...new Set([...providers, 'demo'])].map((name) => ({ value: name, label: name }))} />
          <Button disabled={busy} onClick={() => void start()}>Run this step</Button>
        </div>
        {problem ? <p role="alert" className="text-sm text-failed">{problem}</p> : null}
        {runId ? <Outcome runId={runId} /> : null}
      </div>
    </Fold>
  );
}

function Outcome({ runId }: { runId: string }) {
  const { data: run } = useQuery({ ...runQuery(runId), refetchInterval: ({ state }) => (state.data && isTerminal(state.data.status) ? false : 800) });
  const ended = run !== undefined && isTerminal(run.status);
  return (
    <div role="status" className="border-l-2 border-accent pl-3 text-sm">
      <p>{run ? statusWord(run.status) : 'Starting'}{run?.error?.detail ? `: ${run.error.detail}` : ''} · <Link className="underline" href={`/runs/${runId}`}>the whole run</Link></p>
      {ended ? <Result runId={runId} run={run} /> : null}
    </div>
  );
}

/** The first file of the run, as text. */
function Result({ runId, run }: { runId: string; run: RunDetailWire }) {
  const { data } = useQuery({
    queryKey: ['runs', runId, 'trial-result'], staleTime: Infinity, enabled: run.status === 'completed',
    queryFn: async ({ signal }) => {
      const files = await api<{ id: string; file_name: string }[]>(`/api/v1/runs/${runId}/artifacts`, { signal });
      const file = files.find(({ file_name: name }) => name === 'result.md');
      return file ? (await api<{ content: string }>(`/api/v1/artifacts/${file.id}/content`, { signal })).content : '';
    },
  });
  return data ? <pre className="mt-2 max-h-80 overflow-y-auto whitespace-pre-wrap bg-sunken p-3 text-sm">{data}</pre> : null;
}
