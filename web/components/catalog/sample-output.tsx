'use client';
import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useState } from 'react';
import { workflowQuery, type WorkflowSummaryWire } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { DemoStamp } from '../run/stamp';
import { SafeMarkdown } from '../safe-markdown';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Loading, Skeleton } from '../ui/skeleton';

/** What a run makes, shown before the first one: the main file of a real Full run with the demo provider. */
export function SampleOutput({ workflow, className }: { workflow: WorkflowSummaryWire; className?: string }) {
  const [open, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({ ...workflowQuery(workflow.workflow_id), enabled: open });
  const { sample } = workflow;
  if (!sample) return null;
  const preset = data?.presets[0]?.title;
  return (
    <>
      <Button size="sm" className={className} onClick={() => setOpen(true)}><FileText aria-hidden className="size-4" />Sample output<span className="sr-only"> of {workflow.title}</span></Button>
      <Dialog open={open} onOpenChange={setOpen} title={`Sample: ${sample.title}`} className="sm:max-w-3xl">
        <p className="flex flex-wrap items-center gap-3 text-sm text-muted"><DemoStamp />{preset ? `“${preset}”, ` : ''}a Full run with the demo provider: composed from the material, not written by a language model.</p>
        <div className="mt-4 border-t pt-4" data-slot="sample">
          {error && !data ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
          {data ? <SampleText mimeType={sample.mime_type} title={sample.title} text={data.sample_text ?? ''} /> : error ? null : <Loading label="Loading the sample" className="grid gap-3"><Skeleton className="h-6 w-1/2" /><Skeleton className="h-40" /></Loading>}
        </div>
      </Dialog>
    </>
  );
}

function SampleText({ mimeType, title, text }: { mimeType: string; title: string; text: string }) {
  if (mimeType === 'text/markdown') return <SafeMarkdown text={text} />;
  // An image element runs no script of the file.
  // oxlint-disable-next-line nextjs/no-img-element -- a data address cannot be optimised
  if (mimeType === 'image/svg+xml') return <img alt={title} src={`data:image/svg+xml,${encodeURIComponent(text)}`} className="max-w-full" />;
  return <pre tabIndex={0} aria-label={title} className="overflow-x-auto border bg-sunken p-3 font-mono text-sm">{text}</pre>;
}
