'use client';
import { Upload } from 'lucide-react';
import Link from 'next/link';
import { useRef, useState } from 'react';
import { BundleProblem, type OpenedBundle } from '../../../lib/open-bundle';
import { Button } from '../../ui/button';
import { BundleRun } from './bundle-run';

/** Opens a run that was exported, from any installation: read and played here, without a server. */
export function BundlePage() {
  const [bundle, setBundle] = useState<OpenedBundle | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const open = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setBusy(true);
    setProblem(null);
    try {
      const { openBundle } = await import('../../../lib/open-bundle');
      setBundle(await openBundle(new Uint8Array(await file.arrayBuffer())));
    } catch (error) {
      setProblem(error instanceof BundleProblem || (error instanceof Error && error.constructor.name === 'BundleProblem') ? error.message : 'This file could not be read.');
    } finally {
      setBusy(false);
    }
  };
  if (bundle) return <BundleRun key={bundle.manifest.run_id} bundle={bundle} onClose={() => setBundle(null)} />;
  return (
    <div className="max-w-prose">
      <p className="text-sm text-muted"><Link href="/runs" className="hover:text-ink">Runs</Link> <span aria-hidden className="text-faint">/</span> From a file</p>
      <h1 className="page-title mt-1">Open a run from a file</h1>
      <p className="mt-2 text-muted">A bundle holds a whole run: events, prompts, answers, files. It is checked against its hashes and read in this browser; nothing of it is sent anywhere. You get one with <code className="font-mono text-sm">awp runs export ID</code>.</p>
      <div
        onDragOver={(event) => event.preventDefault()} onDrop={(event) => { event.preventDefault(); void open(event.dataTransfer.files[0]); }}
        className="mt-6 grid place-items-center gap-3 border border-dashed border-control px-6 py-10"
      >
        <input ref={input} id="bundle-file" type="file" accept=".zip,application/zip" aria-label="Run bundle" className="sr-only" tabIndex={-1} onChange={(event) => void open(event.target.files?.[0])} />
        <Button variant="primary" disabled={busy} onClick={() => input.current?.click()}><Upload aria-hidden className="size-4" />{busy ? 'Checking…' : 'Choose a file'}</Button>
        <p className="text-sm text-muted">or drop it here</p>
      </div>
      {problem ? <p role="alert" className="mt-4 border-l-4 border-failed bg-failed-paper px-3 py-2 text-failed">{problem} Nothing was opened.</p> : null}
    </div>
  );
}
