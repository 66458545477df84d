import type { StageView } from '#contracts/run-reducer';
import { formatDuration } from '../../lib/format';
import { RailNodeMark } from './stage-rail';

const STATE = { passed: 'done', warning: 'capped', failed: 'failed' } as const;
const WORD = { passed: 'passed', warning: 'a remark', failed: 'failed' } as const;

/** What Validate looked at; what is not in order names the way to mend it. */
export function CheckList({ checks, stage }: { checks: StageView['checks']; stage: string }) {
  return (
    <ul className="grid gap-2.5">
      {checks.map((check) => (
        <li key={check.check} id={`${stage}-check-${check.check}`} className="grid scroll-mt-14 max-lg:scroll-mt-0 grid-cols-[1.5rem_1fr_auto] gap-x-3">
          <RailNodeMark state={STATE[check.outcome]} />
          <div className="min-w-0 pt-0.5"><span className="font-medium">{check.title}</span><span className="sr-only">: {WORD[check.outcome]}</span>{check.detail ? <span className="block break-words text-muted first-letter:uppercase">{check.detail}</span> : null}{check.remedy ? <span className="mt-0.5 block">→ {check.remedy}</span> : null}</div>
          <span className="pt-1 font-mono text-xs text-faint">{formatDuration(check.durationMs)}</span>
        </li>
      ))}
    </ul>
  );
}
