import { ApiError } from './api-client';

/** What a refused form has to say: by field where the API named one, else as a whole. */
export interface FormProblem { fields: Record<string, string>; whole: string | null }
export const NO_PROBLEM: FormProblem = { fields: {}, whole: null };

export function formProblem(error: unknown): FormProblem {
  if (!(error instanceof ApiError)) return { fields: {}, whole: 'That did not work; try again.' };
  const { errors = [], detail, title } = error.problem;
  const fields = Object.fromEntries(errors.filter(({ pointer }) => pointer.startsWith('#/')).map(({ pointer, detail: words }) => [pointer.slice(2), `${words.charAt(0).toUpperCase()}${words.slice(1)}.`]));
  return { fields, whole: Object.keys(fields).length > 0 ? null : [detail ?? title, error.remedy].join(' ') };
}
