/** Reads JSON that is still being written: closes what is open and drops what is half a token, so that an answer can be
 * shown in words while it streams. @returns undefined when there is nothing to show yet */
export function parsePartialJson(text: string): unknown {
  const source = text.trim().replace(/^```(?:json)?\s*/, '').replace(/\s*```$/, '');
  for (const candidate of candidates(source)) {
    try { return JSON.parse(candidate); } catch { /* the next, shorter one */ }
  }
  return undefined;
}

/** The text as it is, then cut back to the last place where a value could have ended. */
function* candidates(source: string): Generator<string> {
  yield source;
  const { closed, cuts } = scan(source);
  yield closed;
  for (const cut of cuts.toReversed()) yield scan(source.slice(0, cut)).closed;
}

/** Walks once over the text. `closed`: with open strings and brackets closed; `cuts`: positions before each comma and
 * after each opening bracket, outside of strings. */
function scan(source: string): { closed: string; cuts: number[] } {
  const open: string[] = [];
  const cuts: number[] = [];
  let inString = false;
  let escaped = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] as string;
    if (inString) {
      if (escaped) escaped = false;
      else if (character === '\\') escaped = true;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') { open.push(character === '{' ? '}' : ']'); cuts.push(index + 1); }
    else if (character === '}' || character === ']') open.pop();
    else if (character === ',') cuts.push(index);
  }
  const body = escaped ? source.slice(0, -1) : source;
  return { closed: body + (inString ? '"' : '') + open.toReversed().join(''), cuts };
}
