/** Small tables for the presets, with the faults that real exports have. */
const days = (index: number): string => `2026-${String(1 + Math.floor(index / 10)).padStart(2, '0')}-${String(1 + (index * 3) % 28).padStart(2, '0')}`;

/** 30 subscriptions; one customer stands twice, two fees are missing. */
export const SUBSCRIPTIONS = ['customer_id,email,signup_date,plan,monthly_fee,support_tickets,cancelled_on,churned',
  ...Array.from({ length: 29 }, (_, index) => {
    const plan = ['basic', 'pro', 'team'][index % 3] as string;
    const churned = index % 4 === 1;
    return [1001 + index, `customer${index + 1}@example.org`, days(index), plan, index === 6 || index === 17 ? '' : { basic: 9, pro: 29, team: 99 }[plan], index === 22 ? 41 : (index * 7) % 6, churned ? '2026-07-31' : '', churned ? 'yes' : 'no'].join(',');
  }), '1005,customer5@example.org,2026-01-13,pro,29,4,,no'].join('\n');

/** 30 sensor readings; one is impossible, two are empty. */
export const SENSORS = ['reading_id,station,measured_at,temperature_c,humidity_percent,status',
  ...Array.from({ length: 30 }, (_, index) => [`R${String(index + 1).padStart(3, '0')}`, ['north', 'harbour', 'airport'][index % 3], `2026-03-${String(1 + Math.floor(index / 3)).padStart(2, '0')}`, index === 11 ? 412 : index === 20 ? '' : (4 + ((index * 13) % 90) / 10).toFixed(1), index === 5 ? '' : 55 + ((index * 11) % 40), index === 11 ? 'suspect' : 'ok'].join(','))].join('\n');
