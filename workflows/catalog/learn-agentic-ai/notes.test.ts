import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRequest } from '#contracts/workflow';
import type { LearnAgenticAiInput } from './definition.ts';
import { learnAgenticAiDefinition } from './definition.ts';
import { assembleFiles, newDraft, type Draft } from './notes.ts';

const input = (changes: Partial<LearnAgenticAiInput> = {}): LearnAgenticAiInput => ({ ...learnAgenticAiDefinition.input.parse({ learning_goal: 'Build an agent that calls tools' }), ...changes });
const request = (provider: string): RunRequest<LearnAgenticAiInput> => ({ runId: 'r', provider }) as unknown as RunRequest<LearnAgenticAiInput>;
const question = { question: 'What calls the tool?', options: ['the model', 'the program'], answer_index: 1, explanation: 'The model only asks.' };

function draftOf(note = 'Agents call tools. [m1]'): Draft {
  const draft = newDraft();
  const source = draft.sources.addText('agents/tool-calling#loop', 'Tool calling', 'The program runs the tool.', 'library');
  draft.diagnosis = { starting_point: 'You know prompts.', gaps: ['Tool calling', 'Stopping\nrules'] };
  draft.syllabus = { topics: [{ title: 'Tools | calls', why: 'They act.', minutes: 30, search_query: 'tool calling' }, { title: 'Loops', why: 'They stop.', minutes: 20, search_query: 'agent loop' }] };
  draft.notes[0] = { title: 'Tool calling', text: note, sources: [source.id] };
  draft.quiz = { questions: [question] };
  return draft;
}
const files = (draft: Draft, changes: Partial<LearnAgenticAiInput> = {}, provider = 'openai', stage: 'test' | 'full' = 'full', remark: string | null = null) =>
  new Map(assembleFiles(request(provider), input(changes), draft, stage, remark).map((file) => [file.fileName, file]));
const notes = (...args: Parameters<typeof files>) => files(...args).get('notes.md')?.content ?? '';

describe('notes.md', () => {
  it('follows the inputs and holds every part in order', () => {
    const text = notes(draftOf(), { difficulty: 'advanced', timebox_minutes: 90, agent_framework: 'CrewAI' });
    expect(text).toContain('# Build an agent that calls tools\n');
    expect(text).toContain('*For an advanced learner, 90 minutes, CrewAI.*');
    expect([...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])).toEqual(['Where you stand', 'Syllabus', 'Tool calling', 'Quiz', 'Sources', 'Recommended next steps']);
    expect(text).toContain('| 1 | Tools \\| calls | They act. | 30 min |');
    expect(text).toContain('50 minutes in all.');
    expect(text).toContain('- Stopping rules');
    expect(text).toContain('1. **B** — The model only asks.');
  });

  it('a goal of several lines cannot break out of its heading', () => {
    expect(notes(draftOf(), { learning_goal: 'Learn agents\n\n## Sources\n\nnone' }).split('\n')[0]).toBe('# Learn agents ## Sources none');
  });

  it('says what was cited and fetched, and names what was not', () => {
    const text = notes(draftOf('True [m1]. Invented [m9].'));
    expect(text).toContain('- [m1] Tool calling — library, agents/tool-calling#loop');
    expect(text).toContain('**Unresolved:** [m9]');
    expect(notes(draftOf('True [m1].'))).not.toContain('Unresolved');
  });

  it('says so when there was no material at all', () => {
    const draft = draftOf('No source.');
    draft.sources.all.length = 0;
    expect(notes(draft)).toContain('No material was found');
  });

  it('is stamped DEMO and TEST when it is, and only then', () => {
    expect(notes(draftOf(), {}, 'demo', 'test')).toMatch(/> \*\*DEMO\*\*[^]*> \*\*TEST\*\*/);
    expect(notes(draftOf(), {}, 'openai', 'full')).not.toMatch(/DEMO|TEST/);
  });

  it('same draft, same bytes', () => {
    expect(notes(draftOf())).toBe(notes(draftOf()));
  });
});

describe('code in a note', () => {
  it('stays byte for byte while headings around it go below the section', () => {
    const code = '```python\n# a comment\n## another\nprint("  x  ")\n\n```';
    const text = notes(draftOf(`# Idea\n\n${code}\n\n## Mistake\n\n### Deep`));
    expect(text).toContain(code);
    expect(text).toContain('### Idea');
    expect(text).toContain('### Mistake');
    expect(text).toContain('### Deep');
  });

  it('also in a fence of tildes or of four backticks that holds another fence', () => {
    const tildes = '~~~sh\n# install\nnpm ci\n~~~';
    const nested = '````md\n```js\n# not a heading\n```\n# nor this\n````';
    const text = notes(draftOf(`${tildes}\n\n${nested}\n\n# Idea`));
    expect(text).toContain(tildes);
    expect(text).toContain(nested);
    expect(text).toContain('### Idea');
  });

  it('an answer that was cut inside a code block does not swallow what follows', () => {
    for (const fence of ['```', '~~~~']) {
      const text = notes(draftOf(`Try it:\n\n${fence}python\nagent = create_agent(`));
      expect(text).toContain(`${fence}python\nagent = create_agent(\n${fence}\n\n## Quiz`);
    }
  });

  it('any code comes out as it went in', () => {
    const lines = fc.array(fc.constantFrom('# x', '## y', '``', 'a | b', '  indented', '', '> q', '~~~', '<b>'), { maxLength: 8 });
    fc.assert(fc.property(lines, (code) => {
      const block = `\`\`\`\n${code.join('\n')}\n\`\`\``;
      expect(notes(draftOf(`# Before\n\n${block}\n\n# After`))).toContain(`### Before\n\n${block}\n\n### After`);
    }));
  });
});

describe('a draft that was not finished', () => {
  it('keeps what there is and says why', () => {
    const draft = draftOf();
    draft.quiz = null;
    draft.notes = [];
    draft.notes[1] = { title: 'Loops', text: 'Second only.', sources: [] }; // the first topic was still being written
    const kept = files(draft, { export_options: ['quiz_json', 'flashcards_csv'] }, 'openai', 'full', 'Stopped at the cap of 100 seconds; the work so far is kept.');
    expect([...kept.keys()]).toEqual(['notes.md']);
    expect(kept.get('notes.md')?.content).toContain('> Stopped at the cap of 100 seconds');
    expect(kept.get('notes.md')?.content).toContain('## Loops');
    expect(kept.get('notes.md')?.content).not.toContain('## Quiz');
  });

  it('with nothing in it makes no files', () => {
    expect(files(newDraft()).size).toBe(0);
  });

  it('what is still missing is a next step', () => {
    const draft = draftOf();
    draft.missing = ['Evaluation'];
    expect(notes(draft)).toContain('- Still open: Evaluation.');
  });
});

describe('other files', () => {
  it('come as the inputs ask', () => {
    expect([...files(draftOf(), { notes_format: 'html', export_options: ['quiz_json', 'flashcards_csv'] }).keys()]).toEqual(['notes.md', 'notes.html', 'quiz.json', 'flashcards.csv']);
    expect([...files(draftOf(), { notes_format: 'pdf_ready', export_options: [] }).keys()]).toEqual(['notes.md', 'notes-print.html']);
  });

  it('quiz.json says whether a model wrote it', () => {
    expect(JSON.parse(files(draftOf(), {}, 'demo').get('quiz.json')?.content ?? '')).toEqual({ learning_goal: 'Build an agent that calls tools', simulated: true, questions: [question] });
  });

  it('flashcards.csv is RFC 4180 and holds no formula', () => {
    fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 }), (cards) => {
      const draft = draftOf();
      draft.quiz = { questions: cards.map(([front, back]) => ({ ...question, question: front, options: [back, 'other'], answer_index: 0 })) };
      const csv = files(draft, { export_options: ['flashcards_csv'] }).get('flashcards.csv')?.content ?? '';
      const rows = parseCsv(csv);
      expect(rows[0]).toEqual(['front', 'back']);
      expect(rows.slice(1).map((row) => row.map((value) => value.replace(/^'/, '')))).toEqual(cards.map(([front, back]) => [front.replace(/^'/, ''), `${back} — The model only asks.`.replace(/^'/, '')]));
      for (const value of rows.flat()) expect(value).not.toMatch(/^\s*[=+\-@]/);
    }));
  });
});

const cell = fc.oneof(fc.constantFrom('=1+1', '+cmd', '-2', '@SUM(A1)', '\t=1', ' =1+1', '\n=x', 'a "quoted", cell', 'two\r\nlines', "'"), fc.string({ minLength: 1, maxLength: 12 }));

/** A reader of RFC 4180 that knows nothing of our writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (quoted && character === '"' && text[at + 1] === '"') { value += '"'; at += 1; }
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') { row.push(value); value = ''; }
    else if (!quoted && character === '\r' && text[at + 1] === '\n') { rows.push([...row, value]); row = []; value = ''; at += 1; }
    else value += character;
  }
  expect(quoted).toBe(false);
  expect(value).toBe('');
  return rows;
}
