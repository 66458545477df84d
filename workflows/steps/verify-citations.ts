import { describeCitations, type CitationReport } from '#contracts/citations';
import type { StageContext } from '../stages/run-stages.ts';
import type { Sources } from './sources.ts';

/** The last step of every playbook that cites: set membership, not opinion (guarantee G8). Uncited figures are listed too. */
export async function verifyCitations(context: Pick<StageContext<unknown>, 'step'>, sources: Sources, texts: readonly string[]): Promise<CitationReport> {
  return context.step('verify', 'Check the citations', (step) => {
    const report = sources.check(texts);
    step.summarise(describeCitations(report));
    return Promise.resolve(report);
  });
}
