import { checkCitations, describeCitations } from '#contracts/citations';
import { toCsv } from '#contracts/csv';
import { cleanText } from '#contracts/material';
import type { RunRequest, ToolResult } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import type { Diagnosis, LearnAgenticAiInput, Quiz, Syllabus } from './definition.ts';

/** The draft that the workflow fills and the files made from it, finished or not. Pure: same draft, same bytes. */
type FoundItem = ToolResult['items'][number];
export interface Source { id: string; title: string; url: string | null; source: string; text: string; libraryId: string }
interface Note { title: string; text: string; sources: string[] }
export interface Draft {
  diagnosis: Diagnosis | null;
  syllabus: Syllabus | null;
  notes: Note[];
  quiz: Quiz | null;
  additions: Note[];
  missing: string[];
  sources: Source[];
  /** gives a found item its id for this run; the same item keeps its id */
  sourceFor(item: FoundItem): Source;
}

export function newDraft(): Draft {
  const sources: Source[] = [];
  return {
    diagnosis: null, syllabus: null, notes: [], quiz: null, additions: [], missing: [], sources,
    sourceFor(item) {
      const known = sources.find((source) => source.libraryId === item.id);
      if (known) return known;
      const source: Source = { id: `m${sources.length + 1}`, title: item.title, url: item.url, source: item.source, text: item.text, libraryId: item.id };
      sources.push(source);
      return source;
    },
  };
}

export function assembleFiles(request: RunRequest<LearnAgenticAiInput>, input: LearnAgenticAiInput, draft: Draft, stage: 'test' | 'full', remark: string | null): OutputFile[] {
  if (!draft.diagnosis && !draft.syllabus && draft.notes.length === 0) return [];
  const markdown = notesMarkdown(request, input, draft, stage, remark);
  const files: OutputFile[] = [{ key: 'notes', fileName: 'notes.md', mimeType: 'text/markdown', content: markdown, summary: `${draft.notes.filter(Boolean).length} notes, ${draft.quiz?.questions.length ?? 0} quiz questions, ${draft.sources.length} sources` }];
  if (input.notes_format !== 'markdown') files.push({ key: input.notes_format === 'html' ? 'html' : 'print', fileName: input.notes_format === 'html' ? 'notes.html' : 'notes-print.html', mimeType: 'text/html', content: markdown, summary: 'The notes as a page' });
  if (draft.quiz && input.export_options.includes('quiz_json')) files.push({ key: 'quiz', fileName: 'quiz.json', mimeType: 'application/json', content: `${JSON.stringify({ learning_goal: input.learning_goal, simulated: request.provider === 'demo', ...draft.quiz }, null, 2)}\n`, summary: `${draft.quiz.questions.length} questions` });
  if (draft.quiz && input.export_options.includes('flashcards_csv')) files.push({ key: 'flashcards', fileName: 'flashcards.csv', mimeType: 'text/csv', content: flashcards(draft.quiz), summary: 'One card a question' });
  return files;
}

const LEVELS = { beginner: 'a beginner', intermediate: 'an intermediate learner', advanced: 'an advanced learner' } as const;

function notesMarkdown(request: RunRequest<LearnAgenticAiInput>, input: LearnAgenticAiInput, draft: Draft, stage: 'test' | 'full', remark: string | null): string {
  const goal = oneLine(input.learning_goal);
  const parts = [
    `# ${goal}`,
    request.provider === 'demo' ? '> **DEMO** — composed by the demo provider from the material listed below; not written by a language model.' : '',
    stage === 'test' ? '> **TEST** — one topic, one source. A Full run covers the whole syllabus.' : '',
    remark ? `> ${remark}` : '',
    `*For ${LEVELS[input.difficulty]}, ${input.timebox_minutes} minutes, ${input.agent_framework}.*`,
    draft.diagnosis ? `## Where you stand\n\n${draft.diagnosis.starting_point}\n\n${draft.diagnosis.gaps.map((gap) => `- ${oneLine(gap)}`).join('\n')}` : '',
    draft.syllabus ? syllabusTable(draft.syllabus) : '',
    ...draft.notes.filter(Boolean).map((note) => `## ${oneLine(note.title)}\n\n${body(note.text)}`),
    ...draft.additions.map((note) => `## Added: ${oneLine(note.title)}\n\n${body(note.text)}`),
    draft.quiz ? quizMarkdown(draft.quiz) : '',
    sourcesMarkdown(draft),
    nextSteps(draft, stage),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

const oneLine = (text: string): string => cleanText(text).replace(/\s+/g, ' ').trim();

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** A note's own level-1 and level-2 headings go below the section's. Code blocks stay byte for byte; one that the model's last
 * token left open is closed, or it would swallow the rest of the page. */
function body(text: string): string {
  let open: string | null = null;
  const lines = text.trim().split('\n').map((line) => {
    const fence = FENCE.exec(line)?.[1];
    if (open === null) {
      // Backticks after backticks on one line are inline code, not a fence.
      if (fence && !(fence.startsWith('`') && line.trim().slice(fence.length).includes('`'))) open = fence;
      else return line.replace(/^#{1,2}(?=\s)/, '###');
    } else if (fence?.startsWith(open) && line.trim() === fence) open = null;
    return line;
  });
  return [...lines, ...(open === null ? [] : [open])].join('\n');
}

function syllabusTable(syllabus: Syllabus): string {
  const cell = (text: string) => oneLine(text).replaceAll('|', '\\|');
  const rows = syllabus.topics.map((topic, index) => `| ${index + 1} | ${cell(topic.title)} | ${cell(topic.why)} | ${topic.minutes} min |`);
  const total = syllabus.topics.reduce((sum, topic) => sum + topic.minutes, 0);
  return `## Syllabus\n\n| # | Topic | Why | Time |\n|---|---|---|---|\n${rows.join('\n')}\n\n${total} minutes in all.`;
}

function quizMarkdown(quiz: Quiz): string {
  const questions = quiz.questions.map((question, index) => {
    const options = question.options.map((option, place) => `   - ${'ABCD'[place]}. ${oneLine(option)}`);
    return `${index + 1}. ${oneLine(question.question)}\n${options.join('\n')}`;
  });
  const answers = quiz.questions.map((question, index) => `${index + 1}. **${'ABCD'[question.answer_index] ?? 'A'}** — ${oneLine(question.explanation)}`);
  return `## Quiz\n\n${questions.join('\n\n')}\n\n### Answers\n\n${answers.join('\n')}`;
}

function sourcesMarkdown(draft: Draft): string {
  const texts = [...draft.notes.filter(Boolean), ...draft.additions].map((note) => body(note.text)).join('\n\n');
  const report = checkCitations(texts, draft.sources.map((source) => source.id));
  if (draft.sources.length === 0) return '## Sources\n\nNo material was found, so nothing here is backed by a source.';
  const lines = draft.sources.map((source) => `- [${source.id}] ${oneLine(source.title)} — ${source.source}${source.url ? `, <${source.url}>` : `, ${source.libraryId}`}`);
  const unresolved = report.unresolved.length > 0 ? `\n\n**Unresolved:** ${report.unresolved.map((id) => `[${oneLine(id)}]`).join(', ')} — cited but never fetched in this run.` : '';
  return `## Sources\n\n${lines.join('\n')}\n\n${describeCitations(report)}${unresolved}`;
}

function nextSteps(draft: Draft, stage: 'test' | 'full'): string {
  const steps = [
    stage === 'test' ? 'Run Full to study the whole syllabus.' : 'Do the exercise of each note before reading the next one.',
    draft.quiz ? 'Answer the quiz without looking; read a note again where you miss a question.' : '',
    ...draft.missing.map((topic) => `Still open: ${oneLine(topic)}.`),
  ].filter(Boolean);
  return `## Recommended next steps\n\n${steps.map((step) => `- ${step}`).join('\n')}`;
}

const flashcards = (quiz: Quiz): string => toCsv(['front', 'back'], quiz.questions.map((question) => [question.question, `${question.options[question.answer_index] ?? ''} — ${question.explanation}`]));
