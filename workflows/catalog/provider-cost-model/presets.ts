import type { ProviderCostModelForm } from './definition.ts';

const MAILS = [
  { text: 'Hello, my parcel 88123 was due on Monday and has not come. Where is it? Kind regards, A. Brandt', expected: '88123' },
  { text: 'Please cancel order 41207, I ordered the wrong size. Thanks!', expected: '41207' },
  { text: 'The invoice RE-5510 shows 19 % tax but we are a school in another country.', expected: 'RE-5510' },
  { text: 'I cannot sign in since the update; my customer number is K-2093.', expected: 'K-2093' },
  { text: 'Two cups of set 7701 were broken when they arrived. I would like new ones.', expected: '7701' },
];

/** Input sets that work at once; their prices come from the platform's dated file unless a row names its own. */
export const PRESETS: readonly { key: string; title: string; inputs: ProviderCostModelForm }[] = [
  {
    key: 'support_mail', title: 'Support mail assistant, three vendors',
    inputs: {
      feature: 'An assistant reads support mails, finds the number they are about and drafts an answer from the knowledge base.', requests_per_month: 120_000, input_tokens: 2_800, output_tokens: 350, growth_percent_month: 4,
      candidates: [{ name: 'GPT-4o mini', model: 'openai gpt-4o-mini', tokens_per_minute: 2_000_000 }, { name: 'Claude 3.5 Haiku', model: 'anthropic claude-3-5-haiku-20241022' }, { name: 'Gemini 2.5 Flash', model: 'gemini gemini-2.5-flash' }, { name: 'Claude Sonnet 4', model: 'anthropic claude-sonnet-4-20250514' }],
      budget_usd_month: 800, value_usd_per_outcome: 1.5, routing_share_percent: 70, task: 'Answer with the sentence of the mail that holds the number of the order, invoice, customer or article.', samples: MAILS,
    },
  },
  {
    key: 'agent_or_own', title: 'Research agent: hosted models or a model of our own',
    inputs: {
      feature: 'An agent with six model calls a request reads documents and writes a report of two pages with sources.', requests_per_month: 40_000, input_tokens: 4_000, output_tokens: 700, calls_per_request: 6, added_tokens_per_call: 2_500, cached_share_percent: 40, waste_percent: 30, horizon_months: 24,
      candidates: [{ name: 'GPT-5.2', model: 'openai gpt-5.2-2025-12-11' }, { name: 'DeepSeek Chat', model: 'deepseek deepseek-chat' }, { name: 'Own servers', model: 'other', input_usd: 0.02, output_usd: 0.08, fixed_usd_month: 3_600 }],
      budget_usd_month: 6_000, probe: 'none',
    },
  },
];
