import type { z } from 'zod';
import type { RetrievalEvalArgs, TrainCharModelArgs } from '#contracts/data-tools.schema';

export type LabJob = { operation: 'train'; args: z.output<typeof TrainCharModelArgs> } | { operation: 'retrieval'; args: z.output<typeof RetrievalEvalArgs> };
