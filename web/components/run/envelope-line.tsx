import type { Envelope, NextCap } from '../../lib/envelope';
import { formatBudget, formatDuration, formatTokens } from '../../lib/format';
import { STAGE_WORDS } from '../../lib/status';

const WORDS: Record<NextCap['meter']['key'], string> = { output_tokens: 'output tokens', input_tokens: 'input tokens', seconds: 'active time', cost: 'budget' };

const NEAR = 0.5;

function amount({ key }: NextCap['meter'], value: number): string {
  if (key === 'cost') return formatBudget(value);
  return key === 'seconds' ? formatDuration(value * 1000) : formatTokens(value);
}

/** Which of the stage's limits comes first, and when at this pace. */
export function EnvelopeLine({ envelope, next, live }: { envelope: Envelope; next: NextCap | null; live: boolean }) {
  const open = live && envelope.stage.endedAt === null;
  // Of an ended stage only a limit that came near is worth a line.
  if (!next || (!open && next.share < NEAR)) return null;
  const { meter, share, leftMs } = next;
  return (
    <p data-slot="next-cap" className="mt-1 text-sm text-muted">
      {open ? 'Next limit' : `Closest limit in ${STAGE_WORDS[envelope.stage.stage]}`}: <span className={share > 0.9 ? 'font-medium text-waiting' : 'text-ink'}>{WORDS[meter.key]}</span>, <span className="font-mono text-xs">{amount(meter, meter.used)} of {amount(meter, meter.cap ?? 0)}</span> ({Math.round(share * 100)} %)
      {open && leftMs !== null ? `, at this pace in about ${formatDuration(Math.max(1000, leftMs))}` : ''}
    </p>
  );
}
