import { z } from 'zod';
import { defineCatalogEntry, type CatalogEntry } from '#contracts/catalog.schema';

/** A catalog entry of the tests' own: as many model calls at once as one asks for. */
export const crowdEntry = defineCatalogEntry({
  slug: 'crowd', workflowType: 'crowd', version: 1, title: 'Crowd', outcome: 'Many short texts', description: 'For tests of queues and rates.', personas: ['student'], tags: ['test'], difficulty: 'beginner', estimatedMinutes: 1,
  input: z.strictObject({ calls: z.number().int().min(1).max(1000) }), tabs: [{ key: 'calls', title: 'Calls', description: 'How many', fields: ['calls'] }], presets: [{ key: 'first', title: 'First', inputs: { calls: 1 } }],
  skills: [], tools: [], toolsFor: () => [], artifacts: { text: { fileName: 'text.md', mimeType: 'text/markdown', title: 'Text' } }, testSlice: 'The same.',
  plan: ({ calls }) => [{ step: 'call-1', title: 'Call', kind: 'model', inputTokens: 20, maxOutputTokens: 10, repeat: calls }], answers: {}, policy: { fullApproval: null },
}) as unknown as CatalogEntry;
