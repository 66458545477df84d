import type { KnowledgeWire } from '#contracts/api/knowledge.schema';
import { formatCount } from '../../lib/format';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';

/** What the last look at the folder found, and what it passed over. */
export function IndexReport({ report }: { report: KnowledgeWire['report'] }) {
  if (!report) return <Panel title="Index"><p className="text-muted">No worker has read the folder yet.</p></Panel>;
  return (
    <Panel title="Index" aside={<RelativeTime iso={report.indexed_at} />}>
      <p>{report.detail}</p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-3 text-sm">
        <dt className="text-muted">Skills</dt><dd className="font-mono">{report.documents}</dd>
        <dt className="text-muted">Sections</dt><dd className="font-mono">{report.sections}</dd>
        <dt className="text-muted">Passed over</dt><dd className="font-mono">{report.problems.length}</dd>
      </dl>
      {report.problems.length > 0 ? (
        <details className="mt-3 border-t pt-3 text-sm">
          <summary className="font-medium">{formatCount(report.problems.length, 'file')} passed over</summary>
          <ul className="mt-2 grid gap-1.5 text-muted">{report.problems.map((problem) => <li key={problem} className="break-words">{problem}</li>)}</ul>
        </details>
      ) : <p className="mt-3 border-t pt-3 text-sm text-muted">Every file was read. The folder is only read, never written to.</p>}
    </Panel>
  );
}
