import { z } from 'zod';
import { defineCatalogEntry, type CatalogEntry } from '#contracts/catalog.schema';

/** A catalog entry of the tests' own: one agent with the library as its only tool; tool calls may need a yes. */
export const agenticEntry = defineCatalogEntry({
  slug: 'agentic_work', workflowType: 'agenticWork', version: 1, title: 'Agentic work', outcome: 'An answer with sources', description: 'For tests of the agent loop.', personas: ['student'], tags: ['test'], difficulty: 'beginner', estimatedMinutes: 1,
  input: z.strictObject({ question: z.string().min(3).max(200), approval: z.enum(['allow', 'ask', 'deny']).default('allow'), turns: z.int().min(1).max(20).default(4), wait_ms: z.int().min(100).max(60_000).default(60_000) }),
  tabs: [{ key: 'question', title: 'Question', description: 'What to find out', fields: ['question', 'approval', 'turns', 'wait_ms'] }], presets: [{ key: 'first', title: 'First', inputs: { question: 'How does an agent call tools?' } }],
  skills: [], tools: ['library_search', 'fetch_url'], toolsFor: () => ['library_search'], artifacts: { answer: { fileName: 'answer.md', mimeType: 'text/markdown', title: 'Answer' } }, testSlice: 'One answer.',
  plan: (input) => [{ step: 'research', title: 'Research', kind: 'model', inputTokens: 800, maxOutputTokens: 150, repeat: input.turns }],
  answers: {},
  policy: { fullApproval: null },
}) as unknown as CatalogEntry;
