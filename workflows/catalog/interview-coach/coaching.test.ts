import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesOf, firstDayOf, nextDifficulty, nextTopic, priorMastery, readiness, reviewDays, scoreOf, studyPlan, topicsFrom, updatedMastery, type Graded, type Standing } from './coaching.ts';
import { JOB_AD, SYLLABUS } from './samples.ts';

const given = fc.array(fc.record({ title: fc.constantFrom('A', 'B', 'a ', 'C', 'D', 'E'), priority: fc.integer({ min: 1, max: 8 }), builds_on_numbers: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 2 }), search_query: fc.constant('x') }), { minLength: 1, maxLength: 8 });
const standings = fc.tuple(given, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })).map(([topics, mastery]) => topicsFrom(topics).map((topic, index): Standing => ({ topic, mastery: mastery[index] ?? 0.5, asked: index % 3, measured: false })));

describe('topics', () => {
  it('come from the points of a list, else from sentences', () => {
    expect(candidatesOf([JOB_AD], 40)).toContain('Build retrieval pipelines and measure their recall');
    expect(candidatesOf([SYLLABUS], 40)[0]).toBe('Tokenizers: byte pair encoding, vocabulary size, effects on cost');
    expect(candidatesOf(['You know attention. You know loss.'], 1)).toEqual(['You know attention']);
  });

  it('make a graph without cycles whose weights add up to one, whatever the model says', () => {
    fc.assert(fc.property(given, (topics) => {
      const made = topicsFrom(topics);
      expect(made.length).toBe(new Set(topics.map((topic) => topic.title.trim().toLowerCase())).size);
      expect(made.reduce((sum, topic) => sum + topic.weight, 0)).toBeCloseTo(1);
      for (const [place, topic] of made.entries()) for (const before of topic.buildsOn) expect(before).toBeLessThan(place);
    }));
  });

  it('the next one was asked least, and promises most among those', () => {
    fc.assert(fc.property(standings, (list) => {
      const chosen = list[nextTopic(list)] as Standing;
      expect(chosen.asked).toBe(Math.min(...list.map((each) => each.asked)));
      for (const other of list.filter((each) => each.asked === chosen.asked)) expect(chosen.topic.weight * (1 - chosen.mastery)).toBeGreaterThanOrEqual(other.topic.weight * (1 - other.mastery));
      expect(readiness(list)).toBeGreaterThanOrEqual(0);
      expect(readiness(list)).toBeLessThanOrEqual(1 + 1e-9);
    }));
  });
});

describe('grades', () => {
  const mark = (points: number, score: number, proven = true): Graded => ({ criterion: 'c', points, score, quote: 'q', feedback: 'f', proven });
  it('count only points that words of the answer prove', () => {
    expect(scoreOf([mark(3, 1), mark(1, 0.5), mark(4, 1, false)])).toBeCloseTo(3.5 / 8);
    expect(scoreOf([])).toBe(0);
  });

  it('move level and standing the right way and stay in their bounds', () => {
    expect([nextDifficulty(2, 0.8), nextDifficulty(2, 0.6), nextDifficulty(2, 0.2), nextDifficulty(1, 0), nextDifficulty(5, 1), nextDifficulty(3, null)]).toEqual([3, 2, 1, 1, 5, 3]);
    expect([1, 3, 5, undefined].map(priorMastery)).toEqual([0, 0.5, 1, 0.5]);
    fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (before, score) => {
      const after = updatedMastery(before, score);
      expect(after).toBeGreaterThanOrEqual(Math.min(before, score) - 1e-12);
      expect(after).toBeLessThanOrEqual(Math.max(before, score) + 1e-12);
    }));
  });
});

describe('the plan', () => {
  it('uses exactly the minutes of each day, in the order of the topics', () => {
    fc.assert(fc.property(standings, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 10, max: 240 }), (list, days, minutes) => {
      const plan = studyPlan(list, days, minutes);
      for (let day = 1; day <= days; day += 1) expect(plan.filter((row) => row.day === day).reduce((sum, row) => sum + row.minutes, 0)).toBe(minutes);
      const studied = plan.filter((row) => row.what !== 'Cards that are due').map((row) => list.findIndex((each) => each.topic.title === row.what));
      expect(studied).toEqual(studied.toSorted((a, b) => a - b));
      for (const { topic } of list) expect(firstDayOf(plan, topic.title)).toBeLessThanOrEqual(days);
    }));
  });

  it('cards come back later and later, never before they are new or after the last day, sooner when the topic stands low', () => {
    expect(reviewDays(1, 60, 0.5)).toEqual([2, 4, 8, 17, 36]);
    expect(reviewDays(3, 7, 0.5)).toEqual([4, 6]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (first, days, mastery) => {
      const due = reviewDays(first, days, mastery);
      expect(due).toEqual([...new Set(due)].toSorted((a, b) => a - b));
      for (const day of due) { expect(day).toBeGreaterThan(first); expect(day).toBeLessThanOrEqual(days); }
      expect(reviewDays(first, days, 0).length).toBeGreaterThanOrEqual(reviewDays(first, days, 1).length);
    }));
  });
});
