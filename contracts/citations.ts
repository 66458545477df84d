/** Which citations of a text resolve to something fetched in this run, and which figures stand without one.
 * Deterministic set membership (design.md G8), no imports, safe in the sandbox. */
export interface CitationReport {
  /** distinct ids cited and known, in order of first use */
  resolved: string[];
  /** distinct ids cited but never fetched in this run */
  unresolved: string[];
  /** markers in total, repeated ones included */
  markerCount: number;
  /** figures in sentences without a resolved citation: percentages, money, decimals, years and numbers above 12 */
  uncitedNumbers: { number: string; sentence: string }[];
}

const BRACKET = /\[([^[\]\n]{1,400})\](?![(:])/g;
// What may stand in a marker: an id of ours ("agents/agent-loop#the-loop", "web-1a2b3c4d#p2") or the bare number that
// models like to invent ("[3]"). "[optional]" and "[x]" are ordinary words.
const LOOKS_LIKE_ID = /^(?:[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*(?:\/[\w.-]+)+(?:#[\w.-]+)?|[\w-]+#[\w.-]+|web-[\w-]+|m?\d{1,4}|(?:source|ref|material)[-_ ]?\d+)$/i;
const NUMBER = /(?<![\w.,#/-])(?:[$€£]\s?)?\d[\d,]*(?:\.\d+)?(?:\s?(?:%|percent\b|million\b|billion\b|[kKMB]\b))?(?![\w/-])/g;

/** @param text  Markdown with `[id]` or `[id, id]` markers. @param ids  every item id fetched in this run */
export function checkCitations(text: string, ids: Iterable<string>): CitationReport {
  const known = new Set(ids);
  const prose = withoutCode(text);
  const resolved = new Set<string>();
  const unresolved = new Set<string>();
  let markerCount = 0;
  for (const id of markers(prose, known)) {
    markerCount += 1;
    (known.has(id) ? resolved : unresolved).add(id);
  }
  return { resolved: [...resolved], unresolved: [...unresolved], markerCount, uncitedNumbers: uncitedNumbers(prose, known) };
}

/** The report in one plain sentence. */
export function describeCitations(report: CitationReport): string {
  const cited = report.resolved.length + report.unresolved.length;
  const first = cited === 0 ? 'The text cites nothing' : `${report.resolved.length} of ${cited} cited ${cited === 1 ? 'source' : 'sources'} ${report.resolved.length === 1 ? 'was' : 'were'} fetched in this run`;
  const missing = report.unresolved.length > 0 ? `; not found: ${report.unresolved.slice(0, 10).map((id) => `[${id}]`).join(' ')}` : '';
  const numbers = report.uncitedNumbers.length;
  return `${first}${missing}; ${numbers === 0 ? 'no figure' : numbers === 1 ? '1 figure' : `${numbers} figures`} without a citation.`;
}

function* markers(text: string, known: ReadonlySet<string>): Generator<string> {
  for (const match of text.matchAll(BRACKET)) {
    const whole = (match[1] ?? '').trim();
    const parts = known.has(whole) ? [whole] : whole.split(/\s*[,;]\s*/).map((part) => part.trim());
    if (parts.every((part) => known.has(part) || LOOKS_LIKE_ID.test(part))) yield* parts;
  }
}

function uncitedNumbers(prose: string, known: ReadonlySet<string>): CitationReport['uncitedNumbers'] {
  const found: CitationReport['uncitedNumbers'] = [];
  for (const sentence of sentences(prose)) {
    if ([...markers(sentence, known)].some((id) => known.has(id))) continue;
    const bare = sentence.replace(BRACKET, ' ').replace(/\]\([^)\s]*\)/g, ' ').replace(/https?:\/\/\S+/g, ' ').replace(/^\s*(?:[-*+>]|\d+[.)]|#{1,6}\s*\d*[.)]?)\s+/, '');
    for (const match of bare.matchAll(NUMBER)) {
      const number = match[0].trim().replace(/,$/, '');
      const plain = /^\d+$/.test(number);
      if (!plain || Number(number) > 12) found.push({ number, sentence: sentence.trim().slice(0, 300) });
    }
  }
  return found;
}

/** Sentences line by line; one that is only markers belongs to the sentence before it. */
function sentences(prose: string): string[] {
  return prose.split('\n').flatMap((line) => {
    const parts: string[] = [];
    for (const part of line.split(/(?<=[.!?])\s+(?=[\p{Lu}"'([])/u)) {
      const onlyMarkers = part.replace(BRACKET, '').replace(/[\s.,;]/g, '') === '';
      if (onlyMarkers && parts.length > 0) parts[parts.length - 1] += ` ${part}`;
      else if (/^\s*\[/.test(part) && parts.length > 0) {
        // "… by 40 %. [web-1] The next sentence": the marker closes the sentence it follows.
        const lead = /^\s*(?:\[[^\]]*\]\s*)+/.exec(part)?.[0] ?? '';
        parts[parts.length - 1] += ` ${lead}`;
        parts.push(part.slice(lead.length));
      } else parts.push(part);
    }
    return parts;
  }).filter((part) => part.trim() !== '');
}

function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?(?:^\1[^\S\n]*$|(?![\s\S]))/gm, '').replace(/`[^`\n]*`/g, '');
}
