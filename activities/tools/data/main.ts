import { serveJob } from '../child/answer.ts';
import type { DataJob } from './job.ts';
import { profile } from './profile.ts';
import { query } from './query.ts';
import { validate } from './validate.ts';

/** A process of its own for one job over one table. */
await serveJob<DataJob>((job) => (job.operation === 'profile' ? profile(job) : job.operation === 'query' ? query(job) : validate(job)));
