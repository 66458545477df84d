/** Two small corpora with questions as people ask them: some in other words, one that no document answers. */
const HANDBOOK = [
  ['Leave and absence', `Everybody has 28 days of leave a year, counted in working days. Up to 5 days can be carried over into the next year; they lapse at the end of March. Ask for leave in the calendar tool at least two weeks ahead, and for more than 10 days in a row six weeks ahead.

When you fall ill, tell your lead before 10 in the morning. A certificate from a doctor is needed from the fourth day on. Days of illness during leave are given back when a certificate covers them.

Parents may take up to 14 weeks with full pay within the first year after birth or adoption. The weeks can be taken in one piece or in parts of at least two weeks. Unpaid time off of up to three months is possible after two years in the company; the head of the department decides within ten working days.`],
  ['Travel and expenses', `Book trains and flights in the travel portal. Flights are allowed when the train takes longer than five hours. Second class is the rule; first class is fine for journeys of more than four hours when the fare is no more than 30 percent higher.

Hotels are paid up to 140 euro a night, and up to 190 euro in Paris, London and Zurich. Breakfast belongs to the hotel price. For meals there is a lump sum of 32 euro for a full day away and 16 euro for a day of arrival or departure; receipts are not needed for it.

Hand in expenses within 60 days in the finance tool, with a photo of each receipt. What comes later is not paid back. Amounts above 2,000 euro need the signature of the head of the department before the purchase. Money is paid out with the next salary, on the 25th of the month.`],
  ['Devices and security', `Each person gets one laptop and may choose a phone. Laptops are replaced after four years. The disk is encrypted by us; do not switch it off. Lock the screen when you leave the desk, also at home.

Passwords live in the password manager. Every account has a second factor; a hardware key is required for administrators and for access to production. Lost your key or laptop? Call the security desk at once, day or night, at extension 4400: they block it within 15 minutes.

Customer data may not be copied to private devices or to tools that are not on the approved list. A new tool is reviewed in ten working days after a request in the portal. Report suspicious mails with the button in the mail program; do not forward them.`],
  ['Working from elsewhere', `You may work from home up to three days a week; the team agrees on one common day in the office. Core hours are from 10 to 15 o'clock in your own time zone.

Working from another country of the European Union is possible for up to 30 days a year. Tell the people team three weeks before, because of insurance and tax. Outside of the Union it is possible only after the people team has agreed in writing.

The company pays 40 euro a month for a home office and, once in three years, 600 euro for furniture and screen. Furniture that was paid for can be kept when you leave after more than a year.`],
] as const;

export const HANDBOOK_DOCUMENTS = HANDBOOK.map(([title, text]) => ({ title, text }));
export const HANDBOOK_QUESTIONS = [
  { question: 'How many days of leave can be carried over?', answer: 'Up to 5 days can be carried over' },
  { question: 'Whom do I call when my laptop was stolen?', answer: 'extension 4400' },
  { question: 'What is the highest price for a hotel in Zurich?', answer: 'up to 190 euro' },
  { question: 'From which day of illness is a certificate needed?', answer: 'from the fourth day on' },
  { question: 'Until when are expenses paid back?', answer: 'within 60 days' },
  { question: 'How long can I work in Spain?', answer: 'up to 30 days a year' },
  { question: 'May mothers and fathers stay at home with their baby?', answer: 'up to 14 weeks with full pay' },
  { question: 'Does the firm give money for a desk?', answer: '600 euro for furniture and screen' },
  { question: 'Who needs a hardware key?', answer: 'required for administrators and for access to production' },
  { question: 'When do I get my money for a trip?', answer: 'with the next salary, on the 25th of the month' },
  { question: 'Who decides about unpaid time off, and how soon?', answer: 'the head of the department decides within ten working days' },
  { question: 'Is there a company car?', answer: 'company car' },
];

const HELP = [
  ['Billing', `Invoices are made on the first day of the month and sent to the billing address. You can add a purchase order number under Settings, Billing; it appears from the next invoice on.

A card that is refused is tried again after three and after seven days. After the second refusal the workspace becomes read only; nothing is deleted for 60 days. When the payment goes through, writing is possible again within five minutes.

Yearly plans can be changed to monthly ones at the end of the year only. When people are added during the month, you pay for the days that are left. Removed seats are credited on the next invoice, not paid out.`],
  ['Import and export', `Import accepts CSV and Excel files of up to 50 MB. The first line has to hold the names of the columns. Dates are read as day, month, year unless you choose another order. Rows that cannot be read are put into a file for you, with the reason beside each row.

Export gives CSV, Excel or JSON. Exports of more than 100,000 rows are made in the background; a link comes by mail and is valid for 24 hours. Attachments are exported only when the box is ticked, as one archive.

An import can be undone for seven days under Settings, Imports. Undoing removes the rows it made and brings back the ones it changed, unless somebody edited them since.`],
  ['Roles and access', `There are three roles: viewer, editor and owner. Viewers read and comment. Editors change content. Owners invite people, change billing and delete the workspace.

Guests see only what was shared with them and are free for the first 20. Single sign-on with SAML belongs to the business plan; it is switched on by support within one working day after you send the metadata file.

A person who leaves is best deactivated, not deleted: their work stays, and the seat becomes free at once. Deleted people are removed from history after 30 days, and this cannot be undone.`],
] as const;

export const HELP_DOCUMENTS = HELP.map(([title, text]) => ({ title, text }));
export const HELP_QUESTIONS = [
  { question: 'What happens when the card is refused?', answer: 'becomes read only' },
  { question: 'How large may an import file be?', answer: 'up to 50 MB' },
  { question: 'How long is the link to a large export valid?', answer: 'valid for 24 hours' },
  { question: 'Which plan has single sign-on?', answer: 'belongs to the business plan' },
  { question: 'Can I take back a wrong upload?', answer: 'An import can be undone for seven days' },
  { question: 'Do I get money back for seats I remove?', answer: 'credited on the next invoice, not paid out' },
];
