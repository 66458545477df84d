import type { AgentDesignReviewForm } from './definition.ts';

/** Input sets that work at once: one careful, one that a review should stop. */
export const PRESETS: readonly { key: string; title: string; inputs: AgentDesignReviewForm }[] = [
  {
    key: 'support', title: 'Support assistant that drafts and, after a yes, sends',
    inputs: {
      system_name: 'Support assistant',
      requirements: 'Customers write e-mails about orders, returns and invoices. The assistant reads the mail, finds the order and the policy, and drafts an answer with the policy it relies on. A clerk reads and sends it. It must never promise a refund above 50 euro, never show the data of another customer, and answer within a minute. Mails come in three languages. It has to go on when one model vendor is away. Every answer must be traceable for two years.',
      path: 'mostly', users: 'customers', autonomy: 'asks_first', untrusted: ['e-mails', 'uploads'],
      tools: [{ name: 'Order database', effect: 'reads', data: 'personal' }, { name: 'Policy search', effect: 'reads', data: 'internal' }, { name: 'Mail gateway', effect: 'sends_out', data: 'personal' }, { name: 'Refunds', effect: 'spends', data: 'personal' }],
      runs_per_hour: 300, known_frameworks: ['none', 'langchain'],
    },
  },
  {
    key: 'research', title: 'Research agent that reads the web and writes a report',
    inputs: {
      system_name: 'Market researcher',
      requirements: 'Analysts ask open questions about markets. The agent plans, searches the web, reads pages and PDFs, compares figures, and writes a report of two pages in which every figure has a source that was really read. A report may take ten minutes and cost half a dollar. Analysts want to see the plan before the work starts and to stop it at any time.',
      path: 'open', users: 'internal', autonomy: 'asks_first', untrusted: ['web pages'], tools: [{ name: 'Web search', effect: 'reads', data: 'public' }, { name: 'Page reader', effect: 'reads', data: 'public' }, { name: 'Report folder', effect: 'writes_own', data: 'internal' }],
      runs_per_hour: 20, latency_seconds: 600, max_usd_per_run: 0.5, patterns: ['agent_loop', 'plan_execute', 'multi_agent', 'chain'], frameworks: ['none', 'langchain', 'crewai', 'autogpt'], reviewers: ['quality', 'security', 'cost', 'operations'],
    },
  },
  {
    key: 'mailbox', title: 'Mailbox agent that acts alone (a review should stop it)',
    inputs: {
      system_name: 'Mailbox agent',
      requirements: 'The agent reads the mailbox of a manager, answers what it can, moves meetings, pays small invoices and forwards the rest to the right person without asking. It must be quick and must not bother anybody with questions.',
      path: 'open', users: 'internal', autonomy: 'acts_alone', untrusted: ['e-mails', 'uploads', 'web pages'], tools: [{ name: 'Mailbox', effect: 'sends_out', data: 'secret' }, { name: 'Calendar', effect: 'writes_others', data: 'personal' }, { name: 'Payments', effect: 'spends', data: 'secret' }],
      latency_seconds: 30, patterns: ['agent_loop', 'router', 'multi_agent'], reviewers: ['security', 'privacy', 'operations', 'quality'],
    },
  },
];
