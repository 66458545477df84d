export type ScriptJob = { operation: 'run'; code: string; input: unknown; seed: number } | { operation: 'check'; code: string };
export interface ScriptProblem { line: number; column: number; message: string }
