/** 30 orders in three regions; two amounts are missing. */
export const ORDERS = ['order_id,ordered_on,region,channel,units,amount_eur',
  ...Array.from({ length: 30 }, (_, index) => [5001 + index, `2026-05-${String(1 + index).padStart(2, '0')}`, ['North', 'South', 'West'][(index * 5) % 3], index % 4 === 0 ? 'shop' : 'web', 1 + (index * 7) % 5, index === 8 || index === 21 ? '' : (19.9 + ((index * 37) % 120)).toFixed(2)].join(','))].join('\n');

/** 24 support tickets with hours to the first answer. */
export const TICKETS = ['ticket,team,priority,hours_to_answer',
  ...Array.from({ length: 24 }, (_, index) => [`T${index + 1}`, ['billing', 'login', 'delivery', 'other'][index % 4], index % 5 === 0 ? 'high' : 'normal', ((index * 29) % 70) / 2 + 0.5].join(','))].join('\n');
