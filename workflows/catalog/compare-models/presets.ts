/** Input sets that work with the run's own model alone. */
const pairs = (rows: readonly (readonly [text: string, expected: string])[]) => rows.map(([text, expected]) => ({ text, expected }));

export const PRESETS = [
  {
    key: 'invoices', title: 'Invoice numbers from e-mails: short or careful?',
    inputs: {
      task: 'Find the invoice number in the e-mail. Answer with the sentence that holds it.',
      candidates: [{ name: 'short', model: 'own' as const, instruction: 'Answer in one short sentence.' }, { name: 'careful', model: 'own' as const, instruction: 'Read the whole e-mail, then quote the part that answers, in 60 words.' }],
      sample_size: 8,
      cases: pairs([
        ['Dear team, thank you for the quick delivery. Please pay invoice INV-2043 by the end of March. The order number was 88-1.', 'INV-2043'],
        ['We still miss a payment. Invoice INV-1987 was due on 3 May. Our records show that order 5521 was delivered in April.', 'INV-1987'],
        ['Attached is the credit note CN-77. It corrects invoice INV-3310, which had the wrong tax rate.', 'INV-3310'],
        ['The parcel for order 4410 is late again. Invoice INV-4410 stays open until it arrives.', 'INV-4410'],
        ['Could you resend the document? We cannot find INV-0092 in our mailbox. The earlier one, INV-0091, is paid.', 'INV-0092'],
        ['Your subscription was renewed on 1 June. The amount of 49 euro is on invoice INV-7781.', 'INV-7781'],
        ['Reminder: two items were returned last week. We reduced invoice INV-5120 by their price.', 'INV-5120'],
        ['Nothing to pay this month. Invoice INV-6006 was settled with your deposit of 200 euro.', 'INV-6006'],
      ]),
    },
  },
  {
    key: 'amounts', title: 'Amounts from contracts',
    inputs: {
      task: 'Give the yearly fee in euro as a number.', metric: 'number' as const, sample_size: 4,
      candidates: [{ name: 'baseline', model: 'own' as const }, { name: 'number only', model: 'own' as const, instruction: 'Answer with the number alone, without a unit.' }],
      cases: pairs([
        ['The customer pays a yearly fee of 12,000 euro, due in January.', '12000'], ['The fee is 9,600 euro a year. Support is included.', '9600'],
        ['For the licence the parties agree on 4,250 euro each year.', '4250'], ['A yearly amount of 30,500 euro covers all sites.', '30500'],
      ]),
    },
  },
];
