import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { CHANGES, FAULTS, HARDWARE, pieceCount, SIZES, TOPICS } from './sizes.ts';

/** Build a tiny GPT lab: a lab day on language models whose runs were really made, with a fault to find. */
const input = z.strictObject({
  goal: z.string().trim().min(10).max(400).meta({ title: 'Goal', description: 'What you want to be able to do after the lab.', 'x-ui': { widget: 'textarea', rows: 2 }, examples: ['Explain every part of a small GPT and train one on my own text'] }),
  hours: z.int().min(1).max(40).default(6).meta({ title: 'Time', description: 'The milestones are fitted into it.', 'x-ui': { widget: 'slider', step: 1, unit: 'hours' } }),
  hardware: z.enum(HARDWARE).default('laptop_cpu').meta({ title: 'Hardware', description: 'Decides which size of GPT is within reach.', 'x-enum-labels': { laptop_cpu: 'Laptop, processor only', laptop_gpu: 'Laptop with a graphics card', gpu_24gb: 'One GPU of 24 GB', gpu_80gb: 'One GPU of 80 GB' } }),
  topic: z.enum(TOPICS).default('whole').meta({ title: 'Emphasis', description: 'Where milestones and exercises dwell.', 'x-enum-labels': { whole: 'The whole way', tokenizer: 'Tokenizers', attention: 'Attention', training: 'Training and debugging', sampling: 'Sampling' } }),
  experience: z.enum(['new', 'python', 'pytorch']).default('python').meta({ title: 'Experience', description: 'How much is explained.', 'x-enum-labels': { new: 'New to programming', python: 'I program', pytorch: 'I have trained a network' } }),
  corpus: z.enum(['library', 'counting', 'own', 'upload']).default('library').meta({ title: 'Text to train on', description: 'What the model learns to write like.', 'x-enum-labels': { library: 'Pages of the starter library', counting: 'Numbers in words (easy)', own: 'I paste a text', upload: 'I upload a file' } }),
  own_text: z.string().trim().max(10_000).default('').meta({ title: 'Your text', description: 'At least 400 characters; a few thousand are better.', 'x-ui': { widget: 'textarea', rows: 8 }, 'x-show-if': { field: 'corpus', equals: 'own' } }),
  own_file: uploadField({ accept: ['pdf', 'docx', 'html', 'markdown', 'text'], title: 'Your file', description: 'The first 40,000 characters are used.', 'x-show-if': { field: 'corpus', equals: 'upload' } }).optional(),
  fault: z.enum(FAULTS).default('rate_too_small').meta({ title: 'Fault to find', description: 'Put into the first run on purpose; the debug loop looks for it.', 'x-enum-labels': { none: 'None', rate_too_small: 'Learning rate too small', too_few_steps: 'Too few steps', no_context: 'Looks at one character only' } }),
  debug_rounds: z.int().min(0).max(4).default(3).meta({ title: 'Debug rounds', description: 'One change a round, until the letter pairs are beaten.', 'x-ui': { widget: 'slider', step: 1, unit: 'rounds' } }),
  steps: z.int().min(20).max(300).default(300).meta({ title: 'Training steps', description: 'A Test makes 20.', 'x-ui': { widget: 'slider', step: 10, unit: 'steps' } }),
  learning_rate: z.number().min(0.05).max(2).default(1.5).meta({ title: 'Learning rate', description: 'Of plain gradient descent, before the fault. 0.5 to 1.5 suits this model.', 'x-ui': { widget: 'slider', step: 0.05 } }),
  context: z.int().min(1).max(8).default(4).meta({ title: 'Context', description: 'Characters the model looks back at.', 'x-ui': { widget: 'slider', step: 1, unit: 'characters' } }),
  hidden: z.int().min(8).max(64).default(64).meta({ title: 'Hidden units', description: 'Width of the one hidden layer.', 'x-ui': { widget: 'slider', step: 8, unit: 'units' } }),
  temperature: z.number().min(0.2).max(1.5).default(0.8).meta({ title: 'Temperature of samples', description: 'Lower is safer, higher is wilder.', 'x-ui': { widget: 'slider', step: 0.1 } }),
  seed: z.int().min(1).max(9999).default(7).meta({ title: 'Seed', description: 'The same seed gives the same figures to the last digit.' }),
  exercises: z.int().min(2).max(8).default(4).meta({ title: 'Exercises', description: 'Each with what has to come out.', 'x-ui': { widget: 'slider', step: 1, unit: 'exercises' } }),
}).superRefine((run, context) => {
  if (run.corpus === 'own' && run.own_text.length < 400) context.addIssue({ code: 'custom', path: ['own_text'], message: 'paste at least 400 characters' });
  if (run.corpus === 'upload' && !run.own_file) context.addIssue({ code: 'custom', path: ['own_file'], message: 'choose a file, or another text' });
});
export type TinyGptLabInput = z.infer<typeof input>;

const text = (max: number) => z.string().min(1).max(max);
const MaterialId = z.string().min(1).max(60).describe('id of the material it rests on, like m3');
const answers = {
  milestones: (count: number) => z.strictObject({
    milestones: z.array(z.strictObject({ title: text(90), outcome: text(220).describe('what works when the milestone is reached'), check: text(200).describe('the number, curve or line to look at'), minutes: z.int().min(5).max(1200), material_id: MaterialId })).min(1).max(Math.max(1, count)),
  }),
  annotate: (count: number) => z.strictObject({
    annotations: z.array(z.strictObject({ material_id: MaterialId, idea: text(300).describe('the idea behind the piece of code'), pitfall: text(240).describe('what to keep in mind here, a common mistake above all') })).min(1).max(Math.max(1, count)),
  }),
  debug: z.strictObject({ change: z.enum(CHANGES).describe('the one change to make'), reason: text(260).describe('why, from the losses') }),
  exercises: (count: number) => z.strictObject({
    exercises: z.array(z.strictObject({ title: text(90), task: text(320).describe('what to do, with a number to find or a line to write'), expected: text(240).describe('what has to come out'), minutes: z.int().min(5).max(240), material_id: MaterialId })).min(1).max(Math.max(1, count)),
    rubric: z.array(z.strictObject({ title: text(80).describe('what is judged'), weak: text(160), solid: text(160), strong: text(160) })).min(1).max(count <= 1 ? 1 : 5),
  }),
} as const;
type Answer<Name extends 'milestones' | 'annotate' | 'exercises'> = z.infer<ReturnType<(typeof answers)[Name]>>;
export type Milestones = Answer<'milestones'>;
export type Annotations = Answer<'annotate'>;
export type Exercises = Answer<'exercises'>;
export type DebugChoice = z.infer<typeof answers.debug>;

export const tinyGptLabDefinition = defineCatalogEntry({
  slug: 'tiny_gpt_lab', workflowType: 'tinyGptLab', version: 1, title: 'Build a tiny GPT lab',
  outcome: 'A lab with milestones for your hours, code that was run, training runs with a fault that was found, exercises and a rubric.',
  description: 'Sets milestones for your time, annotates code that it runs and checks, trains a real small model on your text, reads the loss, changes one thing a round until the baseline is beaten, and makes exercises with a rubric.',
  personas: ['student', 'ml_engineer'], tags: ['gpt', 'training', 'debugging', 'lab', 'code'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'lab', title: 'Lab', description: 'What it is for, and what you have.', fields: ['goal', 'hours', 'hardware', 'topic', 'experience'] },
    { key: 'text', title: 'Text', description: 'What the model is trained on.', fields: ['corpus', 'own_text', 'own_file'] },
    { key: 'training', title: 'Training', description: 'The first run, and the fault in it.', fields: ['fault', 'debug_rounds', 'steps', 'learning_rate', 'context', 'hidden', 'temperature', 'seed'] },
    { key: 'exercises', title: 'Exercises', description: 'What you take away.', fields: ['exercises'] },
  ],
  presets: [
    { key: 'find_the_fault', title: 'Find the fault: a model that should learn to count', inputs: { goal: 'Understand every part of a tiny GPT, and find out why a training run does not learn', hours: 6, topic: 'training', corpus: 'counting', hidden: 32, steps: 150 } },
    { key: 'library', title: 'A model of technical prose, then a larger one on a GPU', inputs: { goal: 'Train a small model on technical prose, then a larger one on a GPU', hours: 12, hardware: 'gpu_24gb', topic: 'whole', experience: 'pytorch', debug_rounds: 4 } },
    { key: 'own_text', title: 'A tokenizer and a model for my own text', inputs: { goal: 'See what a tokenizer and a small model make of a text of mine', hours: 3, topic: 'tokenizer', corpus: 'own', fault: 'too_few_steps', own_text: 'The river was low that summer, and the ferry waited on the sand. Nobody wanted to cross before the evening, because the heat lay on the water like a lid. The ferryman mended his nets and counted the boats that did not come. In the evening a girl came with a goat and two baskets of plums. She asked what it cost to cross, and he said that it cost a story. So she told him of a town where every clock went backwards, and of the man who wound them. When she had ended, the moon stood over the river, and they were on the other side. He asked her what the town was called. She said that it had had a name in the morning, but that the clocks had taken it back.' } },
  ],
  skills: ['training/tiny-gpt', 'training/tokenizers'],
  policy: { fullApproval: null },
  tools: ['train_char_model', 'run_javascript', 'library_search', 'read_upload'],
  toolsFor: (run) => ['train_char_model', 'run_javascript', 'library_search', ...(run.corpus === 'upload' ? ['read_upload'] : [])],
  artifacts: {
    lab: { fileName: 'lab.md', mimeType: 'text/markdown', title: 'Lab' },
    run: { fileName: 'run.csv', mimeType: 'text/csv', title: 'Losses of all runs' },
    rubric: { fileName: 'rubric.md', mimeType: 'text/markdown', title: 'Exercises and rubric' },
    loss: { fileName: 'loss.svg', mimeType: 'image/svg+xml', title: 'Loss curves' },
    code: { fileName: 'lab.mjs', mimeType: 'text/javascript', title: 'The code' },
    corpus: { fileName: 'corpus.txt', mimeType: 'text/plain', title: 'The text' },
  },
  testSlice: '20 steps of training on a part of the text, one piece of code that is run, two milestones and one exercise.',
  plan: (run, stage) => planOf(SIZES, stage, { debug: run.debug_rounds }, [plannedTool('corpus', 'Get the text'), plannedTool('code', 'Run the code'), plannedTool('train', 'Train', stage === 'test' ? 1 : 1 + run.debug_rounds), plannedTool('find', 'Find pages of the library', pieceCount(stage))]),
  answers,
});
