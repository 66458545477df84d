/** The words of this product, each in one place: tooltips, the help page and docs/glossary.md read this list. One or two sentences that
 * somebody understands who never wrote a program. */
export interface GlossaryEntry { /** as it is written in a sentence */ word: string; meaning: string; /** where the word is at home: a page of the app */ page?: string }

export const GLOSSARY = {
  workflow: { word: 'workflow', meaning: 'An expert\'s way to do a piece of work, step by step, with a form at its beginning and files at its end.', page: '/workflows' },
  run: { word: 'run', meaning: 'One time that a workflow was started, by one person, with certain inputs. It keeps everything that happened in it.', page: '/runs' },
  validate: { word: 'Validate', meaning: 'The first stage: checks inputs, key, provider, tools and cost. No model is asked to write, so it costs nothing.' },
  test: { word: 'Test', meaning: 'The second stage: the real steps on a small slice, with hard limits on words, time and money.' },
  full: { word: 'Full', meaning: 'The last stage: everything, after a passed Test and, where the workflow says so, after somebody else said yes.' },
  stage: { word: 'stage', meaning: 'Validate, Test or Full: how far a run has come.' },
  step: { word: 'step', meaning: 'A named part of a stage, such as "Outline" or "Write the notes".' },
  provider: { word: 'provider', meaning: 'The service whose language model answers, such as OpenAI or Anthropic. You bring the key.', page: '/providers' },
  model: { word: 'model', meaning: 'The language model of a provider that was asked; each has its own price and its own limits.' },
  demo: { word: 'demo', meaning: 'A provider that comes with the platform. It puts answers together from the material given and is no language model; it costs nothing, and what it makes carries a stamp.' },
  token: { word: 'token', meaning: 'The unit in which models read and write, about four letters. Providers charge by tokens, input and output apart.' },
  estimate: { word: 'estimate', meaning: 'What a run is expected to use, from the plan of its steps and from your earlier runs: low, expected, and at most.' },
  cap: { word: 'cap', meaning: 'A limit that no call may pass: output tokens, input tokens, seconds, rounds, money. The worst case of each call is set aside before it is made.' },
  budget: { word: 'budget', meaning: 'Money or runs that a person, a role or everybody may use in a day or a month. A run that needs more waits and asks.', page: '/usage' },
  webhook: { word: 'webhook', meaning: 'An address of a server of yours that is told when a run ends or somebody is waited for: which run, how it stands, where to look. Each message is signed.', page: '/webhooks' },
  approval: { word: 'approval', meaning: 'The yes of somebody other than the person who started the run, given on what is shown at that moment.', page: '/approvals' },
  evidence: { word: 'evidence', meaning: 'A signed record that a Test passed: with which inputs, version, model, cost and checks. The server checks it before a Full run.' },
  artifact: { word: 'artifact', meaning: 'A file that a run made, with its size and its checksum. It is kept for some days; its description stays.' },
  trace: { word: 'trace', meaning: 'The record of every call of a run with times, tokens and cost, as trace.json.' },
  retry: { word: 'retry', meaning: 'The same call made again after a failure that may pass, such as a busy provider. What was answered before is not bought again.' },
  fallback: { word: 'stand-in', meaning: 'Another provider that answers when the first one is away, only with your leave, and said in the run.' },
  rerun: { word: 're-run', meaning: 'A new run made from an old one. Answers that would be asked for in the same way are taken over free of charge.' },
  vary: { word: 'variant', meaning: 'A run that differs from another one in one input only, so that the two can be compared.' },
  tool: { word: 'tool', meaning: 'Something a run may use besides a model: search, reading pages and files, calculating. Each use is decided and written down.' },
  'knowledge-base': { word: 'knowledge base', meaning: 'Texts that runs can read without a network, cited by skill and section.', page: '/knowledge' },
  worker: { word: 'worker', meaning: 'The program that does the steps of runs. Any number may work at once; when one dies, another goes on.', page: '/operations' },
  'task-queue': { word: 'task queue', meaning: 'Where steps wait until a worker takes them.', page: '/operations' },
  temporal: { word: 'Temporal', meaning: 'The engine that remembers how far each run has come, so that it goes on after a crash. Every run can be looked at there as well.' },
  role: { word: 'role', meaning: 'What a person may do: students validate and test, researchers also run fully, administrators also manage.', page: '/users' },
  'audit-log': { word: 'audit log', meaning: 'Who did what and when, in rows that are only added; each carries the checksum of the one before it.', page: '/audit' },
  'api-token': { word: 'API token', meaning: 'A key to this platform for a script or the command line, with at most the rights of its owner.', page: '/account' },
} as const satisfies Record<string, GlossaryEntry>;

export type GlossaryKey = keyof typeof GLOSSARY;

/** The glossary as a page of the documentation. */
export function glossaryMarkdown(): string {
  const entries: GlossaryEntry[] = Object.values<GlossaryEntry>(GLOSSARY).toSorted((a, b) => a.word.toLowerCase().localeCompare(b.word.toLowerCase()));
  return `# Glossary\n\nWritten from [contracts/glossary.ts](../contracts/glossary.ts) by \`node scripts/run.mjs scripts/docs/write-glossary.ts\`; a test compares the two. The help page and the tooltips read the same list.\n\n| word | meaning |\n|---|---|\n${entries.map(({ word, meaning }) => `| ${word} | ${meaning} |`).join('\n')}\n`;
}
