/** Invented vendors, so that the first run shows the whole review without naming anybody. */
export const PRESETS = [
  {
    key: 'assistants', title: 'Support assistant: three invented vendors',
    inputs: {
      purpose: 'Assistant that drafts answers for our customer support; it reads tickets with names and orders', tier: '1' as const, region: 'European Union', must_haves: ['no_training' as const, 'deletion' as const, 'incident_notice' as const, 'certificate' as const, 'export' as const],
      vendors: [
        { name: 'Alderway', annual_cost_usd: 84_000, says: 'We never train models on customer data. Data is stored in the EU region and deleted within 30 days on request. We hold SOC 2 Type II and support single sign-on with SAML. Uptime is 99.9 % with service credits. Customers are told of a security incident within 24 hours. All conversations can be exported as JSON. We announce model changes 30 days before they happen.', others: 'The SOC 2 Type II report covers the assistant for January to December 2025 with one exception on access reviews. The public status page shows 99.4 % availability over the last twelve months. A reference customer says that data is deleted on request and that the export worked. Revenue grew and the company has customers in eleven countries.' },
        { name: 'Briskdesk', annual_cost_usd: 46_000, says: 'Our assistant answers 80 % of tickets without a person. Enterprise-grade security. Customer data is not used for training. Prices include unlimited users.', others: 'The terms of use allow customer data to be used for training unless an administrator opts out in writing. An independent evaluation found 52 % of tickets answered without a person. In March an outage lasted nine hours and was never announced on the status page.' },
        { name: 'Corvane', annual_cost_usd: 120_000, says: 'ISO/IEC 27001 certified. Customers bring their own keys, and data stays in the region they choose. Deletion is proved by a certificate. Models are pinned and announced 60 days before a change. Indemnity for infringement is part of the contract.', others: 'The ISO/IEC 27001 certificate names the assistant and is valid until 2027. A penetration test summary of 2026 lists no open high findings. Two customers say incidents were notified within 12 hours. Export is offered as CSV and JSON and was tested by an integrator.' },
      ],
    },
  },
  {
    key: 'search', title: 'Internal search: two invented vendors',
    inputs: {
      purpose: 'Search with answers over our internal handbook and project files', tier: '2' as const, must_haves: ['no_training' as const, 'single_sign_on' as const, 'uptime' as const],
      vendors: [
        { name: 'Deltaquill', annual_cost_usd: 30_000, says: 'Data is encrypted and never used for training. Single sign-on is included in every plan. Availability is 99.95 % by contract.', others: 'The documentation describes single sign-on with OIDC and an audit log. Availability was 99.96 % last year according to an external monitor.' },
        { name: 'Everlane Search', annual_cost_usd: 18_000, says: 'Set up in a day. Quality is measured on customer questions each month. Support answers within four hours.', others: 'A review found that answers cite the right page in 71 % of cases. Single sign-on costs extra.' },
      ],
    },
  },
];
