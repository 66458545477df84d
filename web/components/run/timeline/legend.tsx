import { PART_LOOK, PART_WORDS } from './bar';

/** What the fillings of the bars mean, in words. */
export function Legend() {
  return (
    <ul aria-label="What the bars mean" className="mt-3 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
      {(['queue', 'first', 'work', 'pause', 'wait'] as const).map((kind) => <li key={kind} className="flex items-center gap-2"><span aria-hidden className={`h-3 w-8 text-ink ${PART_LOOK[kind]}`} />{PART_WORDS[kind]}</li>)}
    </ul>
  );
}
