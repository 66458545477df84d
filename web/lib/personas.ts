import type { Persona } from '#contracts/catalog.schema';

/** Who the catalog is for, in the order of the tabs. */
export const PERSONA_WORDS: Record<Persona, { label: string; sentence: string }> = {
  student: { label: 'Student', sentence: 'Learn something, with notes and a quiz to check it.' },
  researcher: { label: 'Researcher', sentence: 'Work from evidence, with every claim traced to its source.' },
  ml_engineer: { label: 'ML engineer', sentence: 'Build, debug and ship models and pipelines.' },
  data_scientist: { label: 'Data scientist', sentence: 'Get from data to a decision that can be defended.' },
  ai_architect: { label: 'AI architect', sentence: 'Design systems and choose between their parts.' },
  executive: { label: 'Executive', sentence: 'Decide with verified numbers, on one page.' },
};
export const PERSONA_KEYS = Object.keys(PERSONA_WORDS) as Persona[];
