import type { z } from 'zod';
import type { RetrievalEvalData, TrainCharModelData } from '#contracts/data-tools';
import { RetrievalEvalArgs, TrainCharModelArgs } from '#contracts/data-tools.schema';
import { runJob } from './child/run-job.ts';
import type { LabJob } from './lab/job.ts';
import type { Tool } from './tool.ts';

/** Small experiments that are really run, in a process of their own. */
const SPEC = { main: new URL('./lab/main.ts', import.meta.url), heapMb: 384, residentMb: 600 };
const availability = (): { available: true; detail: string; remedy: null } => ({ available: true, detail: 'Runs here, in a process of its own.', remedy: null });

export function createTrainCharModel(): Tool<z.output<typeof TrainCharModelArgs>> {
  return {
    name: 'train_char_model', title: 'Character model lab', networked: false, timeoutMs: 75_000, args: TrainCharModelArgs, availability,
    description: 'Trains a tiny character-level language model on a text and returns its losses, a bigram baseline and samples. The same seed gives the same figures.',
    async run(args, context) {
      const data = await runJob<TrainCharModelData>({ ...SPEC, what: 'The training', timeMs: 60_000 }, { operation: 'train', args } satisfies LabJob, context.signal);
      const summary = `Trained ${data.parameters} parameters for ${args.steps} steps: loss ${data.loss[0]?.validation.toFixed(3)} to ${data.final_loss.toFixed(3)} nats a character (pairs alone ${data.bigram_loss.toFixed(3)}, chance ${data.uniform_loss.toFixed(3)}).`;
      return { outcome: 'ok', summary, items: [{ id: 'char-model', title: 'Character model', url: null, source: 'lab', snippet: summary, text: `${summary}\n\n| step | train | validation |\n|---|---|---|\n${data.loss.map(({ step, train, validation }) => `| ${step} | ${train.toFixed(4)} | ${validation.toFixed(4)} |`).join('\n')}\n\n${data.samples.map((sample, index) => `Sample ${index + 1}:\n${sample}`).join('\n\n')}` }], data };
    },
  };
}

export function createRetrievalEval(): Tool<z.output<typeof RetrievalEvalArgs>> {
  return {
    name: 'retrieval_eval', title: 'Retrieval evaluation', networked: false, timeoutMs: 35_000, args: RetrievalEvalArgs, availability,
    description: 'Cuts documents into chunks, retrieves for each question (bm25 or tfidf) and returns recall at k, hit rate and mean reciprocal rank for each variant, with the questions that missed.',
    async run(args, context) {
      const data = await runJob<RetrievalEvalData>({ ...SPEC, what: 'The evaluation', timeMs: 20_000 }, { operation: 'retrieval', args } satisfies LabJob, context.signal);
      const rows = data.variants.map((variant) => `| ${variant.name} | ${variant.chunks} | ${variant.recall_at_k.toFixed(3)} | ${variant.hit_rate.toFixed(3)} | ${variant.mrr.toFixed(3)} | ${variant.misses.length} |`);
      const best = data.variants.find(({ name }) => name === data.best);
      const summary = `Best of ${data.variants.length}: ${data.best} with recall@${data.k} ${best?.recall_at_k.toFixed(3)} and MRR ${best?.mrr.toFixed(3)} on ${data.questions} questions.`;
      return { outcome: 'ok', summary, items: [{ id: 'retrieval-eval', title: 'Retrieval evaluation', url: null, source: 'lab', snippet: summary, text: `${summary}\n\n| variant | chunks | recall@${data.k} | hit rate | MRR | misses |\n|---|---|---|---|---|---|\n${rows.join('\n')}` }], data };
    },
  };
}
