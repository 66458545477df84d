/** `x-show-if` of a field: it is shown, checked and sent while another field has a value, one of some values, or holds an item. */
export interface ShowIf { field: string; equals?: unknown; in?: readonly unknown[]; includes?: unknown; not?: unknown }

/** @param condition  of a JSON Schema's property; undefined = always shown */
export function isShown(condition: ShowIf | undefined, inputs: Readonly<Record<string, unknown>>): boolean {
  if (!condition) return true;
  const value = inputs[condition.field];
  if ('equals' in condition) return value === condition.equals;
  if ('not' in condition) return value !== condition.not;
  if (condition.in) return condition.in.includes(value);
  if ('includes' in condition) return Array.isArray(value) && value.includes(condition.includes);
  return true;
}
