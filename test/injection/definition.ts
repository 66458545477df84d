import { z } from 'zod';
import { defineCatalogEntry, type CatalogEntry } from '#contracts/catalog.schema';

export const TOOLS = ['library_search', 'web_search', 'fetch_url', 'read_pdf', 'read_repository', 'search_papers', 'resolve_reference', 'fetch_table', 'mcp:desk:lookup', 'mcp:desk:broken', 'mcp:desk:send'];

/** An agent with every reading tool and one that acts, which the person chose all of: the worst standing a run can have. */
export const attackedEntry = defineCatalogEntry({
  slug: 'attacked_work', workflowType: 'attackedWork', version: 1, title: 'Attacked work', outcome: 'An answer', description: 'For the obedient attacker.', personas: ['student'], tags: ['test'], difficulty: 'beginner', estimatedMinutes: 1,
  input: z.strictObject({ question: z.string().min(3).max(4_000) }),
  tabs: [{ key: 'question', title: 'Question', description: 'What to do', fields: ['question'] }], presets: [{ key: 'first', title: 'First', inputs: { question: 'Read it.' } }],
  skills: [], tools: [...TOOLS, 'mcp:desk:wipe'], toolsFor: () => TOOLS, artifacts: { answer: { fileName: 'answer.md', mimeType: 'text/markdown', title: 'Answer' } }, testSlice: 'One answer.',
  plan: () => [{ step: 'work', title: 'Work', kind: 'model', inputTokens: 800, maxOutputTokens: 100, repeat: 4 }], answers: {}, policy: { fullApproval: null },
}) as unknown as CatalogEntry;
