export interface ChecklistStep {
  /** Shown behind the name while the step runs: what is being downloaded or built, a percentage. */
  update: (detail: string) => void;
  done(detail?: string): void;
  fail(detail: string): void;
}
export interface Checklist {
  start(name: string): ChecklistStep;
  /** Runs the work as one step; a thrown error marks it failed and is thrown on. */
  run<Result>(name: string, work: (step: ChecklistStep) => Promise<Result>, detail?: (result: Result) => string | undefined): Promise<Result>;
  /** A line of its own, above the steps that are still running. */
  note(text: string): void;
  /** Stops redrawing and leaves the terminal as it should be. */
  close(): void;
}
export function createChecklist(stream?: NodeJS.WriteStream): Checklist;
