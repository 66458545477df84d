import { DefaultFailureConverter } from '@temporalio/common';

/** Message and stack of a failure go through the codec as well; without this Temporal stores them in clear. Loaded by path, in the
 * processes and in the sandbox: it imports nothing of ours. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
