/** What a model may be called in a request: the same rule for the API, for the forms, and for what is kept of a provider's own list. */
export const MODEL_ID_CHARACTERS = 200;
export const MODEL_ID_PATTERN = /^[\w./:@+-]+$/;
/** Models of a provider's list that are kept for a key. */
export const LISTED_MODELS = 200;

/** Why this is no model's name, in words after the name of the field; null when it may be one. */
export function modelIdProblem(text: string): string | null {
  if (text === '') return 'is needed: choose one of the list, or write its name';
  if (text.length > MODEL_ID_CHARACTERS) return `has at most ${MODEL_ID_CHARACTERS} characters`;
  if (/[\s\p{C}]/u.test(text)) return 'has no white space in its name';
  return MODEL_ID_PATTERN.test(text) ? null : 'has only letters, digits and . / : @ + - _ in its name';
}

/** A provider's list as it is kept: names that a run could be started with, each once, sorted, at most 200. */
export const keptModels = (listed: readonly string[]): string[] => [...new Set(listed)].filter((id) => modelIdProblem(id) === null).sort().slice(0, LISTED_MODELS);
