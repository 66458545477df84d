import { checkDefinition } from '#contracts/own/check.schema';
import { STARTERS } from '#contracts/own/starters/index';
import { TOOL_RISKS } from '#contracts/tool-policy';
import { CodedError } from '../coded-error.ts';
import type { Database } from '../db.ts';
import { createOwn } from './own-workflows.ts';

/** Writes the starters that are not there yet: of the workspace, live. What an administrator changed since stays changed; a slug
 * that somebody took is left alone. Idempotent, and safe when several processes start at once. */
export async function seedStarters(db: Database): Promise<void> {
  const slugs = STARTERS.map((starter) => String(starter['slug']));
  const there = new Set((await db.workflow.findMany({ where: { slug: { in: slugs } }, select: { slug: true } })).map(({ slug }) => slug));
  for (const starter of STARTERS.filter(({ slug }) => !there.has(String(slug)))) {
    const { definition, errors } = checkDefinition(starter, { tools: Object.keys(TOOL_RISKS), providers: null, subs: {} });
    if (!definition) throw new Error(`The starter ${String(starter['slug'])} does not hold: ${errors[0]?.pointer} ${errors[0]?.detail}`);
    await db.$transaction((tx) => createOwn(tx, { definition, subs: {} }, { ownerId: null, note: 'Comes with the platform', live: true })).catch((error: unknown) => {
      if (!(error instanceof CodedError && error.code === 'Conflict')) throw error;
    });
  }
}
