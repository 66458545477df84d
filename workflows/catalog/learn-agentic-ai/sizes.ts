/** How big each stage is, shared by the plan (estimate) and the workflow, so they cannot drift apart. Plain data. */
export const FRAMEWORKS = ['LangChain', 'LlamaIndex', 'CrewAI', 'AutoGPT', 'No framework'] as const;

/** Topics that fit into the timebox, at 20–30 minutes each; a Test reads one. */
export function topicCount(timeboxMinutes: number, stage: 'test' | 'full'): number {
  if (stage === 'test') return 1;
  return Math.min(8, Math.max(2, Math.round(timeboxMinutes / 25)));
}

/** Minutes that the syllabus is fitted into. */
export const syllabusMinutes = (timeboxMinutes: number, stage: 'test' | 'full'): number => (stage === 'test' ? Math.min(30, timeboxMinutes) : timeboxMinutes);

export const materialsPerTopic = (stage: 'test' | 'full'): number => (stage === 'test' ? 1 : 3);

export function quizLength(timeboxMinutes: number, stage: 'test' | 'full'): number {
  return stage === 'test' ? 1 : Math.min(8, topicCount(timeboxMinutes, 'full') + 2);
}
