import { CONTROL_IDS, CONTROLS, type ControlId, type FrameworkId } from './controls.ts';

/** Which control is needed how much, what is missing, and by when. By rule; pure. Dates as YYYY-MM-DD. */
export type Status = 'in_place' | 'partly' | 'missing';
export type Need = 'required' | 'expected' | 'useful';
export interface Facts {
  use_area: string; machine_alone: boolean; personal_data: 'none' | 'ordinary' | 'special'; talks_to_people: boolean; synthetic_media: boolean; role: 'provider' | 'deployer' | 'both'; vendor_model: boolean;
  frameworks: readonly FrameworkId[]; controls: readonly { control: ControlId; status: Status; owner?: string | undefined; evidence?: string | undefined; evidence_date?: string | undefined }[]; evidence_max_age_days: number;
}
export interface Row { control: ControlId; need: Need; why: string; refs: { framework: FrameworkId; ref: string }[]; status: Status; /** as stated, before the rules on evidence */ stated: Status; owner: string; evidence: string; evidenceDate: string; ageDays: number | null; remarks: string[]; /** 0 to 6 */ priority: number; due: string | null }

/** Uses that Annex III of the EU AI Act names, or products of Annex I. */
export const HIGH_RISK_AREAS = ['employment', 'credit', 'education', 'public_services', 'law_enforcement', 'biometrics', 'critical_infrastructure', 'product_safety'] as const;
export type RiskClass = 'high' | 'transparency' | 'minimal';
export function riskClass({ use_area, talks_to_people, synthetic_media }: Pick<Facts, 'use_area' | 'talks_to_people' | 'synthetic_media'>): { class: RiskClass; why: string } {
  if ((HIGH_RISK_AREAS as readonly string[]).includes(use_area)) return { class: 'high', why: `the use lies in an area that the EU AI Act lists: ${use_area.replaceAll('_', ' ')}` };
  if (talks_to_people || synthetic_media) return { class: 'transparency', why: talks_to_people ? 'people talk to it' : 'it makes media that could pass for real' };
  return { class: 'minimal', why: 'no listed area, nobody talks to it, and no media are made' };
}

export function assess(facts: Facts, today: string): Row[] {
  const { class: risk } = riskClass(facts);
  return CONTROL_IDS.map((control) => {
    const [need, why] = needOf(control, facts, risk);
    const given = facts.controls.find((each) => each.control === control);
    const evidenceDate = given?.evidence_date ?? '';
    const ageDays = today && evidenceDate ? daysBetween(evidenceDate, today) : null;
    const stated = given?.status ?? 'missing';
    const remarks = [
      stated !== 'missing' && !given?.evidence && 'no evidence is named',
      ageDays !== null && ageDays > facts.evidence_max_age_days && `the evidence is ${ageDays} days old, more than ${facts.evidence_max_age_days}`,
      ageDays !== null && ageDays < 0 && 'the evidence is dated in the future',
      stated !== 'missing' && given?.evidence && !evidenceDate && 'the evidence has no date',
      !given?.owner && 'no owner is named',
    ].filter((remark): remark is string => Boolean(remark));
    // What cannot be shown on the day counts as half there.
    const status: Status = stated === 'in_place' && remarks.some((remark) => remark.includes('evidence')) ? 'partly' : stated;
    const priority = { required: 3, expected: 2, useful: 1 }[need] * { in_place: 0, partly: 1, missing: 2 }[status];
    const refs = facts.frameworks.flatMap((framework) => { const ref = CONTROLS[control].refs[framework]; return ref ? [{ framework, ref }] : []; });
    return { control, need, why, refs, status, stated, owner: given?.owner ?? '', evidence: given?.evidence ?? '', evidenceDate, ageDays, remarks, priority, due: priority === 0 || !today ? null : addDays(today, priority >= 4 ? 30 : priority >= 2 ? 60 : 90) };
  });
}

function needOf(control: ControlId, facts: Facts, risk: RiskClass): [Need, string] {
  const personal = facts.personal_data !== 'none';
  if (control === 'C1') return ['required', 'what is not listed is not governed'];
  if (risk === 'high' && ['C2', 'C3', 'C4', 'C5', 'C7', 'C8', 'C12'].includes(control)) return ['required', 'the use is of high risk'];
  if (control === 'C5' && facts.machine_alone) return ['required', 'it decides about people alone'];
  if (control === 'C10' && (facts.talks_to_people || facts.synthetic_media || personal)) return ['required', 'people have to be told'];
  if (personal && ['C3', 'C6', 'C8'].includes(control)) return ['required', 'personal data is processed'];
  if (facts.personal_data === 'special' && control === 'C2') return ['required', 'special categories of personal data'];
  if (control === 'C9') return facts.vendor_model ? ['required', 'a vendor\'s model is used'] : ['useful', 'no vendor is named'];
  if (control === 'C11' && (facts.talks_to_people || facts.role !== 'deployer')) return ['expected', 'strangers can try it, or it is put on the market'];
  return ['expected', 'good practice for every system in use'];
}

/** Shares of the controls that a framework asks for here; partly counts half. */
export function coverage(rows: readonly Row[], frameworks: readonly FrameworkId[]): { framework: FrameworkId; asked: number; inPlace: number; partly: number; share: number }[] {
  return frameworks.map((framework) => {
    const asked = rows.filter((row) => row.refs.some((ref) => ref.framework === framework));
    const [inPlace, partly] = [asked.filter((row) => row.status === 'in_place').length, asked.filter((row) => row.status === 'partly').length];
    return { framework, asked: asked.length, inPlace, partly, share: asked.length === 0 ? 0 : (inPlace + partly / 2) / asked.length };
  });
}

/** Gaps, the most pressing first. */
export const gapsOf = (rows: readonly Row[]): Row[] => rows.filter((row) => row.priority > 0).toSorted((a, b) => b.priority - a.priority || CONTROL_IDS.indexOf(a.control) - CONTROL_IDS.indexOf(b.control));

const DAY_MS = 86_400_000;
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
export const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
