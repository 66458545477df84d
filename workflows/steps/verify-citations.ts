import { describeCitations, type CitationReport } from '#contracts/citations';
import type { StageContext } from '../stages/run-stages.ts';
import type { Sources } from './sources.ts';

const MOST_CHARACTERS = 200_000;

/** The same by the granted tool, so that the check leaves a receipt of its own; where the tool says nothing, code says it. */
export async function verifyByTool(context: Pick<StageContext<unknown>, 'step'>, sources: Sources, texts: readonly string[]): Promise<CitationReport> {
  return context.step('verify', 'Check the citations', async (step) => {
    const text = texts.join('\n\n').slice(0, MOST_CHARACTERS);
    const result = text.trim() ? await step.tool('check_citations', { text, ids: sources.all.map(({ id }) => id).slice(0, 2000) }) : null;
    const report = sources.check(texts);
    step.summarise(result?.outcome === 'ok' ? result.summary : describeCitations(report));
    return report;
  });
}

/** The last step of every playbook that cites: set membership, not opinion (guarantee G8). Uncited figures are listed too. */
export async function verifyCitations(context: Pick<StageContext<unknown>, 'step'>, sources: Sources, texts: readonly string[]): Promise<CitationReport> {
  return context.step('verify', 'Check the citations', (step) => {
    const report = sources.check(texts);
    step.summarise(describeCitations(report));
    return Promise.resolve(report);
  });
}
