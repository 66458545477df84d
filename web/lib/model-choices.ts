import { modelIdProblem } from '#contracts/model-ids';
import { formatTokens } from './format';
import { fits } from './palette';
import type { ProviderWire } from './queries';

type Models = Pick<ProviderWire, 'display_name' | 'models' | 'listed_models' | 'default_model'>;
export interface ModelChoice { id: string; note: string }
export type ModelGroup = { value: string; items: ModelChoice[] };

const NOTHING_KNOWN = 'price and limits unknown';

function noteOf(model: ProviderWire['models'][number]): string {
  const price = model.input_price === null || model.output_price === null ? 'price unknown'
    : model.input_price === 0 && model.output_price === 0 ? 'free' : `$${(model.input_price / 1_000_000).toFixed(2)} in, $${(model.output_price / 1_000_000).toFixed(2)} out a million tokens`;
  return `${formatTokens(model.context_tokens)} tokens of context · ${price}`;
}

/** Built-in models first, then what the provider itself listed. @param query  only those that it fits; '' = all */
export function modelGroups(provider: Models, query = ''): ModelGroup[] {
  const groups = [
    { value: 'Built in', items: provider.models.map((model) => ({ id: model.id, note: noteOf(model) })) },
    { value: `Listed by ${provider.display_name}`, items: provider.listed_models.filter(({ known }) => !known).map(({ id }) => ({ id, note: NOTHING_KNOWN })) },
  ];
  return groups.map(({ value, items }) => ({ value, items: items.filter(({ id }) => fits(query, id)) })).filter(({ items }) => items.length > 0);
}

/** What is known of the model that is named, for the line below the field; null while it is no name. */
export function modelNote(provider: Models, id: string): string | null {
  if (modelIdProblem(id) !== null) return null;
  const choice = modelGroups(provider).flatMap(({ items }) => items).find((one) => one.id === id);
  return choice?.note ?? `not in the list: ${NOTHING_KNOWN}`;
}

/** Why this cannot be sent as a model, as a sentence; null when it can. */
export function modelProblem(text: string): string | null {
  const problem = modelIdProblem(text.trim());
  return problem && `The model ${problem}`;
}

/** The model a form starts with: the provider's default, unless the provider listed models and none of the built-in is among them (an
 * Ollama has what was pulled, nothing called "default"). */
export function firstModel(provider: Models | undefined): string {
  if (!provider) return '';
  const { listed_models: listed, default_model: preferred } = provider;
  return listed.length === 0 || listed.some(({ known }) => known) ? preferred : (listed[0]?.id ?? preferred);
}
