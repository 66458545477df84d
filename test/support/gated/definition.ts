import { z } from 'zod';
import { defineCatalogEntry, type CatalogEntry } from '#contracts/catalog.schema';

/** A catalog entry of the tests' own: Full needs the yes of an administrator, asks its person a question and two people for a yes. */
export const gatedEntry = defineCatalogEntry({
  slug: 'gated_work', workflowType: 'gatedWork', version: 1, title: 'Gated work', outcome: 'A text that people agreed to', description: 'For tests of approvals and questions.', personas: ['student'], tags: ['test'], difficulty: 'beginner', estimatedMinutes: 1,
  input: z.strictObject({ topic: z.string().min(3).max(100) }), tabs: [{ key: 'topic', title: 'Topic', description: 'What it is about', fields: ['topic'] }], presets: [{ key: 'first', title: 'First', inputs: { topic: 'Agents' } }],
  skills: [], tools: [], toolsFor: () => [], artifacts: { text: { fileName: 'text.md', mimeType: 'text/markdown', title: 'Text' } }, testSlice: 'Writes a short text.',
  plan: () => [{ step: 'write', title: 'Write', kind: 'model', inputTokens: 200, maxOutputTokens: 100, repeat: 1 }],
  answers: { audience: z.strictObject({ audience: z.string().min(2).max(80) }) },
  policy: { fullApproval: { approvers: 1, role: 'admin' } },
}) as unknown as CatalogEntry;
