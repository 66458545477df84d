import type { AgentDesignReviewInput, Reviewer } from './definition.ts';
import type { Option } from './patterns.ts';
import { level, triangle, type Threat } from './threats.ts';

/** What each member of the panel looks at, with the figures behind it: the reviewers read it beside the design. Pure. */
export interface Point { severity: 'high' | 'medium' | 'low'; point: string; consequence: string; proposal: string }

export function pointsOf(reviewer: Reviewer, input: AgentDesignReviewInput, option: Option | null, threats: readonly Threat[]): Point[] {
  const usdHour = (option?.usdRun ?? 0) * input.runs_per_hour;
  const tokensMinute = option ? ((option.tokens.input + option.tokens.output) * input.runs_per_hour) / 60 : 0;
  const threat = (words: RegExp): Threat | undefined => threats.find((each) => words.test(each.title));
  const ofThreat = (each: Threat | undefined): Point | false => each !== undefined && { severity: level(each.risk) as Point['severity'], point: `${each.title} (${each.id}): ${each.how}.`, consequence: `a risk of ${each.risk} of 25 before the control and ${each.residual} after it`, proposal: `this control: ${each.control}` };
  const points: Record<Reviewer, (Point | false)[]> = {
    security: [triangle(input).closed && { severity: 'high', point: 'Private data, foreign text and a way out meet in one run.', consequence: 'that one hidden sentence in a mail or page can carry data away', proposal: 'to split the run: one part reads foreign text without private data, another one sends without having read it' }, ...threats.slice(0, 3).map(ofThreat)],
    operations: [ofThreat(threat(/happens twice/)), ofThreat(threat(/vendor changes/)), { severity: 'medium', point: `At peak the system sends ${Math.round(tokensMinute)} tokens a minute.`, consequence: 'a refusal of the vendor if its limit is lower', proposal: 'to compare with the limit of the contract, and to queue what is above it' }],
    cost: [{ severity: option && input.max_usd_per_run > 0 && option.usdRun > input.max_usd_per_run / 2 ? 'high' : 'medium', point: `A request costs about ${(option?.usdRun ?? 0).toFixed(4)} dollars, and the peak hour ${usdHour.toFixed(2)} dollars.`, consequence: `a bill of up to ${(usdHour * 24 * 30).toFixed(0)} dollars a month if every hour were the peak`, proposal: 'to reserve the worst case before each call and to stop a run at its limit' }, ofThreat(threat(/loop does not end/))],
    users: [{ severity: option && option.seconds > input.latency_seconds / 2 ? 'high' : 'low', point: `${option?.calls ?? 0} calls one after the other take about ${option?.seconds ?? 0} s of the ${input.latency_seconds} s allowed.`, consequence: 'users who ask twice because nothing moves', proposal: 'to stream progress, to show what is being read, and to let a person stop it' }, ofThreat(threat(/wrong answer/))],
    privacy: [ofThreat(threat(/another/)), ofThreat(threat(/logs keep/)), { severity: 'low', point: 'The requirements name no time after which prompts, memory and traces are removed.', consequence: 'copies of personal data that nobody remembers', proposal: 'to write retention and deletion by person into the design, and to test both' }],
    quality: [{ severity: 'medium', point: 'No set of cases with expected answers is named.', consequence: 'that a change of prompt or model is judged by taste', proposal: 'to collect 30 real cases with expected answers before the first release and to run them on every change' }, ofThreat(threat(/wrong answer/)), ofThreat(threat(/changes the answer/))],
  };
  return points[reviewer].filter((each): each is Point => Boolean(each));
}

export const pointText = (reviewer: Reviewer, { severity, point, consequence, proposal }: Point): string => `Finding for ${reviewer} (${severity}): ${point}\n\nThe consequence is ${consequence}.\n\nThe proposal is ${proposal}.`;

/** The parts that follow from pattern and powers, a start for the model's own division. */
export function partTexts(input: AgentDesignReviewInput, pattern: string): { title: string; text: string }[] {
  const risky = input.tools.filter((tool) => tool.effect !== 'reads').map((tool) => tool.name);
  const reading = input.tools.filter((tool) => tool.effect === 'reads').map((tool) => tool.name);
  return [
    { title: 'Intake', text: `The intake is answerable for who asks, with which rights, and for a budget reserved before the first call.\n\nIt fails when a request comes twice or too often; the user then sees the first answer again or a time to come back.` },
    { title: `Orchestrator: ${pattern}`, text: `The orchestrator (${pattern}) is answerable for the order of steps, for caps on calls, seconds and money, and for going on after a process died.\n\nIt fails when a loop does not end; the user then sees what was done and which limit was reached.` },
    { title: 'Model gateway', text: 'The model gateway is answerable for pinned versions, timeouts, retries by class of error, and a second vendor.\n\nIt fails when a vendor is away or slow; the user then sees that it waits, and for how long.' },
    { title: `Reading tools${reading.length > 0 ? `: ${reading.join(', ')}` : ''}`, text: 'The reading tools are answerable for the rights of the user on every call, and for marking what they bring in as data.\n\nThey fail when a source is away or empty; the user then sees an answer that says what is missing.' },
    { title: `Acting tools${risky.length > 0 ? `: ${risky.join(', ')}` : ''}`, text: `The acting tools are answerable for ${input.autonomy === 'acts_alone' ? 'limits' : 'a yes'} before each effect, and for a key that makes it happen once.\n\nThey fail between effect and record; the user then sees one effect, never two.` },
    { title: 'Record', text: 'The record is answerable for a trace of every call, for masking and retention, and for evaluation cases made from it.\n\nIt fails when it is full or away; the user then sees no difference, and the operator sees an alert.' },
  ];
}
