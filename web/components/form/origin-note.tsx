import Link from 'next/link';
import { middleTruncate } from '../../lib/format';
import type { Origin } from '../../lib/use-runner';
import { RelativeTime } from '../ui/relative-time';

/** Says where the values on the form came from, with the way back to an empty one. */
export function OriginNote({ origin, version, onAfresh }: { origin: Origin; version: number; onAfresh: () => void }) {
  if (origin.kind === 'defaults') return null;
  return (
    <p role="status" className="border-l-2 border-control pl-3 text-sm text-muted">
      {origin.kind === 'draft' ? <>Your draft from <RelativeTime iso={origin.savedAt} /> is restored. </> : null}
      {origin.kind === 'preset' ? <>Filled from “{origin.title}”. </> : null}
      {origin.kind === 'link' ? <>Filled in by the link you followed; look it over before you start. </> : null}
      {origin.kind === 'run' ? <>Inputs of run <Link className="prose-link font-mono" href={`/runs/${origin.run.id}`}>{middleTruncate(origin.run.id)}</Link>. {origin.run.workflow_version === version ? '' : `That run used version ${origin.run.workflow_version}; this form is version ${version}. `}</> : null}
      <button type="button" onClick={onAfresh} className="prose-link">Start afresh</button>
    </p>
  );
}
