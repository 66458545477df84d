/** Text from outside is data, never instruction. These pure functions (no imports, safe in the sandbox) put it between
 * `<material>` tags that the text itself can neither close nor imitate, and take out characters a person cannot see. */
export interface MaterialItem { id: string; title: string; url: string | null; text: string }

// Control characters but tab and newline; bidirectional overrides; zero-width, filler and tag characters; variation
// selectors beyond the emoji one; private use. All of them can carry an instruction past a human reader.
// oxlint-disable-next-line no-control-regex, no-misleading-character-class -- such characters are what is looked for
const INVISIBLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uE000-\uF8FF\uFE00-\uFE0E\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}\u{F0000}-\u{10FFFF}]/gu;
// A joiner belongs between two letters of scripts that need it (Persian, Hindi, emoji); anywhere else it hides data.
// oxlint-disable-next-line no-control-regex -- a range from the first character on
const STRAY_JOINER = /(?<![^\u0000-\u02FF\u200C\u200D])[\u200C\u200D]+|[\u200C\u200D]+(?![^\u0000-\u02FF\u200C\u200D])|(?<=[\u200C\u200D])[\u200C\u200D]+/gu;
// "<" and its look-alikes where a tag, a comment, an instruction or a chat token (<|im_start|>, <<SYS>>) could begin.
// `a < b`, `x <= 3` and `<3` stay as they are: code in a source must stay readable.
const TAG_START = /[<\uFE64\uFF1C\u2039\u27E8\u3008](?=\s*[/\uFF0F!?|<\uFF5C\uFE64\uFF1C]|[^\s\d=<>-]|\s+(?:material|input|json_schema|system|developer|assistant|user|tool|instructions?)|\s+[\p{L}_][\w.:-]*\s*[/>\uFF1E\uFE65]|\s+[\p{L}_][\w.:-]*\s+[\w.:-]+\s*=)/giu;

/** @returns the text without invisible and control characters; line ends are `\n`, lone surrogates become U+FFFD */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replace(INVISIBLE, '').replace(STRAY_JOINER, '');
}

/** @returns clean text in which nothing can be read as a tag: each tag-like `<` is written `&lt;` */
export function neutralise(text: string): string {
  return cleanText(text).replace(TAG_START, '&lt;');
}

/** Blocks `<material id="…" title="…" url="…">…</material>` in the given order, ready for a prompt.
 * @param items  text from tools, library or uploads; `maxCharacters` cuts each text (default 12,000) */
export function wrapAsMaterial(items: readonly MaterialItem[], maxCharacters = 12_000): string {
  return items.map(({ id, title, url, text }) => `<material id="${attribute(id)}" title="${attribute(title)}"${url === null ? '' : ` url="${attribute(url)}"`}>\n${neutralise(clip(text, maxCharacters)).trim()}\n</material>`).join('\n\n');
}

const attribute = (value: string): string => cleanText(value).replace(/\s+/g, ' ').trim().slice(0, 500).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cuts at a paragraph, sentence or word near the limit and marks the cut. @param maxCharacters in UTF-16 units */
export function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const head = text.slice(0, Math.max(0, maxCharacters - 2));
  const cut = [head.lastIndexOf('\n\n'), head.lastIndexOf('. ') + 1, head.lastIndexOf(' ')].find((position) => position > maxCharacters * 0.7) ?? head.length;
  return `${head.slice(0, cut).trimEnd()} …`.toWellFormed();
}
