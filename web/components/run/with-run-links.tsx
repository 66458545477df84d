import Link from 'next/link';
import { middleTruncate } from '../../lib/format';

const RUN_ID = /([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})/;

/** A sentence of the server: the id of a run in it is short, and leads there. */
export function WithRunLinks({ text }: { text: string }) {
  return text.split(RUN_ID).map((part, index) => (RUN_ID.test(part) ? <Link key={index} href={`/runs/${part}`} className="prose-link font-mono text-xs">{middleTruncate(part)}</Link> : part));
}
