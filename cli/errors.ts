import type { Problem } from '#contracts/api/common.schema';
import { EXIT, exitOfCode, type ExitCode } from './exit-codes.ts';

/** Something the person should read: what happened, what to do, and the exit code of its class. */
export class CliError extends Error {
  readonly remedy: string | null;
  readonly exitCode: ExitCode;

  constructor(message: string, remedy: string | null = null, exitCode: ExitCode = EXIT.failed) {
    super(message);
    this.name = 'CliError';
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

/** The API refused: its RFC 9457 problem as it came. */
export class ApiError extends CliError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ? `${problem.title}: ${problem.detail}` : problem.title, problem.remedy ?? null, exitOfCode(problem.code));
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** What a terminal shows of an error: what happened → what to do, then the request id for whoever looks into the log. */
export function errorLines(error: unknown): string[] {
  if (!(error instanceof CliError)) return [`✗ Something went wrong in awp itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  const lines = [`✗ ${error.message}`];
  if (error instanceof ApiError) for (const field of error.problem.errors ?? []) lines.push(`    ${field.pointer}  ${field.detail}`);
  if (error.remedy) lines.push(`  → ${error.remedy}`);
  if (error instanceof ApiError && error.problem.retry_after !== undefined) lines.push(`  → Wait ${error.problem.retry_after} s.`);
  if (error instanceof ApiError && error.problem.request_id) lines.push(`  request id ${error.problem.request_id}`);
  return lines;
}
