import { ENGINEERING_STARTERS } from './engineering.ts';
import { WRITING_STARTERS } from './writing.ts';

/** Every definition that a new installation begins with, owned by the workspace and live. */
export const STARTERS: readonly Record<string, unknown>[] = [...WRITING_STARTERS, ...ENGINEERING_STARTERS];
