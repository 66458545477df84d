import { z } from 'zod';
import { clip } from '#contracts/material';
import { findQuote } from './quote/find-quote.ts';
import type { Tool } from './tool.ts';

const Args = z.strictObject({
  quote: z.string().trim().min(8).max(4_000).describe('The words that are said to be in the text'),
  text: z.string().max(400_000).describe('The text of the source'),
  min_similarity: z.number().min(0.5).max(1).default(0.85).describe('From which likeness on a near match counts'),
});

const WORDS = { exact: 'stands in the text word for word', normalised: 'stands in the text, but for typography', fuzzy: 'stands in the text in nearly these words', none: 'does not stand in the text' } as const;

/** Whether a quotation is in a text, and where. */
export function createCheckQuote(): Tool<z.infer<typeof Args>> {
  return {
    name: 'check_quote', title: 'Quote checker', networked: false, timeoutMs: 20_000, args: Args,
    description: 'Checks whether a quotation stands in a text: word for word, the same but for typography, or nearly. Returns the place and the words found there.',
    availability: () => ({ available: true, detail: 'Compares quotations with the text of their source.', remedy: null }),
    run({ quote, text, min_similarity: minSimilarity }) {
      const found = findQuote(quote, text, minSimilarity);
      const words = found.start === null || found.end === null ? null : clip(text.slice(found.start, found.end), 4_500);
      const line = found.start === null ? null : text.slice(0, found.start).split('\n').length;
      const summary = `The quotation ${WORDS[found.match]}${line === null ? ` (best likeness ${Math.round(found.similarity * 100)} %)` : `, line ${line}${found.match === 'fuzzy' ? ` (likeness ${Math.round(found.similarity * 100)} %)` : ''}`}.`;
      return Promise.resolve({ outcome: found.match === 'none' ? 'empty' : 'ok', summary, items: [{ id: 'check_quote', title: 'Quote check', url: null, source: 'check', snippet: summary, text: words === null ? summary : `${summary}\n\n${words}` }], data: { ...found, line, found: words } });
    },
  };
}
