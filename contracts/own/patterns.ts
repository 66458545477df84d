import { RE2JS } from 're2js';

/** Patterns that people write, in RE2: time in proportion to text and pattern, and both are bounded, because they are read by the API
 * while it serves others and matched inside a workflow, where nothing else of the worker's thread goes on meanwhile. */
export const MAX_PATTERN_CHARACTERS = 500;
/** Instructions of one pattern with its repeats written out, and of all that one definition holds. */
const MAX_PATTERN_SIZE = 1_000;
const MAX_PATTERNS_SIZE = 20_000;
/** A text that patterns look through; matches that one call gives. */
const MAX_SUBJECT_CHARACTERS = 200_000;
const MAX_MATCHES = 1_000;
/** Characters read times instructions that may wait at each, for all patterns of a run: about a second on a busy machine. Building a
 * pattern counts too, and each character for itself. */
const RUN_WORK = 12_000_000;
const BUILDING = 100;
const READING = 8;

export class PatternTooCostly extends Error {}

/** What the patterns of one run, or of one definition that is checked, may still cost. Counted, not timed: the same on a replay. */
export class PatternWork {
  #left: number;
  #sizeLeft = MAX_PATTERNS_SIZE;
  readonly #compiled = new Map<string, RE2JS>();

  constructor(left = RUN_WORK) {
    this.#left = left;
  }

  /** Why this is no pattern; null when it is one. */
  problem(pattern: string): string | null {
    if (pattern.length > MAX_PATTERN_CHARACTERS) return `is longer than ${MAX_PATTERN_CHARACTERS} characters`;
    if (pattern.includes('\\Q')) return 'holds \\Q; write \\ before each sign instead';
    const size = sizeOf(pattern);
    if (size > MAX_PATTERN_SIZE) return `repeats too much: written out it has ${size.toLocaleString('en-US')} parts; a pattern has at most ${MAX_PATTERN_SIZE.toLocaleString('en-US')}`;
    this.#sizeLeft -= size;
    if (this.#sizeLeft < 0) return 'is one pattern too many: all patterns of a workflow together are too big; shorten their repeats';
    try {
      RE2JS.compile(pattern);
      return null;
    } catch (error) {
      return `is not a pattern that works in bounded time (RE2): ${error instanceof Error ? error.message.slice(0, 160) : 'it cannot be read'}`;
    }
  }

  /** Every match, at most 1,000; of a group when one is named (0 = the whole). @throws PatternTooCostly when the run's work is used up */
  matches(pattern: string, text: string, group = 0): string[] {
    const compiled = this.#compile(pattern);
    const cost = compiled.programSize() + READING;
    const bytes = [...new TextEncoder().encode(text.slice(0, MAX_SUBJECT_CHARACTERS))];
    // Its engines look ahead as far as they like before they settle on a short match: only what they read tells the work.
    const counted = new Proxy(bytes, { get: (target, key) => { this.#take(cost); return Reflect.get(target, key) as unknown; } });
    const matcher = compiled.matcher(counted);
    const found: string[] = [];
    while (found.length < MAX_MATCHES && matcher.find()) {
      const [start, end] = group <= matcher.groupCount() ? [matcher.start(group), matcher.end(group)] : [0, 0];
      found.push(start < 0 ? '' : new TextDecoder().decode(Uint8Array.from(bytes.slice(start, end))));
    }
    return found;
  }

  #compile(pattern: string): RE2JS {
    const known = this.#compiled.get(pattern);
    if (known) return known;
    // A definition of before the bound may hold a bigger one.
    this.#take(sizeOf(pattern) * BUILDING);
    const made = RE2JS.compile(pattern);
    this.#compiled.set(pattern, made);
    return made;
  }

  #take(cost: number): void {
    this.#left -= cost;
    if (this.#left < 0) throw new PatternTooCostly('the patterns of this run have too much work: shorten the texts they look through, or their repeats');
  }
}

/** One sign of a pattern: escapes with braces, escapes, classes, repeats, brackets of groups, anything else. */
const SIGN = /\\[pPx]\{[^}]*\}|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]|\{(\d+)(,?)(\d*)\}|[^]/gu;

/** How many parts a pattern has with its repeats written out, before anything is built of it. */
function sizeOf(pattern: string): number {
  const groups = [0];
  let last = 0;
  const add = (size: number): void => { groups.push((groups.pop() ?? 0) + size); };
  for (const [sign, least, comma, most] of pattern.matchAll(SIGN)) {
    if (least !== undefined) {
      const times = Math.max(Number(least) + (comma && !most ? 1 : 0), Number(most ?? 0));
      add(last * Math.max(0, times - 1));
      last *= Math.max(1, times);
    } else if (sign === '(') {
      groups.push(0);
    } else if (sign === ')' && groups.length > 1) {
      last = (groups.pop() ?? 0) + 1;
      add(last);
    } else if (sign === '*' || sign === '+' || sign === '?') {
      last += 1;
      add(1);
    } else {
      last = 1;
      add(1);
    }
  }
  return groups.reduce((sum, size) => sum + size, 0);
}
