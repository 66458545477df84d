/** Results for the presets, made by rule so that the same figures come each time. */
const lines = (header: string, rows: readonly (readonly (string | number)[])[]): string => [header, ...rows.map((row) => row.join(','))].join('\n');

/** A checkout test: one line for each variant, device and country. The new page sells more, most of all on phones. */
export const CHECKOUT = lines('variant,device,country,visitors,orders,support_contacts', (['control', 'one_page'] as const).flatMap((variant, arm) => ['phone', 'desktop', 'tablet'].flatMap((device, d) => ['DE', 'FR'].map((country, c) => {
  const visitors = [[4210, 3120], [2980, 2210], [610, 450]][d]?.[c] ?? 0;
  const seen = visitors + (arm === 0 ? [11, -9][c] ?? 0 : [-6, 14][c] ?? 0);
  const rate = ([0.061, 0.094, 0.072][d] ?? 0) + (arm === 0 ? 0 : [0.0145, 0.0035, 0.004][d] ?? 0) + c * 0.004;
  const orders = Math.round(seen * rate);
  return [variant, device, country, seen, orders, Math.round(seen * (arm === 0 ? 0.031 : 0.03))];
}))));

/** One line a person: minutes until the first project, 60 in each arm, with a long tail; too few to decide. */
export const ONBOARDING = lines('person,variant,plan,minutes_to_first_project,support_messages', Array.from({ length: 120 }, (_, index) => {
  const arm = index % 2;
  const base = 14 + ((index * 37) % 53) / 2 + (index % 19 === 0 ? 60 : 0);
  return [`u${index + 1}`, arm === 0 ? 'A' : 'B', ['free', 'team', 'free', 'enterprise'][Math.floor(index / 2) % 4] ?? 'free', (base * (arm === 0 ? 1 : 0.93)).toFixed(1), (index * 7) % 3];
}));

/** A planned half and half that came out as 52 to 48: the counts alone say that something is broken. */
export const BROKEN = lines('variant,week,visitors,signups', [['old_form', 1, 12_480, 812], ['short_form', 1, 11_402, 803], ['old_form', 2, 12_115, 795], ['short_form', 2, 11_020, 788]]);
