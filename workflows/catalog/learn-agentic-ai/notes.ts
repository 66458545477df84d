import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import type { Diagnosis, LearnAgenticAiInput, Quiz, Syllabus } from './definition.ts';

/** The draft that the workflow fills and the files made from it, finished or not. Pure: same draft, same bytes. */
interface Note { title: string; text: string; sources: string[] }
export interface Draft {
  diagnosis: Diagnosis | null;
  syllabus: Syllabus | null;
  notes: Note[];
  quiz: Quiz | null;
  additions: Note[];
  missing: string[];
  sources: Sources;
}

export const newDraft = (): Draft => ({ diagnosis: null, syllabus: null, notes: [], quiz: null, additions: [], missing: [], sources: new Sources() });

export function assembleFiles(request: RunRequest<LearnAgenticAiInput>, input: LearnAgenticAiInput, draft: Draft, stage: 'test' | 'full', remark: string | null): OutputFile[] {
  if (!draft.diagnosis && !draft.syllabus && draft.notes.length === 0) return [];
  const markdown = notesMarkdown(request, input, draft, stage, remark);
  const files: OutputFile[] = [{ key: 'notes', fileName: 'notes.md', mimeType: 'text/markdown', content: markdown, summary: `${countOf(draft.notes.filter(Boolean).length, 'note')}, ${countOf(draft.quiz?.questions.length ?? 0, 'quiz question')}, ${countOf(draft.sources.all.length, 'source')}` }];
  if (input.notes_format !== 'markdown') files.push({ key: input.notes_format === 'html' ? 'html' : 'print', fileName: input.notes_format === 'html' ? 'notes.html' : 'notes-print.html', mimeType: 'text/html', content: markdown, summary: 'The notes as a page' });
  if (draft.quiz && input.export_options.includes('quiz_json')) files.push({ key: 'quiz', fileName: 'quiz.json', mimeType: 'application/json', content: `${JSON.stringify({ learning_goal: input.learning_goal, simulated: request.provider === 'demo', ...draft.quiz }, null, 2)}\n`, summary: `${draft.quiz.questions.length} questions` });
  if (draft.quiz && input.export_options.includes('flashcards_csv')) files.push({ key: 'flashcards', fileName: 'flashcards.csv', mimeType: 'text/csv', content: flashcards(draft.quiz), summary: 'One card a question' });
  return files;
}

const LEVELS = { beginner: 'a beginner', intermediate: 'an intermediate learner', advanced: 'an advanced learner' } as const;

function notesMarkdown(request: RunRequest<LearnAgenticAiInput>, input: LearnAgenticAiInput, draft: Draft, stage: 'test' | 'full', remark: string | null): string {
  const written = draft.notes.filter(Boolean);
  return page([
    `# ${oneLine(input.learning_goal)}`,
    stamps(request, stage, 'one topic, one source. A Full run covers the whole syllabus.', remark),
    `*For ${LEVELS[input.difficulty]}, ${input.timebox_minutes} minutes, ${input.agent_framework}.*`,
    draft.diagnosis && section('Where you stand', `${draft.diagnosis.starting_point}\n\n${bullets(draft.diagnosis.gaps)}`),
    draft.syllabus && syllabusTable(draft.syllabus),
    ...written.map((note) => section(note.title, body(note.text))),
    ...draft.additions.map((note) => section(`Added: ${note.title}`, body(note.text))),
    draft.quiz && quizMarkdown(draft.quiz),
    draft.sources.markdown([...written, ...draft.additions].map((note) => body(note.text))),
    nextSteps([
      stage === 'test' ? 'Run Full to study the whole syllabus.' : 'Do the exercise of each note before reading the next one.',
      draft.quiz && 'Answer the quiz without looking; read a note again where you miss a question.',
      ...draft.missing.map((topic) => `Still open: ${topic}.`),
    ]),
  ]);
}

function syllabusTable(syllabus: Syllabus): string {
  const total = syllabus.topics.reduce((sum, topic) => sum + topic.minutes, 0);
  return section('Syllabus', `${table(['#', 'Topic', 'Why', 'Time'], syllabus.topics.map((topic, index) => [index + 1, topic.title, topic.why, `${topic.minutes} min`]))}\n\n${total} minutes in all.`);
}

function quizMarkdown(quiz: Quiz): string {
  const questions = quiz.questions.map((question, index) => {
    const options = question.options.map((option, place) => `   - ${'ABCD'[place]}. ${oneLine(option)}`);
    return `${index + 1}. ${oneLine(question.question)}\n${options.join('\n')}`;
  });
  const answers = quiz.questions.map((question, index) => `${index + 1}. **${'ABCD'[question.answer_index] ?? 'A'}** — ${oneLine(question.explanation)}`);
  return `## Quiz\n\n${questions.join('\n\n')}\n\n### Answers\n\n${answers.join('\n')}`;
}

const flashcards = (quiz: Quiz): string => toCsv(['front', 'back'], quiz.questions.map((question) => [question.question, `${question.options[question.answer_index] ?? ''} — ${question.explanation}`]));
