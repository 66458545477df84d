/** Samples with the faults that real exports have: a repeated question, an empty answer, an address of a customer. */
const SUPPORT = [
  ['How do I change my delivery address?', 'Open Orders, choose the order and press Change address. It works until the parcel is packed.'],
  ['My invoice shows the wrong company name.', 'Thank you for telling us. Go to Account, then Billing, correct the name and press Reissue; the new invoice comes within an hour.'],
  ['Can I return a gift?', 'Yes, within 60 days. Use the number on the packing slip; the refund goes to a voucher.'],
  ['The app logs me out every day.', 'Please update to the newest version. If it still happens, switch off the battery saver for the app.'],
  ['Where is my parcel 48213?', 'It left our warehouse this morning. The link in your e-mail shows the next stop.'],
  ['I was charged twice.', 'One of the two is a reservation and disappears within three days. Write to us again if it does not.'],
  ['Do you ship to Norway?', 'Yes, in four to six days. Duty is shown before you pay.'],
  ['How do I delete my account?', 'Go to Account, then Privacy, and press Delete. Orders are kept as long as the law asks.'],
  ['The size chart is missing.', 'Here it is: under each product, left of the reviews. For shoes add half a size.'],
  ['My discount code does not work.', 'Codes hold for one order and not for sale items. Send us the code and we look into it.'],
  ['Can I pay by invoice?', 'Companies can, after a check that takes one day. Private customers pay by card or transfer.'],
  ['The zip of my jacket broke.', 'That is covered for two years. Send a photo and your order number; we send a label.'],
];
const csv = (head: string, rows: readonly (readonly string[])[]): string => [head, ...rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))].join('\n');
export const SUPPORT_CSV = csv('prompt,answer', [
  ...SUPPORT, ...SUPPORT.map(([question = '', answer = '']) => [`Hello, ${question.charAt(0).toLowerCase()}${question.slice(1)} Thanks, Ana`, `Dear Ana, ${answer.charAt(0).toLowerCase()}${answer.slice(1)}`]),
  ['Can I return a gift?', 'Yes, within 60 days. Use the number on the packing slip; the refund goes to a voucher.'], ['Please call me back: ana.keller@example.org', ''], ['What are your opening hours?', 'Monday to Friday from eight to six, Saturday until two.'],
]);

const PARTS = ['bearing', 'gasket', 'drive belt', 'sensor', 'valve', 'filter'];
export const EXTRACTION_CSV = csv('text,json', Array.from({ length: 24 }, (_, index) => {
  const part = PARTS[index % PARTS.length] ?? 'bearing';
  const [units, machine] = [1 + (index * 7) % 9, `M-${String(101 + (index * 13) % 60)}`];
  return [index % 2 === 0 ? `Please send ${units} pieces of ${part} for machine ${machine}, we are standing still.` : `Machine ${machine} needs a new ${part}. Quantity ${units}, no hurry.`, JSON.stringify({ part, units, machine, urgent: index % 2 === 0 })];
}));

export const PRESETS = [
  {
    key: 'support', title: 'Answers in our own tone, one A10G',
    inputs: {
      goal: 'Answer questions of customers in the tone of our support team, short and friendly, without inventing rules', need: 'style' as const, model: 'llama_3_1_8b' as const, accelerator: 'a10g' as const,
      sample_csv: SUPPORT_CSV, examples_total: 1200, packing: false, sequence_length: 512, own_settings: [{ setting: 'warmup_ration', value: '0.05' }, { setting: 'early_stopping_patience', value: '3' }],
    },
  },
  {
    key: 'extraction', title: 'JSON from order e-mails, two RTX 4090',
    inputs: {
      goal: 'Read an order e-mail and return part, units, machine and urgency as JSON, with a small model of our own', need: 'cost' as const, model: 'qwen2_5_7b' as const, accelerator: 'rtx_4090' as const, devices: 2, price_usd: 0.8,
      sample_csv: EXTRACTION_CSV, prompt_column: 'text', answer_column: 'json', examples_total: 6000, sequence_length: 512, trainer: 'trl_peft' as const,
      existing_config: 'base_model: Qwen/Qwen2.5-7B-Instruct\nadapter: qlora\nload_in_8bit: true\nlora_r: 16\nlearning_rate: 2e-2\nmicro_batchsize: 4\n',
    },
  },
  {
    key: 'facts', title: 'Teach a 70B model our handbook: should we?',
    inputs: { goal: 'The assistant should know our handbook of 400 pages, which changes each month', need: 'facts' as const, model: 'llama_3_1_70b' as const, accelerator: 'a100_80' as const, devices: 4, sample_csv: SUPPORT_CSV, examples_total: 400, packing: false, sequence_length: 2048 },
  },
];
