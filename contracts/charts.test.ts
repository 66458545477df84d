import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { barChart, histogramChart, lineChart, scatterChart } from './charts.ts';

interface Tag { name: string; attributes: Record<string, string> }
/** Every element, by a strict reader. @throws Error when it is not well-formed XML */
function read(svg: string): Tag[] {
  const tags: Tag[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => { throw error; });
  parser.on('opentag', (tag) => { tags.push({ name: tag.name, attributes: { ...tag.attributes } }); });
  parser.write(svg).close();
  return tags;
}
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<script>alert(1)</script>', '"]]>&amp;', '\u0000\uFFFF', 'x'.repeat(5_000)));
const frame = fc.record({ title: text, description: fc.option(text, { nil: undefined }), xLabel: fc.option(text, { nil: undefined }), yLabel: fc.option(text, { nil: undefined }) });
const number = fc.oneof(fc.double(), fc.integer(), fc.double({ min: -1, max: 1 }));
const series = fc.array(fc.record({ name: text, points: fc.array(fc.tuple(number, number)) }), { maxLength: 10 });
const charts = fc.oneof(
  fc.tuple(frame, fc.array(fc.record({ label: text, value: number }), { maxLength: 60 })).map(([f, bars]) => barChart(f, bars)),
  fc.tuple(frame, series).map(([f, s]) => lineChart(f, s)),
  fc.tuple(frame, series).map(([f, s]) => scatterChart(f, s)),
  fc.tuple(frame, fc.array(number), fc.option(fc.integer({ min: -2, max: 200 }), { nil: undefined })).map(([f, values, classes]) => histogramChart(f, values, classes)),
);

describe('charts', () => {
  it('whatever the figures and words, the chart is valid XML of bounded size, without scripts, with finite numbers', () => {
    fc.assert(fc.property(charts, (svg) => {
      const names = read(svg).map(({ name }) => name);
      expect(names[0]).toBe('svg');
      expect(names).toEqual(expect.arrayContaining(['title', 'desc']));
      expect(names.filter((name) => !/^(svg|title|desc|rect|text|line|polyline|circle|path|g)$/.test(name))).toEqual([]);
      expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
      expect(svg.length).toBeLessThan(2_000_000);
    }), { numRuns: 300 });
  });

  it('a figure next to nothing is drawn at zero', () => {
    for (const value of [5e-324, -5e-324, 1e-301, -1e-299]) expect(barChart({ title: 'x' }, [{ label: 'a', value }])).not.toMatch(/="[^"]*(NaN|Infinity)/);
  });

  it('ten thousand points stay bounded', () => {
    const points = Array.from({ length: 10_000 }, (_, index) => [index, Math.sin(index / 100)] as const);
    expect(scatterChart({ title: 'x' }, Array.from({ length: 8 }, (_, index) => ({ name: `${index}`, points }))).length).toBeLessThan(700_000);
  });

  it('draws what it is given', () => {
    const bars = barChart({ title: 'Cost a model', yLabel: 'dollars' }, [{ label: 'A & B', value: 10 }, { label: 'C', value: -5 }]);
    const rects = read(bars).filter(({ name }) => name === 'rect').slice(1).map(({ attributes }) => ({ y: Number(attributes['y']), height: Number(attributes['height']) }));
    // Ten up is twice as long as five down, and both begin at zero.
    expect(rects[0]?.height).toBeCloseTo((rects[1]?.height ?? 0) * 2, 1);
    expect((rects[0]?.y ?? 0) + (rects[0]?.height ?? 0)).toBeCloseTo(rects[1]?.y ?? 0, 1);
    expect(bars).toContain('<desc id="chart-desc">A &amp; B 10, C -5.</desc>');
    const histogram = histogramChart({ title: 'h' }, [1, 1, 1, 2, 3, 4], 3);
    expect([...histogram.matchAll(/<title>([^<]*): (\d+)<\/title>/g)].map((match) => match[2])).toEqual(['3', '1', '2']);
    expect(lineChart({ title: 'l' }, [{ name: 'loss', points: [[2, 1], [0, 3], [1, 2]] }])).toMatch(/polyline points="[\d.]+,[\d.]+ [\d.]+,[\d.]+ [\d.]+,[\d.]+"/);
  });
});
