import type { Node } from '#contracts/own/outline';
import { movedTitle, placeWords } from '../../../lib/builder/places';
import type { Moving } from '../../../lib/builder/use-moving';

const KEYS = 'Arrows choose, Alt with arrows moves, M moves anywhere, Enter opens the form, Insert or + adds, Ctrl D copies, Delete removes, Ctrl Z undoes. The mouse drags.';

/** The line below the steps: which keys there are, or where the step on its way would be put; and its name at the mouse. */
export function MovingWords({ document, moving }: { document: Node; moving: Moving | null }) {
  const where = moving ? (moving.place ? placeWords(document, moving.place) : 'nowhere yet') : '';
  return (
    <>
      <p role="status" className={moving ? 'mt-2 text-sm' : 'mt-2 text-xs text-muted'}>{moving ? `${movedTitle(document, moving.what)}: ${where}. ${moving.by === 'keys' ? 'Arrows or a press choose the place, Enter puts it there, Escape leaves it where it was.' : 'Let go to put it there; Escape leaves it where it was.'}` : KEYS}</p>
      {moving?.by === 'mouse' ? <span aria-hidden className="pointer-events-none fixed top-0 left-0 z-50 max-w-60 truncate rounded-md border border-accent bg-surface px-2 py-1 text-sm" style={{ transform: `translate(${moving.x + 12}px, ${moving.y + 12}px)` }}>{movedTitle(document, moving.what)}</span> : null}
    </>
  );
}
