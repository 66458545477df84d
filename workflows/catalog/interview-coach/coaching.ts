import { clip } from '#contracts/material';
import { allot } from '../../steps/allot.ts';
import { oneLine } from '../../steps/report.ts';
import { sentencesOf } from '../../steps/sentences.ts';

/** The arithmetic of the coach: what is asked next, how an answer counts, how days and cards are laid out. Pure; no model. */
export interface Topic { title: string; /** share of the whole, all together 1 */ weight: number; /** places of topics before this one */ buildsOn: number[]; searchQuery: string }
export interface Standing { topic: Topic; /** 0 to 1 */ mastery: number; asked: number; measured: boolean }
export interface Graded { criterion: string; points: number; /** 0, 0.5 or 1 of the points */ score: number; quote: string; feedback: string; /** the quotation stands in the answer */ proven: boolean }

/** What a syllabus or an advertisement names: points of lists, else its sentences. In the order of the text, each once. */
export function candidatesOf(texts: readonly string[], most: number): string[] {
  const points = texts.flatMap((text) => text.split('\n').flatMap((line) => /^\s*(?:[-*•–]|\d{1,2}[.)])\s+(.+)$/.exec(line)?.[1] ?? []));
  const found = points.length >= 3 ? points : texts.flatMap(sentencesOf);
  const clean = found.map((point) => clip(oneLine(point).replace(/[.;,]+$/, ''), 240)).filter((point) => /\p{L}{3}/u.test(point));
  return [...new Map(clean.map((point) => [point.toLowerCase(), point])).values()].slice(0, most);
}

/** Topics from the model's answer: the first priority weighs most, only earlier topics may be built on, so the graph has no
 * cycle; the same title twice is one topic. */
export function topicsFrom(given: readonly { title: string; priority: number; builds_on_numbers: readonly number[]; search_query: string }[]): Topic[] {
  const kept = given.flatMap((topic, index) => (given.findIndex((other) => other.title.trim().toLowerCase() === topic.title.trim().toLowerCase()) === index ? [{ topic, number: index + 1 }] : []));
  const weights = kept.map(({ topic }) => 1 / (1 + Math.max(0, topic.priority - 1) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return kept.map(({ topic, number }, place) => ({
    title: oneLine(topic.title), weight: (weights[place] ?? 0) / total, searchQuery: topic.search_query,
    buildsOn: [...new Set(topic.builds_on_numbers)].filter((earlier) => earlier < number).map((earlier) => kept.findIndex((other) => other.number === earlier)).filter((at) => at >= 0 && at < place),
  }));
}

/** @param rating 1 to 5 as the person sees it; unknown = in the middle */
export const priorMastery = (rating: number | undefined): number => (rating === undefined ? 0.5 : (rating - 1) / 4);

/** Not asked yet goes first, then what weighs most and is known least; ties keep the order of the graph. @returns a place */
export function nextTopic(standings: readonly Standing[]): number {
  const rated = standings.map(({ topic, mastery, asked }, place) => ({ place, asked, gain: topic.weight * (1 - mastery) }));
  return rated.toSorted((a, b) => a.asked - b.asked || b.gain - a.gain || a.place - b.place)[0]?.place ?? 0;
}

/** One level up after a good answer, one down after a poor one. Levels 1 to 5. */
export function nextDifficulty(level: number, score: number | null): number {
  if (score === null) return level;
  return Math.min(5, Math.max(1, level + (score >= 0.75 ? 1 : score < 0.5 ? -1 : 0)));
}

/** Points reached of all points, 0 to 1. A point without words of the answer that prove it does not count. */
export function scoreOf(graded: readonly Graded[]): number {
  const all = graded.reduce((sum, { points }) => sum + points, 0);
  return all === 0 ? 0 : graded.reduce((sum, { points, score, proven }) => sum + (proven ? points * score : 0), 0) / all;
}

/** What is known afterwards: the answer weighs more than what was believed before. */
export const updatedMastery = (before: number, score: number): number => 0.4 * before + 0.6 * score;

export const readiness = (standings: readonly Standing[]): number => standings.reduce((sum, { topic, mastery }) => sum + topic.weight * mastery, 0);

export interface PlanRow { day: number; what: string; minutes: number }
export const REVIEW_SHARE = 0.3;

/** Whole minutes for every day: study in the order of the graph, weighted by what is missing, and a review block from day 2 on.
 * The minutes of a day are exactly those that the person has. */
export function studyPlan(standings: readonly Standing[], days: number, minutesPerDay: number): PlanRow[] {
  const review = (day: number): number => (day === 1 ? 0 : Math.floor(minutesPerDay * REVIEW_SHARE));
  const study = Array.from({ length: days }, (_, index) => minutesPerDay - review(index + 1));
  const total = study.reduce((sum, minutes) => sum + minutes, 0);
  const shares = allot(total, standings.map(({ topic, mastery }) => topic.weight * (1.15 - mastery)));
  const rows: PlanRow[] = [];
  let at = 0;
  let left = shares[0] ?? 0;
  for (let day = 1; day <= days; day += 1) {
    if (review(day) > 0) rows.push({ day, what: 'Cards that are due', minutes: review(day) });
    let open = study[day - 1] ?? 0;
    while (open > 0 && at < standings.length) {
      const minutes = Math.min(open, left);
      if (minutes > 0) rows.push({ day, what: standings[at]?.topic.title ?? '', minutes });
      open -= minutes;
      left -= minutes;
      if (left === 0) { at += 1; left = shares[at] ?? 0; }
    }
  }
  return rows;
}

const INTERVALS = [1, 3, 7, 16, 35];

/** Days on which a card comes back: expanding gaps after the day it was learnt, closer together when the topic is weak.
 * @returns days after `first` and not after the last one */
export function reviewDays(first: number, days: number, mastery: number): number[] {
  const stretch = mastery >= 0.75 ? 1.5 : mastery < 0.4 ? 0.75 : 1;
  const due = INTERVALS.map((gap) => first + Math.max(1, Math.round(gap * stretch)));
  return [...new Set(due)].filter((day) => day <= days);
}

/** The day on which a topic is studied first; day 1 when the plan has no room for it. */
export const firstDayOf = (plan: readonly PlanRow[], topic: string): number => plan.find((row) => row.what === topic)?.day ?? 1;
