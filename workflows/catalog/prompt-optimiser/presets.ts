/** Examples that work with the run's own model. */
const rows = (pairs: readonly (readonly [text: string, expected: string])[], foot = '') => pairs.map(([text, expected]) => ({ text: `${text}${foot}`, expected }));
const FOOT = ' If anything is unclear, please call our office between nine and five on any working day.';

export const INVOICES = rows([
  ['Dear team, thank you for the quick delivery. Please pay invoice INV-2043 by the end of March. The order number was 88-1.', 'INV-2043'],
  ['We still miss a payment. Invoice INV-1987 was due on 3 May. Our records show that order 5521 was delivered in April.', 'INV-1987'],
  ['Attached is the credit note CN-77. It corrects invoice INV-3310, which had the wrong tax rate.', 'INV-3310'],
  ['The parcel for order 4410 is late again. Invoice INV-4410 stays open until it arrives.', 'INV-4410'],
  ['Could you resend the document? We cannot find invoice INV-0092 in our mailbox. The earlier one is paid.', 'INV-0092'],
  ['Your subscription was renewed on 1 June. The amount of 49 euro is on invoice INV-7781.', 'INV-7781'],
  ['Reminder: two items were returned last week. We reduced invoice INV-5120 by their price.', 'INV-5120'],
  ['Nothing to pay this month. Invoice INV-6006 was settled with your deposit of 200 euro.', 'INV-6006'],
  ['The driver could not find the house. Please call him. Invoice INV-8815 was left in the letter box.', 'INV-8815'],
  ['Our accountant asks for a copy of invoice INV-9034. She needs it before Friday. Thank you for your help.', 'INV-9034'],
  ['The discount of 10 percent is missing. Please correct invoice INV-1200 and send it again.', 'INV-1200'],
  ['Good news about the repair. It was done under warranty. Invoice INV-4567 is therefore cancelled.', 'INV-4567'],
], FOOT);

export const FEES = rows([
  ['The customer pays a yearly fee of 12,000 euro, due in January. Support is included.', '12000'], ['The fee is 9,600 euro a year. The term is 3 years.', '9600'],
  ['For the licence the parties agree on a fee of 4,250 euro each year. There are 12 users.', '4250'], ['A yearly fee of 30,500 euro covers all sites. Travel is paid apart.', '30500'],
  ['The contract runs for 24 months. The yearly fee amounts to 7,800 euro.', '7800'], ['Either side may end it with 3 months of notice. The yearly fee is 15,300 euro.', '15300'],
  ['Training takes 2 days and is free. The yearly fee is 6,400 euro.', '6400'], ['The yearly fee is 21,900 euro. It rises by 2 percent each January.', '21900'],
]);
