/** Charts as SVG text. Pure and without imports: the sandbox uses it, and the same figures give the same bytes. A chart has its own
 * light ground, so that it reads on any page; title and description are there for those who hear it. */
export interface ChartFrame { title: string; /** one sentence on what is to be seen; made from the figures when left out */ description?: string; xLabel?: string; yLabel?: string }
export interface Series { name: string; points: readonly (readonly [number, number])[] }

const WIDTH = 720;
const HEIGHT = 420;
const PLOT = { left: 76, right: 24, top: 56, bottom: 66 };
const INK = '#1f2933';
const QUIET = '#5b6773';
const RULE = '#d9dee3';
/** each at least 3:1 on white, told apart without colour by dash and marker */
const COLOURS = ['#1d5fa8', '#b5480f', '#0f7a55', '#8a2f8f', '#7a6200', '#a8243f', '#3a4a9f', '#4f5b66'];
const DASHES = ['', '7 4', '2 3', '9 3 2 3', '1 4', '12 4', '4 2 1 2', '6 6'];
const MAX_BARS = 40;
const MAX_SERIES = 8;
const MAX_POINTS = 1_000;

/** One bar a label. Values below zero go down. */
export function barChart(frame: ChartFrame, bars: readonly { label: string; value: number }[]): string {
  const shown = bars.filter(({ value }) => isDrawable(value)).slice(0, MAX_BARS);
  const scale = axis([0, ...shown.map(({ value }) => value)]);
  const y = place(scale, HEIGHT - PLOT.bottom, PLOT.top);
  const step = (WIDTH - PLOT.left - PLOT.right) / Math.max(1, shown.length);
  const slanted = shown.length > 8;
  const parts = shown.map(({ label, value }, index) => {
    const x = PLOT.left + index * step;
    const middle = x + step / 2;
    const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
    const name = slanted
      ? `<text x="${num(middle)}" y="${HEIGHT - PLOT.bottom + 14}" font-size="10" text-anchor="end" transform="rotate(-35 ${num(middle)} ${HEIGHT - PLOT.bottom + 14})">${escapeXml(short(label, 16))}</text>`
      : `<text x="${num(middle)}" y="${HEIGHT - PLOT.bottom + 18}" font-size="12" text-anchor="middle">${escapeXml(short(label, Math.max(4, Math.floor(step / 7))))}</text>`;
    const figure = shown.length <= 12 ? `<text x="${num(middle)}" y="${num(value < 0 ? bottom + 13 : top - 5)}" font-size="11" text-anchor="middle" fill="${QUIET}">${figureOf(value)}</text>` : '';
    return `<rect x="${num(x + step * 0.15)}" y="${num(top)}" width="${num(step * 0.7)}" height="${num(Math.max(0.5, bottom - top))}" fill="${COLOURS[0]}"><title>${escapeXml(`${short(label, 80)}: ${figureOf(value)}`)}</title></rect>${name}${figure}`;
  });
  const cut = bars.length > shown.length ? ` ${bars.length - shown.length} of ${bars.length} are not shown.` : '';
  return svg(frame, `${shown.map(({ label, value }) => `${short(label, 40)} ${figureOf(value)}`).slice(0, 12).join(', ')}.${cut}`, [...yAxis(scale, y, frame), line(PLOT.left, y(0), WIDTH - PLOT.right, y(0), INK), ...xTitle(frame), ...parts]);
}

/** One line a series, with a legend; points are joined in the order of x. */
export function lineChart(frame: ChartFrame, series: readonly Series[]): string {
  return xyChart(frame, series, true);
}

/** One marker a point. */
export function scatterChart(frame: ChartFrame, series: readonly Series[]): string {
  return xyChart(frame, series, false);
}

/** How often values fall into classes of the same width. @param classes  left out: by Sturges' rule */
export function histogramChart(frame: ChartFrame, values: readonly number[], classes?: number): string {
  const known = values.filter((value) => isDrawable(value));
  const [low, high] = extent(known);
  const count = Math.min(MAX_BARS, Math.max(1, Math.round(classes ?? Math.ceil(Math.log2(Math.max(1, known.length)) + 1))));
  const width = (high - low) / count || 1;
  const counts = Array.from({ length: count }, () => 0);
  for (const value of known) { const at = Math.min(count - 1, Math.max(0, Math.floor((value - low) / width))); counts[at] = (counts[at] ?? 0) + 1; }
  const scale = axis([0, ...counts]);
  const y = place(scale, HEIGHT - PLOT.bottom, PLOT.top);
  const across = axis([low, low + width * count], false);
  const x = place(across, PLOT.left, WIDTH - PLOT.right);
  const bars = counts.map((amount, index) => `<rect x="${num(x(low + index * width))}" y="${num(y(amount))}" width="${num(Math.max(0.5, x(low + (index + 1) * width) - x(low + index * width) - 1))}" height="${num(y(0) - y(amount))}" fill="${COLOURS[0]}"><title>${figureOf(low + index * width)} to ${figureOf(low + (index + 1) * width)}: ${amount}</title></rect>`);
  const told = known.length === 0 ? 'There are no values.' : `${known.length} values from ${figureOf(low)} to ${figureOf(high)} in ${count} classes.`;
  return svg(frame, told, [...yAxis(scale, y, { ...frame, yLabel: frame.yLabel ?? 'Count' }), ...xAxis(across, x, frame), ...bars]);
}

function xyChart(frame: ChartFrame, series: readonly Series[], joined: boolean): string {
  const shown = series.slice(0, MAX_SERIES).map(({ name, points }) => {
    const known = points.filter(([x, y]) => isDrawable(x) && isDrawable(y));
    const ordered = joined ? known.toSorted(([a], [b]) => a - b) : known;
    const step = Math.ceil(ordered.length / MAX_POINTS) || 1;
    return { name: short(name, 28), all: known.length, points: ordered.filter((_, index) => index % step === 0 || index === ordered.length - 1) };
  });
  const across = axis(shown.flatMap(({ points }) => points.map(([x]) => x)), false);
  const up = axis(shown.flatMap(({ points }) => points.map(([, y]) => y)), false);
  const x = place(across, PLOT.left, WIDTH - PLOT.right);
  const y = place(up, HEIGHT - PLOT.bottom, PLOT.top);
  const marks = shown.flatMap(({ points }, index) => {
    const colour = COLOURS[index] ?? INK;
    const dots = joined && points.length > 40 ? [] : points.map(([px, py]) => marker(index, x(px), y(py), colour));
    return joined ? [`<polyline points="${points.map(([px, py]) => `${num(x(px))},${num(y(py))}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${DASHES[index] ? ` stroke-dasharray="${DASHES[index]}"` : ''}/>`, ...dots] : dots;
  });
  const legend = shown.length > 1 ? shown.map(({ name }, index) => `<g transform="translate(${PLOT.left + (index % 4) * 158} ${index < 4 ? 36 : 48})">${marker(index, 5, -3, COLOURS[index] ?? INK)}<text x="14" y="1" font-size="11">${escapeXml(short(name, 22))}</text></g>`) : [];
  const told = shown.map(({ name, all, points }) => { const [low, high] = extent(points.map(([, value]) => value)); return all === 0 ? `${name}: no points` : `${name}: ${all} points, ${figureOf(low)} to ${figureOf(high)}`; }).join('; ');
  return svg(frame, `${told}.`, [...yAxis(up, y, frame), ...xAxis(across, x, frame), ...marks, ...legend]);
}

function marker(index: number, x: number, y: number, colour: string): string {
  if (index % 4 === 1) return `<rect x="${num(x - 3)}" y="${num(y - 3)}" width="6" height="6" fill="${colour}"/>`;
  if (index % 4 === 2) return `<path d="M${num(x)} ${num(y - 4)}l4 7h-8z" fill="${colour}"/>`;
  if (index % 4 === 3) return `<path d="M${num(x)} ${num(y - 4)}l4 4l-4 4l-4 -4z" fill="${colour}"/>`;
  return `<circle cx="${num(x)}" cy="${num(y)}" r="3.2" fill="${colour}"/>`;
}

/** Figures near the end of the range of numbers would overflow every step; they are left out like NaN. */
const isDrawable = (value: number): boolean => Math.abs(value) <= 1e300;

/** A range narrower than that has no room for a step between its ends: it is drawn as one value. */
const NARROWEST = 1e-300;

interface Axis { low: number; high: number; ticks: number[] }

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
  return low > high ? [0, 1] : [low, high];
}

/** Round steps (1, 2, 5 × 10ⁿ) that hold all values. @param whole  widen to the next tick on both sides */
function axis(values: readonly number[], whole = true): Axis {
  let [low, high] = extent(values);
  if (high - low <= Math.max(Math.abs(high) * 1e-9, NARROWEST)) { const room = Math.abs(high) > NARROWEST ? Math.abs(high) * 0.1 : 1; low -= room; high += room; }
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999) ?? 10 * power;
  const [from, to] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const ticks = Array.from({ length: Math.min(12, to - from + 1) }, (_, index) => Number(((from + index) * step).toPrecision(12)));
  if (whole) return { low: from * step, high: to * step, ticks };
  const room = (high - low) * 0.03;
  return { low: low - room, high: high + room, ticks: ticks.filter((tick) => tick >= low - room && tick <= high + room) };
}

const place = ({ low, high }: Axis, from: number, to: number) => (value: number): number => from + ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (to - from);

const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string => `<line x1="${num(x1)}" y1="${num(y1)}" x2="${num(x2)}" y2="${num(y2)}" stroke="${colour}"/>`;

function yAxis(scale: Axis, y: (value: number) => number, { yLabel }: ChartFrame): string[] {
  const middle = (PLOT.top + HEIGHT - PLOT.bottom) / 2;
  return [
    ...scale.ticks.map((tick) => `${line(PLOT.left, y(tick), WIDTH - PLOT.right, y(tick), RULE)}<text x="${PLOT.left - 8}" y="${num(y(tick) + 4)}" font-size="11" text-anchor="end" fill="${QUIET}">${figureOf(tick)}</text>`),
    ...(yLabel ? [`<text x="18" y="${middle}" font-size="12" text-anchor="middle" transform="rotate(-90 18 ${middle})">${escapeXml(short(yLabel, 50))}</text>`] : []),
  ];
}

function xAxis(scale: Axis, x: (value: number) => number, frame: ChartFrame): string[] {
  const bottom = HEIGHT - PLOT.bottom;
  return [line(PLOT.left, bottom, WIDTH - PLOT.right, bottom, INK), ...scale.ticks.map((tick) => `${line(x(tick), bottom, x(tick), bottom + 5, INK)}<text x="${num(x(tick))}" y="${bottom + 18}" font-size="11" text-anchor="middle" fill="${QUIET}">${figureOf(tick)}</text>`), ...xTitle(frame)];
}

const xTitle = ({ xLabel }: ChartFrame): string[] => (xLabel ? [`<text x="${(PLOT.left + WIDTH - PLOT.right) / 2}" y="${HEIGHT - 8}" font-size="12" text-anchor="middle">${escapeXml(short(xLabel, 90))}</text>`] : []);

function svg({ title, description }: ChartFrame, told: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="chart-title chart-desc" font-family="'IBM Plex Sans', system-ui, sans-serif" fill="${INK}">`,
    `<title id="chart-title">${escapeXml(short(title, 120))}</title>`,
    `<desc id="chart-desc">${escapeXml(short(description ?? told, 600))}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${PLOT.left}" y="22" font-size="15" font-weight="600">${escapeXml(short(title, 80))}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

const num = (value: number): string => String(Math.round(value * 100) / 100 + 0);

/** Four figures that matter, thousands in groups; very large and small ones as powers. */
function figureOf(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(2).replace('e+', 'e');
  const [whole = '', rest] = String(Number(value.toPrecision(size >= 1000 ? 7 : 4))).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest ? `.${rest}` : ''}`;
}

const short = (text: string, limit: number): string => { const clean = text.replace(/\s+/g, ' ').trim(); return clean.length <= limit ? clean : `${clean.slice(0, limit - 1).trimEnd()}…`; };

// oxlint-disable-next-line no-control-regex -- characters that XML 1.0 does not allow
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
const escapeXml = (text: string): string => text.toWellFormed().replace(NOT_XML, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
