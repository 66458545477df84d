'use client';
import { useSession } from '../../lib/queries';

/** Says that a person's hand is in this answer, and whose. */
export function EditMark({ what, by }: { what: 'answer' | 'prompt'; by: string }) {
  const { data: session } = useSession();
  const who = session?.user.id === by ? 'you' : `person ${by.slice(0, 8)}`;
  return <span data-slot="edit-mark" className="font-sans font-medium text-waiting">{what === 'answer' ? `answer written by ${who}, not by the model` : `asked with a prompt of ${who === 'you' ? 'yours' : who}`}</span>;
}
