import type { ControlsMapForm } from './definition.ts';

/** Input sets that work at once. */
export const PRESETS: readonly { key: string; title: string; inputs: ControlsMapForm }[] = [
  {
    key: 'applicants', title: 'Applicant screening (high risk)',
    inputs: {
      system_name: 'Applicant screening', role: 'deployer', use_area: 'employment', personal_data: 'special', talks_to_people: false,
      description: 'It reads applications for technical jobs in three countries of the EU, sorts them by fit to the job, and shows the reasons to a recruiter. The recruiter decides whom to invite, but rarely opens the lower half of the list. The model comes from a vendor, the documents stay in our cloud, prompts and answers are logged for 90 days.',
      rule_text: 'Policy HR-7. Every automated ranking of persons shall be reviewed by a trained person before it has an effect. Applicants must be informed in writing that an automated system is used. Log records shall be kept for at least six months and protected against change. A supplier must notify us of a change of model at least 30 days in advance.',
      controls: [
        { control: 'C1', status: 'in_place', owner: 'AI office', evidence: 'Inventory export', evidence_date: '2026-09-30' }, { control: 'C2', status: 'partly', owner: 'Data protection officer', evidence: 'Draft impact assessment' }, { control: 'C6', status: 'in_place', owner: 'Platform team', evidence: 'Review of rights', evidence_date: '2025-03-15' },
        { control: 'C7', status: 'partly', owner: 'Platform team', evidence: 'Log sample, 90 days only', evidence_date: '2026-10-12' }, { control: 'C9', status: 'in_place', owner: 'Purchasing', evidence: 'Contract and questionnaire', evidence_date: '2026-05-02' },
      ],
    },
  },
  {
    key: 'support_bot', title: 'Support assistant for customers',
    inputs: {
      system_name: 'Support assistant', role: 'both', use_area: 'general', personal_data: 'ordinary', talks_to_people: true, frameworks: ['eu_ai_act', 'gdpr', 'iso_42001', 'soc2'],
      description: 'Customers write to it on our pages. It answers from the knowledge base, reads the state of an order after sign-in, and hands over to a person on request. It also runs under the brand of two partners.',
      controls: [{ control: 'C4', status: 'in_place', owner: 'Product', evidence: 'Evaluation report 14', evidence_date: '2026-11-02' }, { control: 'C10', status: 'in_place', owner: 'Product', evidence: 'Notice above the chat', evidence_date: '2026-08-20' }, { control: 'C12', status: 'partly', owner: 'Support' }],
    },
  },
];
