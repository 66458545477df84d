import type { RunView } from '#contracts/run-reducer';
import type { RunMode } from '#contracts/runs';

/** One case of a workflow's evaluation: inputs as a person would send them, and what must hold of the finished run. Cases of a
 * workflow are `export const cases: readonly EvalCase[]` in test/evals/<folder of the workflow>.ts, found by the file's name. */
export interface EvalCase {
  /** short and told in the table: "sales by region" */
  name: string;
  /** over the preset of this key, or over the first one when `inputs` are empty and no key is given */
  preset?: string;
  /** a value `upload:<name>` is replaced by the id of that file of `uploads` */
  inputs?: Record<string, unknown>;
  uploads?: Readonly<Record<string, { fileName: string; content: string | Uint8Array }>>;
  /** what the person says where the run asks: key of the question → answer; other questions time out */
  answers?: Readonly<Record<string, unknown>>;
  /** default `full_run` */
  mode?: Exclude<RunMode, 'validate_only'>;
  /** besides the checks that every run has to pass (runner/generic-checks.ts) */
  checks: readonly EvalCheck[];
}

/** One check, in code. */
export interface EvalCheck {
  name: string;
  /** true = what only a language model can do (language, tone); left out on the demo provider, and counted as left out */
  realModelOnly?: boolean;
  /** @returns what is wrong, one sentence each; an empty list when it holds. An exception is a failed check */
  check: (outcome: EvalOutcome) => readonly string[] | Promise<readonly string[]>;
}

/** A finished run as checks see it. */
export interface EvalOutcome {
  provider: string;
  model: string;
  mode: RunMode;
  inputs: Record<string, unknown>;
  view: RunView;
  /** text of every artifact by file name; `test/…` are those of the Test stage */
  files: Readonly<Record<string, string>>;
  /** ids of all items that tools of this run gave back */
  itemIds: ReadonlySet<string>;
}
