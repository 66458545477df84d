/** Input sets with volumes of an ordinary size; replace them by your own. */
export const PRESETS = [
  {
    key: 'insurer', title: 'Regional insurer, 400,000 to spend',
    inputs: {
      organisation: 'Regional insurer with 900 people and 300,000 customers; claims and letters are handled in two centres', sector: 'insurance' as const, goals: ['cost' as const, 'speed' as const, 'quality' as const],
      processes: [
        { name: 'Answer letters and e-mails', cases_a_year: 120_000, minutes_a_case: 11, cost_an_hour: 45, check: 'quick' as const, harm: 'medium' as const, data: 'ready' as const },
        { name: 'First notice of a claim', cases_a_year: 60_000, minutes_a_case: 18, cost_an_hour: 45, check: 'rule' as const, harm: 'medium' as const, data: 'partly' as const, cost_once: 160_000, cost_a_year: 60_000 },
        { name: 'Decide on disability benefits', cases_a_year: 4000, minutes_a_case: 240, cost_an_hour: 70, check: 'hard' as const, harm: 'high' as const, data: 'partly' as const, cost_once: 250_000, cost_a_year: 80_000 },
        { name: 'Find passages in contract terms', cases_a_year: 35_000, minutes_a_case: 9, cost_an_hour: 60, check: 'expert' as const, harm: 'low' as const, data: 'ready' as const },
        { name: 'Monthly report to the regulator', cases_a_year: 12, minutes_a_case: 2400, cost_an_hour: 80, check: 'expert' as const, harm: 'high' as const, data: 'ready' as const },
      ],
    },
  },
  {
    key: 'city', title: 'City administration, cautious',
    inputs: {
      organisation: 'City administration with 2,100 people; services for 250,000 inhabitants', sector: 'public' as const, goals: ['speed' as const, 'people' as const], appetite: 'cautious' as const, budget: 250_000, max_pilots: 2, audience: 'works_council' as const, currency: 'EUR' as const,
      processes: [
        { name: 'Questions by telephone and e-mail', cases_a_year: 210_000, minutes_a_case: 6, cost_an_hour: 38, check: 'quick' as const, harm: 'low' as const, data: 'ready' as const },
        { name: 'Check building applications', cases_a_year: 3200, minutes_a_case: 300, cost_an_hour: 52, check: 'expert' as const, harm: 'medium' as const, data: 'partly' as const, cost_once: 140_000, cost_a_year: 50_000 },
        { name: 'Minutes of committee meetings', cases_a_year: 640, minutes_a_case: 150, cost_an_hour: 48, check: 'quick' as const, harm: 'low' as const, data: 'ready' as const, cost_once: 25_000, cost_a_year: 9000 },
      ],
    },
  },
];
