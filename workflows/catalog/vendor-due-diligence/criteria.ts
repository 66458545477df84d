import type { MustHave, Part } from './sizes.ts';

/** What each part asks, the words that sentences about it use, and what to ask a vendor; after the library's skill on due diligence. */
export const PART_INFO: Record<Part, { title: string; asks: string; words: RegExp; questions: readonly string[] }> = {
  data: { title: 'Data', asks: 'where data goes, whether it trains models, how long it is kept and how it is deleted', words: /\b(data|train|trains|trained|training|retain|retention|delet\w+|sub-?processor\w*|region|eu|stored|kept|logs?)\b/i, questions: ['Which data goes where, to which sub-processors and countries?', 'Is it used for training, and how is that switched off by contract?', 'How long is it kept, also in logs and backups, and how is deletion proved?'] },
  quality: { title: 'Model and quality', asks: 'which models answer, how quality is measured, who decides on changes', words: /\b(quality|accura\w+|benchmark\w*|evaluat\w+|resolution|answers?|model|models|version\w*|hallucinat\w+|bias|injection)\b/i, questions: ['Which models and versions, who decides on changes, how long before?', 'How is quality measured, on what, with which known weaknesses?', 'How are prompt injection, harmful output and bias tested?'] },
  security: { title: 'Security', asks: 'certificates, sign-on, isolation, encryption, incidents', words: /\b(security|soc ?2|iso|certificat\w+|penetration|encrypt\w+|sso|single sign-on|saml|audit|isolation|incident\w*|breach\w*|vulnerab\w+)\b/i, questions: ['SOC 2 Type II or ISO/IEC 27001: for which product, which period, which exceptions?', 'Single sign-on, roles, audit log, keys of your own?', 'Which incidents in three years, and how were customers told?'] },
  operation: { title: 'Operation', asks: 'availability promised and reached, support, recovery', words: /\b(uptime|availab\w+|outage\w*|status page|support (?:answers|hours|team|desk)|sla|service level\w*|latency|recover\w+|downtime)\b/i, questions: ['Availability promised and reached, month by month?', 'Support hours, limits, recovery times?'] },
  business: { title: 'Business', asks: 'financial health, price model, dependence, customers', words: /\b(price|pricing|cost|costs|revenue|funding|profit\w*|employees|minimum|increase\w*|overage|founded|extra|grew|customers in)\b/i, questions: ['Financial health, dependence on one supplier?', 'Price model, increases, minimums, overage?', 'Which customers like us will talk?'] },
  law: { title: 'Law and exit', asks: 'role under data protection law, liability, indemnity, export and exit', words: /\b(gdpr|law|legal|liab\w+|indemn\w+|copyright|terms|contract|export\w*|exit|migrat\w+|ai act|dpa|terminat\w+)\b/i, questions: ['Role under data protection law and the EU AI Act, which documents?', 'Liability cap, indemnity for infringement, insurance?', 'How do we leave: formats, help, deletion certificate?'] },
};

/** `stop`: without evidence for it nothing is bought, whatever the total. */
export const MUST_HAVE_INFO: Record<MustHave, { title: string; part: Part; words: RegExp; stop: boolean }> = {
  no_training: { title: 'No training on our data', part: 'data', words: /\btrain(s|ed|ing)?\b/i, stop: true },
  deletion: { title: 'Deletion on request', part: 'data', words: /\b(delet\w+|erase\w*|retention)\b/i, stop: true },
  incident_notice: { title: 'Notice of incidents', part: 'security', words: /\b(incident\w*|breach\w*)\b.*\b(notif\w+|notice|within|hours|told)\b|\b(notif\w+|notice)\b.*\b(incident\w*|breach\w*)\b/i, stop: true },
  region: { title: 'Processing in our region', part: 'data', words: /\b(region|eu|europe\w*|germany|data cent(er|re)s?)\b/i, stop: false },
  single_sign_on: { title: 'Single sign-on', part: 'security', words: /\b(sso|single sign-on|saml|oidc)\b/i, stop: false },
  certificate: { title: 'SOC 2 Type II or ISO/IEC 27001', part: 'security', words: /\b(soc ?2 type (ii|2)|iso(\/iec)? ?27001)\b/i, stop: false },
  uptime: { title: 'Availability by contract', part: 'operation', words: /\b(uptime|availab\w+|sla|service level\w*)\b/i, stop: false },
  export: { title: 'Export in open formats', part: 'law', words: /\bexport\w*\b/i, stop: false },
  model_notice: { title: 'Notice before models change', part: 'quality', words: /\b(model|version)\w*\b.*\b(notice|announce\w*|pin\w*|before)\b|\b(notice|announce\w*)\b.*\b(model|version)\w*\b/i, stop: false },
  indemnity: { title: 'Indemnity for infringement', part: 'law', words: /\bindemn\w+\b/i, stop: false },
};

/** Weights before anybody was asked; harm decides. */
export const TIER_WEIGHTS: Record<'1' | '2' | '3', Record<Part, number>> = {
  1: { data: 5, quality: 4, security: 5, operation: 3, business: 3, law: 5 }, 2: { data: 4, quality: 4, security: 4, operation: 3, business: 2, law: 3 }, 3: { data: 1, quality: 4, security: 2, operation: 3, business: 2, law: 1 },
};
