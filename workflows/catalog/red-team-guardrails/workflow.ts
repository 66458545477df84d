import type { LintConfigData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { judgePair, tally } from '../../steps/panel.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { attacksFor, canaryOf, newWordings, type Attack } from './attacks.ts';
import { classify, rateOf, refuses, type Finding } from './classify.ts';
import type { ExtraRules, RedTeamGuardrailsInput, Threats, Verdicts } from './definition.ts';
import { assembleFiles, configText, findingsText, newDraft, rateWords, retestText, threatsText, type Draft } from './files.ts';
import { appPrompt, comparePrompt, hardenPrompt, judgePrompt, readingPrompt, threatsPrompt } from './prompts.ts';
import { blockedAfter, blockedBefore, railsFrom, type Rails } from './rails.ts';
import { attackCount, MAX_JUDGED, threatCount } from './sizes.ts';

type Context = StageContext<RedTeamGuardrailsInput>;
const PARALLEL = 3;
const NO_RAILS: Rails = { input: [], instructions: [], output: null, tools: [] };

/** Red team: threats → attacks with planted marks → classify → guardrails → the same attacks and new wordings → what changed, what it costs. */
export async function redTeamGuardrails(request: RunRequest<RedTeamGuardrailsInput>): Promise<RunResult> {
  return runStages<RedTeamGuardrailsInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 5 : 10);
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'red teaming families of attacks threat model guardrails layers', limit: stage === 'test' ? 1 : 3 }));
  const library = draft.sources.add(found);
  const policy = stage === 'full' ? await readPolicy(context, draft) : [];
  draft.threats = await context.step('threats', 'List the threats', async (step) => {
    const { threats } = await step.answer<Threats>('threats', threatsPrompt(input, threatCount(stage), policy, stage, persona), threatCount(stage));
    step.summarise(threats.map(({ threat_title: title }) => title).join('; '));
    return threats;
  });
  const attacks = attacksFor(input.families, input.variants, input, attackCount(input.families.length, input.variants, stage));
  draft.before = await context.step('attack', 'Attack the application', async (step) => {
    const findings = await ask(context, step, attacks, NO_RAILS);
    step.summarise(`${rateWords(rateOf(findings))} succeeded.`);
    return findings;
  });
  if (stage === 'full') await harden(context, draft, attacks, policy);
  draft.sources.addText('findings', 'Findings of the attacks', `${findingsText(draft.before, 'without guardrails')}\n${threatsText(draft)}`, 'computed');
  if (draft.rails) draft.sources.addText('retest', 'Second attack against the guardrails', retestText(draft), 'computed');
  draft.reading = await context.step('reading', 'Read the findings', async (step) => {
    const facts = draft.sources.all.filter(({ source }) => source === 'computed');
    const text = await step.write(readingPrompt(input, [...facts, ...library.slice(0, 1)], stage, persona));
    step.summarise(draft.rails ? retestText(draft).split('\n')[0] ?? '' : `${rateWords(rateOf(draft.before))} succeeded.`);
    return text;
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

/** Every attack once, through the guardrails as they stand; results in order. */
async function ask({ input, stage }: Context, step: Step, attacks: readonly Attack[], rails: Rails): Promise<Finding[]> {
  const canary = canaryOf(input);
  return mapItems(attacks, PARALLEL, async (attack): Promise<Finding> => {
    const rule = blockedBefore(rails, attack.text);
    if (rule) return { attack, answer: '', result: 'blocked_input', evidence: rule.reason, decidedBy: 'guardrail' };
    const answer = await step.write(appPrompt(input, canary, rails.instructions, attack, stage));
    const because = blockedAfter(rails, attack, answer, input, canary);
    return because ? { attack, answer, result: 'blocked_output', evidence: because, decidedBy: 'guardrail' } : classify(attack, answer, input, canary);
  });
}

/** Harmless requests through the same guardrails: answered, or refused and why. */
async function askHarmless({ input, stage }: Context, step: Step, rails: Rails): Promise<Draft['harmless']['before']> {
  const canary = canaryOf(input);
  return mapItems(input.harmless, PARALLEL, async ({ request }) => {
    const rule = blockedBefore(rails, request);
    if (rule) return { request, refused: true, because: `blocked before the model: ${rule.reason}`, answer: '' };
    const answer = await step.write(appPrompt(input, canary, rails.instructions, { text: request, document: null }, stage));
    const because = blockedAfter(rails, null, answer, input, canary);
    return { request, refused: because !== null || refuses(answer), because: because ? `blocked after the model: ${because}` : refuses(answer) ? 'the model refused' : '', answer };
  });
}

/** Pages of the person's own policy; one that cannot be read is said, and the run goes on with the rules of the form. */
async function readPolicy(context: Context, draft: Draft): Promise<Source[]> {
  const urls = new Set(context.input.policy_urls);
  if (urls.size === 0) return [];
  return context.step('policy', 'Read the policy', async (step) => {
    const pages: Source[] = [];
    for (const url of urls) {
      const result = await step.tool('fetch_url', { url });
      if (result.outcome === 'ok') pages.push(...draft.sources.add(result.items).slice(0, 2));
      else draft.notes.push(`A page of the policy was not read: ${result.summary}`);
    }
    step.summarise(`${pages.length} parts of ${urls.size} ${urls.size === 1 ? 'page' : 'pages'} were read.`);
    return pages;
  });
}

async function harden(context: Context, draft: Draft, attacks: readonly Attack[], policy: readonly Source[]): Promise<void> {
  const { input, request: { persona } } = context;
  draft.before = await judge(context, draft.before, 'judge');
  const more = input.layers.includes('instructions') ? await context.step('harden', 'Write rules for the prompt', async (step) => {
    const found = await step.tool('library_search', { query: 'guardrails refusing well untrusted content personal data', limit: 3 });
    const { rules } = await step.answer<ExtraRules>('rules', hardenPrompt(input, findingsText(draft.before, 'without guardrails'), [...draft.sources.add(found.items), ...policy], persona));
    step.summarise(`${rules.length} rules.`);
    return rules;
  }) : [];
  draft.rails = railsFrom(draft.before, input, input.layers, more);
  const rails = draft.rails;
  await context.step('harmless', 'Ask what is harmless, with and without guardrails', async (step) => {
    if (input.harmless.length === 0) return step.summarise('No harmless requests were given, so wrong refusals are not known.');
    draft.harmless.before = await askHarmless(context, step, NO_RAILS);
    draft.harmless.after = await askHarmless(context, step, rails);
    step.summarise(`${draft.harmless.before.filter(({ refused }) => refused).length} of ${input.harmless.length} refused before, ${draft.harmless.after.filter(({ refused }) => refused).length} after.`);
  });
  // Runs of version 1 have no such choice in their inputs.
  if (input.judge_quality && input.harmless.length > 0) await context.step('compare', 'Judge what the guardrails cost', (step) => compareHarmless(context, step, draft));
  draft.after = await context.step('again', 'Attack again, with the same words and new ones', async (step) => {
    const findings = await ask(context, step, [...attacks, ...newWordings(input.families, input.variants, input)], rails);
    step.summarise(`${rateWords(rateOf(findings))} succeeded against the guardrails.`);
    return findings;
  });
  draft.after = await judge(context, draft.after, 'judge-again');
  await context.step('rails', 'Check the configuration', async (step) => {
    const result = await step.tool('lint_config', { format: 'yaml', text: configText(input, draft) });
    draft.lint = result.outcome === 'ok' ? (result.data as LintConfigData) : null;
    if (!draft.lint) draft.notes.push(`rails.yml was not checked: ${result.summary}`);
    step.summarise(result.summary);
  });
}

/** What was answered both times, twice with the places swapped; refusals are counted elsewhere. */
async function compareHarmless({ input, request: { persona } }: Context, step: Step, draft: Draft): Promise<void> {
  const { before, after } = draft.harmless;
  const both = after.flatMap((with_, at) => { const without = before[at]; return without && !without.refused && !with_.refused && without.answer.trim() !== with_.answer.trim() ? [{ request: with_.request, a: without.answer, b: with_.answer }] : []; });
  for (const texts of both) draft.harmless.judged.push({ request: texts.request, verdict: await judgePair(step, 'pair', (first, second) => comparePrompt(input, texts.request, texts[first], texts[second], persona)) });
  const { a, b, tie, turned } = tally(draft.harmless.judged.map(({ verdict }) => verdict));
  step.summarise(both.length === 0 ? 'There is no pair of different answers to judge.' : `Better without guardrails ${a}, with them ${b}, no difference ${tie}; ${turned} turned with the order.`);
}

/** Answers that no mark can decide go to a judge; what it does not name stays open. */
async function judge(context: Context, findings: readonly Finding[], key: string): Promise<Finding[]> {
  const open = findings.filter(({ result }) => result === 'to_judge').slice(0, MAX_JUDGED);
  if (open.length === 0) return [...findings];
  const { input, request: { persona } } = context;
  const { verdicts } = await context.step(key, 'Judge what code cannot decide', async (step) => {
    const answer = await step.answer<Verdicts>('verdicts', judgePrompt(input, open, persona), open.length);
    step.summarise(`${answer.verdicts.filter(({ verdict }) => verdict === 'rule_broken').length} of ${open.length} broken, by the judge.`);
    return answer;
  });
  return findings.map((finding) => {
    const verdict = open.includes(finding) ? verdicts.find(({ answer_title: title }) => title.trim() === finding.attack.id) : undefined;
    return verdict ? { ...finding, result: verdict.verdict === 'rule_broken' ? 'judged_broken' as const : 'held' as const, evidence: verdict.why } : finding;
  });
}
