'use client';
import { useQuery } from '@tanstack/react-query';
import { diffOf } from '#contracts/own/diff';
import { inOrder } from '#contracts/own/order';
import type { BuilderState } from '../../../lib/builder/use-builder';
import { Button } from '../../ui/button';

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 120));

/** Somebody else saved this draft: what differs, and the two ways on. Nothing is lost either way. */
export function ConflictPanel({ slug, builder }: { slug: string; builder: BuilderState }) {
  const { data: theirs } = useQuery({ queryKey: ['working-copy-conflict', slug, builder.refused?.problem.detail], queryFn: () => builder.read(), gcTime: 0 });
  const changes = theirs ? diffOf(inOrder(theirs.wire.definition), inOrder(builder.document)) : [];
  return (
    <section role="alert" aria-label="Two people edit this draft" className="mt-3 border-l-2 border-waiting pl-4">
      <p className="font-medium">{builder.refused?.problem.detail}</p>
      <p className="mt-1 max-w-prose">Your edits are still here and are not kept until you choose: load the newer draft (yours stays one undo away), or keep yours in its place.</p>
      {changes.length > 0 ? <ul className="mt-2 grid gap-0.5 text-sm">{changes.slice(0, 12).map(({ pointer, before, after }) => <li key={pointer}><span className="font-mono">{pointer}</span> theirs: {shown(before)} · yours: {shown(after)}</li>)}{changes.length > 12 ? <li>and {changes.length - 12} more</li> : null}</ul> : null}
      <div className="mt-2 flex gap-2"><Button size="sm" onClick={() => void builder.takeTheirs()}>Load the newer one</Button><Button size="sm" onClick={() => void builder.keepMine()}>Keep mine</Button></div>
    </section>
  );
}
