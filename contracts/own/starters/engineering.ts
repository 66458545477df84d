/** Starters for brainstorming, operations and delivery, and an example of a branch. */
const text = (title: string, description: string, more: object = {}): object => ({ type: 'string', title, description, minLength: 3, maxLength: 6000, ...more });
const form = (properties: Record<string, object>, required: string[]): object => ({ type: 'object', properties, required });
const report = (title: string, content: string): object[] => [{ file_name: 'result.md', title, content }];
const library = (query: string, output: string): object => ({ type: 'tool', key: `find_${output}`, title: 'Look into the library', tool: 'library_search', arguments: { query, limit: 4 }, output_variable: output });

export const ENGINEERING_STARTERS: readonly Record<string, unknown>[] = [
  {
    slug: 'persona_brainstorming', name: 'Brainstorming with Personas', description: 'One question, several persons who think about it side by side, one list at the end.', personas: ['researcher', 'executive'], tags: ['ideas', 'parallel'],
    inputs: {
      schema: form({ question: text('Question', 'What you need ideas for', { maxLength: 500 }), persons: { type: 'array', title: 'Persons', description: 'Who thinks along, one a line', items: { type: 'string', maxLength: 100 }, minItems: 1, maxItems: 5, default: ['a teacher', 'a sceptic', 'a tinkerer'] } }, ['question']),
      presets: [{ key: 'onboarding', title: 'Onboarding', inputs: { question: 'How could new colleagues learn to trust and check what our agents answer?' } }],
    },
    steps: [
      library('{{question}}', 'material'),
      { type: 'map', key: 'voices', title: 'Ask every person', over: 'persons', item: 'person', max_items: 5, output_variable: 'voices', steps: [{ type: 'prompt', key: 'ideas', title: 'Ideas of one person', prompt: 'As {{person}}, give three ideas for {{question}}. Use {{material}}.', temperature: 1, max_tokens: 400, output_variable: 'ideas' }] },
      { type: 'transform', key: 'together', title: 'Put them together', operation: 'join', source: 'voices', separator: '\n\n---\n\n', output_variable: 'together' },
      { type: 'prompt', key: 'shortlist', title: 'Make a short list', prompt: 'Here are ideas for {{question}}: {{together}}. Name the three to try first and why.', max_tokens: 500, output_variable: 'shortlist' },
    ],
    outputs: report('Ideas', '## To try first\n\n{{shortlist}}\n\n## All voices\n\n{{together}}'),
  },
  {
    slug: 'monitoring_runbook', name: 'Monitoring Runbook', description: 'Signals, alerts and first steps for a model service, as a runbook and as a table.', personas: ['ml_engineer'], tags: ['operations'], difficulty: 'intermediate',
    inputs: { schema: form({ service: text('Service', 'What runs, and where', { maxLength: 600 }), worry: text('Worst case', 'What must not happen unseen', { maxLength: 400 }) }, ['service', 'worry']), presets: [{ key: 'rag', title: 'A RAG service', inputs: { service: 'A retrieval service for our handbook: an API, a vector index, a hosted model', worry: 'Answers become wrong and nobody sees it for a week' } }] },
    steps: [
      library('observability monitoring alerts for {{service}}', 'material'),
      { type: 'prompt', key: 'signals', title: 'Choose signals', prompt: 'Choose signals to watch for {{service}}, so that this is seen: {{worry}}. Use {{material}}.', max_tokens: 900, output_variable: 'signals', answer_schema: { type: 'object', properties: { signals: { type: 'array', minItems: 1, maxItems: 6, items: { type: 'object', properties: { name: { type: 'string', maxLength: 80 }, why: { type: 'string', maxLength: 240 }, first_step: { type: 'string', maxLength: 240 } }, required: ['name', 'why', 'first_step'] } } }, required: ['signals'] } },
      { type: 'artifact', key: 'table', title: 'Alerts', file_name: 'alerts.csv', from: 'signals.signals' },
      { type: 'prompt', key: 'runbook', title: 'Write the runbook', prompt: 'Write a runbook for {{service}} from these signals: {{signals}}. For each: how to notice, what to do in the first ten minutes, when to wake somebody.', max_tokens: 1400, output_variable: 'runbook' },
    ],
    outputs: report('Runbook', '{{runbook}}'),
  },
  {
    slug: 'code_review', name: 'Code Review', description: 'Correctness and safety of a change side by side, a summary that names what to fix first.', personas: ['ml_engineer'], tags: ['code', 'parallel'],
    inputs: { schema: form({ diff: text('Code or diff', 'What is to be reviewed', { 'x-ui': { widget: 'textarea', rows: 12 } }), goal: { type: 'string', title: 'What it is for', description: 'One sentence', default: 'not said', maxLength: 300 } }, ['diff']), presets: [{ key: 'retry', title: 'A retry loop', inputs: { diff: 'for attempt in range(100):\n    try:\n        return client.complete(prompt)\n    except Exception:\n        pass', goal: 'Call a model and retry' } }] },
    steps: [
      library('agent operations retries errors safety review', 'material'),
      { type: 'parallel', key: 'passes', title: 'Two passes', branches: [
        { steps: [{ type: 'prompt', key: 'correctness', title: 'Correctness', prompt: 'Review for correctness. Goal: {{goal}}. Code: {{diff}} Name concrete lines. Use {{material}} where it helps.', temperature: 0.2, max_tokens: 800, output_variable: 'correctness' }] },
        { steps: [{ type: 'prompt', key: 'safety', title: 'Safety', prompt: 'Review for security and failure modes. Code: {{diff}} Name concrete lines. Use {{material}} where it helps.', temperature: 0.2, max_tokens: 800, output_variable: 'safety' }] },
      ] },
      { type: 'prompt', key: 'summary', title: 'What to fix first', prompt: 'Sum up two reviews, most urgent first. Correctness: {{correctness}} Safety: {{safety}}', max_tokens: 500, output_variable: 'summary' },
    ],
    outputs: report('Code review', '## First\n\n{{summary}}\n\n## Correctness\n\n{{correctness}}\n\n## Safety\n\n{{safety}}'),
  },
  {
    slug: 'rag_delivery_plan', name: 'RAG Delivery Plan', description: 'From a use case to a plan in phases: design, evaluation, risks.', personas: ['ai_architect', 'data_scientist'], tags: ['rag', 'planning'], difficulty: 'intermediate', estimated_minutes: 8,
    inputs: { schema: form({ use_case: text('Use case', 'Who asks what', { maxLength: 800 }), documents: { type: 'integer', title: 'Documents', description: 'How many there are', default: 1000, minimum: 1, maximum: 10000000 } }, ['use_case']), presets: [{ key: 'handbook', title: 'Handbook', inputs: { use_case: 'Field engineers ask our handbook about repairs, often offline', documents: 4000 } }] },
    steps: [
      library('retrieval augmented generation chunking evaluation vector store', 'material'),
      { type: 'tool', key: 'size', title: 'Work out the size', tool: 'calculate', arguments: { expressions: [{ name: 'chunks', expression: 'documents * 12' }, { name: 'vectors_mb', expression: 'documents * 12 * 1536 * 4 / 1000000' }], variables: { documents: '{{documents}}' } }, output_variable: 'size' },
      { type: 'prompt', key: 'design', title: 'Design', prompt: 'Design a RAG system for {{use_case}} with these figures {{size}}. Name chunking, index and how answers cite, from {{material}}.', max_tokens: 1000, output_variable: 'design' },
      { type: 'prompt', key: 'plan', title: 'Phases', prompt: 'Make a delivery plan in three phases for this design: {{design}}. Each phase: outcome, evaluation that must pass, main risk. Use {{material}}.', max_tokens: 1000, output_variable: 'plan' },
    ],
    outputs: report('RAG delivery plan', '## Design\n\n{{design}}\n\n## Phases\n\n{{plan}}'),
  },
  {
    slug: 'branch_example', name: 'Branch Example', description: 'A long question gets a plan before its answer, a short one is answered at once.', personas: ['student', 'ml_engineer'], tags: ['example', 'branch'], estimated_minutes: 2,
    inputs: { schema: form({ question: text('Question', 'Long or short') }, ['question']), presets: [{ key: 'short', title: 'Short', inputs: { question: 'What is a tool call?' } }, { key: 'long', title: 'Long', inputs: { question: 'How do I decide between a fixed workflow and an agent loop when some of my tasks have a clear order of steps and others do not, and how do I measure afterwards whether that choice was right?' } }] },
    steps: [
      library('{{question}}', 'material'),
      {
        type: 'branch', key: 'is_long', title: 'Is it a long question?', when: 'size(question) > 120',
        do: [
          { type: 'prompt', key: 'plan', title: 'Plan the answer', prompt: 'Plan an answer to {{question}} in three points from {{material}}.', max_tokens: 300, output_variable: 'plan' },
          { type: 'prompt', key: 'long_answer', title: 'Answer along the plan', prompt: 'Answer {{question}} along this plan: {{plan}} Use {{material}}.', max_tokens: 900, output_variable: 'answer' },
        ],
        else: [{ type: 'prompt', key: 'short_answer', title: 'Answer at once', prompt: 'Give a short answer to {{question}} from {{material}}.', max_tokens: 300, output_variable: 'answer' }],
      },
    ],
    outputs: report('Answer', '{{answer}}'),
  },
];
