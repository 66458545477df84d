import fc from 'fast-check';
import type { LearnAgenticAiInput } from '#workflows/catalog/learn-agentic-ai/definition';
import { FRAMEWORKS } from '#workflows/catalog/learn-agentic-ai/sizes';

/** Any inputs that the form of Learn Agentic AI accepts, goals in every script included. */
export const legalInput: fc.Arbitrary<LearnAgenticAiInput> = fc.record({
  learning_goal: fc.string({ unit: 'grapheme', minLength: 10, maxLength: 500 }).map((goal) => goal.trim()).filter((goal) => goal.length >= 10 && goal.length <= 500),
  difficulty: fc.constantFrom('beginner', 'intermediate', 'advanced'),
  timebox_minutes: fc.integer({ min: 15, max: 480 }),
  agent_framework: fc.constantFrom(...FRAMEWORKS),
  tools_enabled: fc.subarray(['library_search', 'web_search', 'fetch_url', 'read_pdf', 'notes_writer', 'check_citations']),
  trace_level: fc.constantFrom('off', 'basic', 'full'),
  notes_format: fc.constantFrom('markdown', 'html', 'pdf_ready'),
  export_options: fc.subarray(['quiz_json', 'flashcards_csv']),
});
