'use client';
import { useQuery } from '@tanstack/react-query';
import { cn } from '../../lib/class-names';
import { shownSchema } from '../../lib/shown-schema';
import { useWorkflows, workflowSchemaQuery } from '../../lib/queries';
import { isGroup, isNothing, Shown } from './shown';

/** What a gate shows, with the words of the form where it is about a run's inputs. Long texts scroll in it; a scroll area without
 * controls has to be reachable by keyboard. Nothing at all where a gate shows nothing but its title. */
export function GateShown({ shown, label, className }: { shown: unknown; label: string; className?: string }) {
  const slug = isGroup(shown) && typeof shown['workflow'] === 'string' ? shown['workflow'] : null;
  const { data: workflows } = useWorkflows();
  const { data: form } = useQuery({ ...workflowSchemaQuery(slug ?? ''), enabled: slug !== null });
  if (isNothing(shown)) return null;
  const schema = slug === null ? undefined : shownSchema(slug, workflows?.find(({ workflow_id: id }) => id === slug)?.title, form?.json_schema);
  return <div tabIndex={0} role="group" aria-label={label} className={cn('overflow-auto border bg-sunken p-4', className)}><Shown value={shown} schema={schema} /></div>;
}
