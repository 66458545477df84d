/** One simple, honest counter for the whole simulator: four characters a token, rounded up. */
export const CHARACTERS_PER_TOKEN = 4;

export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Cuts at a word boundary where there is one. @returns the text and whether anything was lost */
export function cutToTokens(text: string, maxTokens: number): { text: string; cut: boolean } {
  const limit = Math.max(0, maxTokens) * CHARACTERS_PER_TOKEN;
  if (text.length <= limit) return { text, cut: false };
  return { text: trimToLength(text, limit), cut: true };
}

/** At most `maxLength` UTF-16 units, never half of a surrogate pair, at a word's end when one is near. */
export function trimToLength(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let end = maxLength;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  const hard = text.slice(0, end);
  const space = hard.search(/\s\S*$/);
  return (space > end * 0.6 ? hard.slice(0, space) : hard).trimEnd();
}

/** Length as JSON Schema counts it: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}
