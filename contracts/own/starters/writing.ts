/** Starters for writing and research, as definitions of the same kind that people write: to run as they are, or to export, change
 * and import under a name of one's own. Plain data; the checker fills in what is left out. */
const text = (title: string, description: string, more: object = {}): object => ({ type: 'string', title, description, minLength: 3, maxLength: 4000, ...more });
const form = (properties: Record<string, object>, required: string[]): object => ({ type: 'object', properties, required });
const report = (title: string, content: string): object[] => [{ file_name: 'result.md', title, content }];
const library = (query: string, output: string): object => ({ type: 'tool', key: `find_${output}`, title: 'Look into the library', tool: 'library_search', arguments: { query, limit: 4 }, output_variable: output });

export const WRITING_STARTERS: readonly Record<string, unknown>[] = [
  {
    slug: 'essay_writing_assistant', name: 'Essay Writing Assistant', description: 'An essay on a topic: a thesis first, then the essay, checked for its length.', personas: ['student'], tags: ['writing', 'education'],
    inputs: { schema: form({ topic: text('Topic', 'What the essay is about'), audience: { type: 'string', title: 'Audience', description: 'Who reads it', default: 'fellow students', maxLength: 200 } }, ['topic']), presets: [{ key: 'agents', title: 'Agents and tools', inputs: { topic: 'Why agents that call tools sometimes fail' } }] },
    steps: [
      library('{{topic}}', 'material'),
      { type: 'prompt', key: 'thesis', title: 'Find a thesis', prompt: 'Name one thesis that an essay on {{topic}} for {{audience}} could defend, in one sentence, from {{material}}.', max_tokens: 120, output_variable: 'thesis' },
      { type: 'prompt', key: 'essay', title: 'Write the essay', prompt: 'Write an essay on {{topic}} for {{audience}} in 350 words. Defend this thesis: {{thesis}}. Rely on {{material}}.', system_prompt: 'You write clear essays: a claim, its reasons, an objection, an answer.', max_tokens: 500, output_variable: 'essay' },
      { type: 'validate', key: 'check', title: 'Check the essay', source: 'essay', rules: [{ rule: 'not_empty' }, { rule: 'min_length', value: 200, soft: true }] },
    ],
    outputs: report('Essay', '## Thesis\n\n{{thesis}}\n\n## Essay\n\n{{essay}}'),
  },
  {
    slug: 'haiku', name: 'Haiku', description: 'A short poem on a topic, checked that there is one.', personas: ['student'], tags: ['writing'], estimated_minutes: 1,
    inputs: { schema: form({ topic: text('Topic', 'What the poem is about', { maxLength: 200 }) }, ['topic']), presets: [{ key: 'rain', title: 'Rain', inputs: { topic: 'Rain on a tin roof' } }] },
    steps: [
      { type: 'prompt', key: 'poem', title: 'Write the haiku', prompt: 'Write a haiku about {{topic}}: three lines, five, seven and five syllables.', temperature: 1, max_tokens: 100, output_variable: 'poem' },
      { type: 'validate', key: 'check', title: 'Is there a poem?', source: 'poem', rules: [{ rule: 'not_empty' }, { rule: 'min_length', value: 10 }] },
    ],
    outputs: report('Haiku', '{{poem}}'),
  },
  {
    slug: 'research_assistant', name: 'Research Assistant', description: 'Two steps: what the library holds on a question, then an answer that cites it.', personas: ['researcher', 'student'], tags: ['research'],
    inputs: { schema: form({ question: text('Question', 'What you want to know') }, ['question']), presets: [{ key: 'chunking', title: 'Chunking', inputs: { question: 'How does chunk size change what retrieval finds?' } }] },
    steps: [
      library('{{question}}', 'found'),
      { type: 'prompt', key: 'answer', title: 'Answer with sources', prompt: 'Answer the question {{question}} from {{found}}. Cite every claim, and say what the material does not cover.', max_tokens: 900, temperature: 0.3, output_variable: 'answer' },
    ],
    outputs: report('Answer', '**Question:** {{question}}\n\n{{answer}}'),
  },
  {
    slug: 'paper_outline_and_writer', name: 'Paper Outline and Writer', description: 'Outline, then a text for each section, then a review of the whole.', personas: ['researcher'], tags: ['research', 'writing'], difficulty: 'intermediate', estimated_minutes: 12,
    inputs: { schema: form({ title: text('Working title', 'Of the paper', { maxLength: 200 }), claim: text('Main claim', 'What the paper shows') }, ['title', 'claim']), presets: [{ key: 'retrieval', title: 'Retrieval', inputs: { title: 'Small chunks, large gains', claim: 'Chunk size matters more for retrieval than the choice of the embedding model' } }] },
    steps: [
      library('{{claim}}', 'material'),
      { type: 'prompt', key: 'outline', title: 'Make an outline', prompt: 'Outline a paper titled {{title}} that shows: {{claim}}. Name two to four sections with one sentence each on what they argue, from {{material}}.', max_tokens: 700, output_variable: 'outline', answer_schema: { type: 'object', properties: { sections: { type: 'array', minItems: 1, maxItems: 4, items: { type: 'object', properties: { title: { type: 'string', maxLength: 120 }, argument: { type: 'string', maxLength: 300 } }, required: ['title', 'argument'] } } }, required: ['sections'] } },
      {
        type: 'map', key: 'sections', title: 'Write the sections', over: 'outline.sections', item: 'part', max_items: 4, concurrency: 2, output_variable: 'sections',
        steps: [{ type: 'prompt', key: 'section', title: 'Write a section', prompt: 'Write the section {{part.title}} of the paper {{title}}. It argues: {{part.argument}}. Rely on {{material}} and cite it. Use level-3 headings only.', max_tokens: 900, output_variable: 'section' }],
      },
      { type: 'transform', key: 'whole', title: 'Put it together', operation: 'join', source: 'sections', output_variable: 'paper' },
      { type: 'prompt', key: 'review', title: 'Review it', prompt: 'Review this paper draft as a sceptical colleague: {{paper}}. Is the claim shown: {{claim}}? Name the two weakest places.', max_tokens: 500, output_variable: 'review' },
    ],
    outputs: report('Paper draft', '## {{title}}\n\n{{paper}}\n\n## Review\n\n{{review}}'),
  },
  {
    slug: 'multi_perspective_analysis', name: 'Multi-Perspective Analysis', description: 'Three readers look at one proposal at the same time; a fourth weighs what they say.', personas: ['researcher', 'executive'], tags: ['analysis', 'parallel'], difficulty: 'intermediate',
    inputs: { schema: form({ proposal: text('Proposal', 'What is to be looked at', { 'x-ui': { widget: 'textarea', rows: 6 } }) }, ['proposal']), presets: [{ key: 'bot', title: 'A support bot', inputs: { proposal: 'We want to let an agent answer all first-level support tickets on its own, from our manuals, from next month on.' } }] },
    steps: [
      library('{{proposal}}', 'material'),
      {
        type: 'parallel', key: 'views', title: 'Three views', branches: [
          { title: 'Engineer', steps: [{ type: 'prompt', key: 'engineer', title: 'The engineer', persona: 'ml_engineer', prompt: 'What would make this fail in operation? {{proposal}} Use {{material}}.', max_tokens: 500, output_variable: 'engineer' }] },
          { title: 'Executive', steps: [{ type: 'prompt', key: 'executive', title: 'The executive', persona: 'executive', prompt: 'What does this cost, what does it bring, what is the risk? {{proposal}} Use {{material}}.', max_tokens: 500, output_variable: 'executive' }] },
          { title: 'User', steps: [{ type: 'prompt', key: 'user', title: 'The user', persona: 'student', prompt: 'What would somebody who has to use this fear and hope? {{proposal}} Use {{material}}.', max_tokens: 500, output_variable: 'user' }] },
        ],
      },
      { type: 'prompt', key: 'weigh', title: 'Weigh the views', prompt: 'Three readers looked at a proposal. Engineer: {{engineer}} Executive: {{executive}} User: {{user}} Where do they agree, where not, and what would you do first?', max_tokens: 700, output_variable: 'weighed' },
    ],
    outputs: report('Analysis', '## Weighed\n\n{{weighed}}\n\n## Engineer\n\n{{engineer}}\n\n## Executive\n\n{{executive}}\n\n## User\n\n{{user}}'),
  },
];
