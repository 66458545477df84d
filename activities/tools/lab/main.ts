import { serveJob } from '../child/answer.ts';
import type { LabJob } from './job.ts';
import { evaluateRetrieval } from './retrieval.ts';
import { trainCharModel } from './char-model.ts';

/** A process of its own for work that keeps a processor busy for seconds: the worker must go on answering. */
await serveJob<LabJob>((job) => Promise.resolve(job.operation === 'train' ? trainCharModel(job.args) : evaluateRetrieval(job.args)));
