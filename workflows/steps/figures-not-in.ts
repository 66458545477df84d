/** Figures of a text that its evidence does not hold, however thousands are written: nothing may be more exact than what it rests
 * on. Pure. */
export function figuresNotIn(text: string, evidence: string): string[] {
  const figures = (from: string): string[] => (from.match(/\d[\d,]*(?:\.\d+)?/g) ?? []).map((figure) => figure.replaceAll(',', '').replace(/^0+(?=\d)/, ''));
  const there = new Set(figures(evidence));
  return [...new Set(figures(text))].filter((figure) => !there.has(figure));
}
