import { z } from 'zod';
import { checkCitations, describeCitations } from '#contracts/citations';
import type { Tool } from './tool.ts';

const Args = z.strictObject({
  text: z.string().min(1).max(200_000).describe('Markdown with [id] markers'),
  ids: z.array(z.string().min(1).max(300)).max(2_000).describe('The ids of everything fetched in this run'),
});

/** The citation check as a tool; the same pure function marks the final notes. */
export function createCheckCitations(): Tool<z.infer<typeof Args>> {
  return {
    name: 'check_citations', title: 'Citation checker', networked: false, timeoutMs: 10_000, args: Args,
    description: 'Checks that every [id] in a text is the id of something fetched in this run, and lists figures that stand without a citation.',
    availability: () => ({ available: true, detail: 'Checks citations against what the run fetched.', remedy: null }),
    run({ text, ids }) {
      const report = checkCitations(text, ids);
      const details = [
        ...report.unresolved.map((id) => `Unresolved citation: [${id}]`),
        ...report.uncitedNumbers.map(({ number, sentence }) => `Figure without a citation: ${number} in "${sentence}"`),
      ];
      const summary = describeCitations(report);
      return Promise.resolve({ outcome: 'ok', summary, items: [{ id: 'check_citations', title: 'Citation check', url: null, source: 'check', snippet: summary, text: [summary, ...details].join('\n') }] });
    },
  };
}
