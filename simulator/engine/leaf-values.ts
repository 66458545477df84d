import { gapQuestion } from './anchors.ts';
import { coverage, phrasesOf, subjectOf } from './corpus.ts';
import { gapChoices, ID_NAME, OPEN_NAME, timeboxMinutes, type Filling, type Place } from './json-answer.ts';
import type { ParsedPrompt } from './parse-prompt.ts';
import { matchPattern } from './pattern.ts';
import { keywords, overlap, wordsOf } from './score.ts';
import { asSchema, numberOf, type Schema } from './schema.ts';
import { countCharacters, trimToLength } from './tokens.ts';

/** Leaves of an answer: enums by mention, numbers from the inputs within their bounds, strings from the best material. */
export function chooseEnum(values: unknown[], filling: Filling, place: Place): unknown {
  const { inputs, instruction } = filling.corpus.prompt;
  const gap = gapChoices(place, filling);
  const judged = judgement(values, filling, place);
  const rated = values.map((value, index) => {
    const text = String(value);
    const named = inputs.filter((input) => input.value.toLowerCase() === text.toLowerCase()).length * 20;
    const said = inputs.reduce((sum, input) => sum + overlap(text, input.value) * (overlap(input.name, place.name) > 0 ? 4 : 2), 0);
    const here = place.anchor ? overlap(text, `${place.anchor.title} ${place.anchor.sentence}`) * 3 : 0;
    const correct = gap && (value === gap.options[gap.correct] || value === gap.correct) ? 50 : 0;
    const borneOut = value === judged ? 10 : 0;
    return { value, index, score: named + said + here + correct + borneOut + Math.min(1, overlap(text, instruction)) };
  });
  rated.sort((a, b) => b.score - a.score || a.index - b.index);
  return (rated.find(({ value }) => !place.avoid.has(JSON.stringify(value))) ?? rated[0])?.value;
}

const BORNE_OUT = /^(?:includ(?:e|ed)|supports?|supported|yes|met|stated|covered)$/i;
const NOT_BORNE_OUT = /^(?:exclud(?:e|ed)|no|not_\w+|unmet|unsupported|missing)$/i;
const LEFT_OPEN = /^(?:unclear|unknown|part(?:ly|ial)|cannot_tell|maybe)$/i;
const FIGURE = /\d[\d.,]*\d|\d/g;

/** A choice between "borne out", "not" and "open": by how many words of what was asked the item's material (or all of it) holds.
 * A figure that the material lacks leaves it open at best. @returns undefined for any other choice */
function judgement(values: unknown[], filling: Filling, place: Place): unknown {
  const [yes, no, open] = [BORNE_OUT, NOT_BORNE_OUT, LEFT_OPEN].map((kind) => values.find((value) => kind.test(String(value))));
  const { materials, prompt } = filling.corpus;
  if (yes === undefined || no === undefined || materials.length === 0) return undefined;
  const subject = subjectOf(prompt);
  const texts = materials.filter(({ material }) => !place.anchor?.materialId || material.id === place.anchor.materialId).map(({ material }) => `${material.title} ${material.text}`).join(' ');
  const asked = keywords(subject);
  const share = asked.length === 0 ? 0 : overlap(subject, texts) / asked.length;
  const figures = new Set(texts.match(FIGURE) ?? []);
  const lacksFigure = (subject.match(FIGURE) ?? []).some((figure) => !figures.has(figure));
  if (share >= 0.5 && !lacksFigure) return yes;
  return share >= 1 / 3 ? open ?? no : no;
}

export function numberValue(schema: Schema, integer: boolean, filling: Filling, place: Place): number {
  const step = numberOf(schema.multipleOf) ?? (integer ? 1 : undefined);
  const above = numberOf(schema.exclusiveMinimum), below = numberOf(schema.exclusiveMaximum);
  const gap = integer ? 1 : above !== undefined && below !== undefined ? (below - above) / 2 : 0.5;
  let lower = Math.max(numberOf(schema.minimum) ?? Number.NEGATIVE_INFINITY, above === undefined ? Number.NEGATIVE_INFINITY : (integer ? Math.floor(above) : above) + gap);
  let upper = Math.min(numberOf(schema.maximum) ?? Number.POSITIVE_INFINITY, below === undefined ? Number.POSITIVE_INFINITY : (integer ? Math.ceil(below) : below) - gap);
  if (integer) { lower = Math.ceil(lower); upper = Math.floor(upper); }
  const inBounds = (value: number): number => {
    let result = Math.min(upper, Math.max(lower, value));
    if (step === undefined) return result;
    const low = Number.isFinite(lower) ? Math.ceil(lower / step) : Number.NEGATIVE_INFINITY;
    const high = Number.isFinite(upper) ? Math.floor(upper / step) : Number.POSITIVE_INFINITY;
    result = Math.min(high, Math.max(low, Math.round(result / step))) * step;
    return Object.is(result, -0) ? 0 : result;
  };
  let value = inBounds(derivedNumber(filling, place) ?? (Number.isFinite(lower) ? lower : 0));
  for (let tries = 1; place.avoid.has(JSON.stringify(value)) && tries <= 200; tries += 1) value = inBounds((Number.isFinite(lower) ? lower : 0) + tries * (step ?? 1));
  return value;
}

function derivedNumber(filling: Filling, place: Place): number | undefined {
  const { inputs } = filling.corpus.prompt;
  const gap = gapChoices(place, filling);
  if (gap && /answer|correct/.test(place.name)) return gap.correct;
  const minutes = timeboxMinutes(filling);
  if (/minute|duration|timebox/.test(place.name) && minutes !== undefined) return place.count > 1 ? Math.floor(minutes / place.count) : minutes;
  if (/hour/.test(place.name) && minutes !== undefined) return minutes / 60 / Math.max(1, place.count);
  const numbers = inputs.filter((input) => /^-?\d+(?:\.\d+)?$/.test(input.value));
  const same = numbers.map((input) => ({ input, fit: overlap(input.name, `${place.name} ${place.description}`) })).sort((a, b) => b.fit - a.fit)[0];
  if (same && same.fit > 0) return Number(same.input.value);
  if (/order|index|position|rank|number|day|week|level|priority/.test(place.name)) return place.index + 1;
  if (/count|total/.test(place.name)) return filling.corpus.materials.length;
  if (/score|confidence|coverage|relevance|percent|ratio/.test(place.name)) return coverage(filling.corpus) * (/percent/.test(place.name) ? 100 : 1);
  return undefined;
}

export function stringValue(schema: Schema, filling: Filling, place: Place): string {
  const minimum = numberOf(schema.minLength) ?? 0;
  const maximum = numberOf(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  const formatted = typeof schema.format === 'string' ? formatValue(schema.format, filling, place) : undefined;
  if (formatted !== undefined) return formatted;
  const limit = Math.min(maximum, Math.max(filling.softLength, minimum));
  if (typeof schema.pattern === 'string') return matchPattern(schema.pattern, [...idsOf(filling, place), ...candidates(filling, place)], minimum, maximum, place.index);
  for (const candidate of candidates(filling, place)) {
    const text = fit(candidate, minimum, limit);
    if (place.avoid.has(JSON.stringify(text))) continue;
    filling.used.add(candidate);
    return text;
  }
  return unique(fit((subjectOf(filling.corpus.prompt) || 'No material was given'), minimum, limit), place, minimum, limit);
}

/** Possible texts, best first. Every one is from the inputs or the material, or says that there is none. */
function* candidates(filling: Filling, place: Place): Generator<string> {
  if (place.preferred !== undefined) yield place.preferred;
  const own = filling.text(place.name);
  if (own !== undefined) yield own;
  const { prompt } = filling.corpus;
  const { anchor } = place;
  const gap = gapChoices(place, filling);
  const name = place.name.toLowerCase();
  const exact = prompt.inputs.find((input) => wordsOf(input.name).join('_') === wordsOf(name).join('_'));
  if (exact?.value && !anchor) yield exact.value;
  if (ID_NAME.test(name)) yield* idsOf(filling, place);
  if (/url|link|href/.test(name)) { if (anchor?.url) yield anchor.url; yield* prompt.materials.map((material) => material.url).filter(Boolean); }
  if (/title|topic|heading|(?:^|_)name$|label|subject/.test(name)) {
    if (anchor) yield anchor.title;
    else if (/topic|section|name/.test(name) && place.count > 1) yield* filling.topics.map((topic) => topic.title);
    if (subjectOf(prompt)) yield subjectOf(prompt);
    yield* filling.topics.map((topic) => topic.title);
  }
  // An interviewer wants sentences, not a word.
  if (anchor && /interview_question/.test(name)) yield `How would you explain “${anchor.title}” to a colleague? Give an example, and say where it stops.`;
  if (anchor && /board_question/.test(name)) yield `What stands behind “${anchor.title}”, and what would change your mind?`;
  if (anchor && /question|prompt/.test(name)) yield gapQuestion(anchor);
  if (anchor && gap && /answer|correct/.test(name)) yield gap.options[gap.correct] ?? anchor.term;
  if (/keyword|tag|term/.test(name)) { if (anchor?.term) yield anchor.term; yield* filling.sentences.map((sentence) => sentence.term).filter(Boolean); }
  if (/quer(?:y|ies)|search/.test(name)) { yield searchWords(anchor?.title ?? subjectOf(prompt), subjectOf(prompt)); yield* filling.topics.map((topic) => topic.title); }
  if (anchor && OPEN_NAME.test(name)) yield anchor.title;
  // What a person knows stands in no material.
  if (/learner|student|reader|background|starting|your_level/.test(`${name} ${place.description.toLowerCase()}`)) yield inputsAlone(prompt);
  // A claim of the demo is its quotation: it has no words of its own.
  if (anchor?.sentence && (gap !== null || quizItem(place) || /(?:^|_)(?:quote|quotation|claim)$/.test(name) || !filling.used.has(anchor.sentence))) yield anchor.sentence;
  if (anchor && !anchor.sentence) yield `${anchor.title} is part of what you asked for: “${subjectOf(prompt)}”.`;
  yield* bestQuotes(filling, place);
  if (prompt.materials.length === 0) {
    yield inputsAlone(prompt);
    yield* prompt.inputs.map((input) => `${input.name.replaceAll('_', ' ')}: ${input.value}`);
  }
}

function inputsAlone(prompt: ParsedPrompt): string {
  const known = prompt.inputs.filter((input) => input.value !== subjectOf(prompt) && input.value && input.value.length <= 40).map((input) => `${input.name.replaceAll('_', ' ')} ${input.value}`);
  return known.length > 0 ? `Only the inputs are known: ${known.join(', ')}. The demo cannot judge more than that.` : 'No material was given.';
}

/** An item with a question: its explanation is the sentence the question is made of. */
function quizItem(place: Place): boolean {
  return /explanation|reason|answer|quote|evidence/.test(place.name) && Object.keys(asSchema(place.parent.properties)).some((name) => name.includes('question'));
}

/** Three to six words to search with: the item's own, filled up from the subject. */
function searchWords(title: string, subject: string): string {
  const words = [...title.split(/\s+/), ...phrasesOf(subject).join(' ').split(/\s+/)].map((word) => word.replace(/[^\p{L}\p{N}+#-]/gu, '')).filter((word) => keywords(word).length > 0);
  return [...new Map(words.map((word) => [keywords(word).join(), word])).values()].slice(0, 6).join(' ') || title;
}

/** Sentences by the property's own words and the item's subject; those not quoted yet first. */
function* bestQuotes(filling: Filling, place: Place): Generator<string> {
  const about = `${place.name} ${place.description} ${place.anchor?.title ?? ''}`;
  const rated = filling.quotes.slice(0, 400).map((quote, index) => ({
    text: quote.text, index, value: overlap(about, quote.text) * 2 + (place.anchor?.materialId === quote.materialId ? 1.5 : 0) - (filling.used.has(quote.text) ? 10 : 0),
  }));
  for (const { text } of rated.sort((a, b) => b.value - a.value || a.index - b.index)) yield text;
}

function idsOf(filling: Filling, place: Place): string[] {
  const ids = filling.corpus.materials.map(({ material }) => material.id);
  return place.anchor ? [place.anchor.materialId, ...ids] : ids.length > 0 ? [...ids.slice(place.index % ids.length), ...ids.slice(0, place.index % ids.length)] : [];
}

function formatValue(format: string, filling: Filling, place: Place): string | undefined {
  const two = String((place.index % 28) + 1).padStart(2, '0');
  if (format === 'uri' || format === 'url' || format === 'uri-reference' || format === 'iri') {
    return place.anchor?.url || filling.corpus.prompt.materials.find((material) => material.url)?.url || `urn:material:none:${place.index + 1}`;
  }
  if (format === 'date') return `2026-01-${two}`;
  if (format === 'date-time') return `2026-01-${two}T00:00:00Z`;
  if (format === 'time') return '00:00:00Z';
  if (format === 'duration') return 'PT0S';
  if (format === 'email') return `nobody${place.index + 1}@example.invalid`;
  if (format === 'uuid') return `00000000-0000-4000-8000-${String(place.index + 1).padStart(12, '0')}`;
  return undefined;
}

/** Between `minimum` and `limit` characters: trimmed at a word, repeated when too short. */
function fit(text: string, minimum: number, limit: number): string {
  let result = trimToLength(text, limit);
  if (countCharacters(result) < minimum) result = trimToLength(`${result} ${text || 'none'}`.trim(), limit);
  return result + '.'.repeat(Math.max(0, minimum - countCharacters(result)));
}

function unique(text: string, place: Place, minimum: number, limit: number): string {
  let result = text;
  for (let number = 2; place.avoid.has(JSON.stringify(result)) && number < 300; number += 1) {
    const suffix = ` (${number})`;
    result = suffix.length < limit ? fit(text, Math.max(0, minimum - suffix.length), limit - suffix.length) + suffix : String(number).padStart(Math.min(limit, Math.max(1, minimum)), '0').slice(-limit);
  }
  return result;
}
