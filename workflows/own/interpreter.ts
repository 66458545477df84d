import { ApplicationFailure } from '@temporalio/workflow';
import { clip, type MaterialItem } from '#contracts/material';
import { DEFINITION_LIMITS, isNetworkTool, subKey, type AgentStep, type ApprovalStep, type ArtifactStep, type AskStep, type BranchStep, type MapStep, type OwnDefinition, type OwnSnapshot, type ParallelStep, type PromptStep, type Step, type SubRunStep, type ToolStep, type ValidateStep } from '#contracts/own/definition';
import { PatternWork } from '#contracts/own/patterns';
import { agentTurns, mapLimit, sizesOf, type StepSizes } from '#contracts/own/sizes';
import type { StageContext } from '../stages/run-stages.ts';
import { mapItems, type Step as RunningStep } from '../stages/step.ts';
import { agent } from '../steps/agent.ts';
import { Sources } from '../steps/sources.ts';
import { contentText, fileText } from './files.ts';
import { promptOf, type Speaker } from './prompts.ts';
import { broken, StepProblem, transformed, worked } from './pure-steps.ts';
import { filled, isTooBig, rendered, shown, Values, withDefaults, type ToolValue } from './values.ts';

/** Walks the steps of a definition in their order: deterministic, driven only by the snapshot, the inputs and what activities
 * gave. A way that is not taken makes no event and no activity. */
export interface OwnDraft { values: Values; files: { fileName: string; title: string; content: string }[]; sources: Map<string, MaterialItem & { source: string }>; texts: { title: string; text: string }[] }
type Context = StageContext<Record<string, unknown>>;

interface Room {
  context: Context;
  draft: OwnDraft;
  snapshot: OwnSnapshot;
  definition: OwnDefinition;
  values: Values;
  sizes: StepSizes;
  /** what the patterns of the stage may still cost */
  patterns: PatternWork;
  taken: { steps: number };
  /** of the keys of sub-runs: `<key>-` */
  prefix: string;
  /** of the keys inside a map: `-2` */
  suffix: string;
}

export async function interpret(snapshot: OwnSnapshot, context: Context, draft: OwnDraft): Promise<void> {
  const room: Room = { context, draft, snapshot, definition: snapshot.definition, values: draft.values, sizes: sizesOf(snapshot, context.stage), patterns: new PatternWork(), taken: { steps: 0 }, prefix: '', suffix: '' };
  context.expectSteps(snapshot.definition.steps.length);
  await walk(snapshot.definition.steps, room);
}

async function walk(steps: readonly Step[], room: Room): Promise<void> {
  for (const step of steps) await take(step, room);
}

const keyIn = (room: Room, step: Step): string => `${room.prefix}${step.key}${room.suffix}`;

/** One step as the person sees it; a problem of its own words ends the run with them. */
function shownStep<T>(room: Room, step: Step, work: (running: RunningStep) => Promise<T>): Promise<T> {
  const key = keyIn(room, step);
  return room.context.step(key, step.title, async (running) => {
    try {
      return await work(running);
    } catch (error) {
      if (error instanceof StepProblem) throw ApplicationFailure.nonRetryable(`${step.title}: ${error.message}`, 'OutputInvalid', { step: key });
      throw error;
    }
  });
}

async function take(step: Step, room: Room): Promise<void> {
  // A definition of before the bound may hold maps in maps, which go on for hours without a call that a cap would stop.
  room.taken.steps += 1;
  if (room.taken.steps > DEFINITION_LIMITS.runSteps) throw ApplicationFailure.nonRetryable(`The workflow took more than ${DEFINITION_LIMITS.runSteps} steps.`, 'RunLimitReached', { step: keyIn(room, step) });
  switch (step.type) {
    case 'prompt': return takePrompt(step, room);
    case 'agent': return takeAgent(step, room);
    case 'tool': return takeTool(step, room);
    case 'transform': return shownStep(room, step, (running) => {
      const value = transformed(step, room.values, room.patterns);
      store(room, step, value);
      running.summarise(said(shown(value)) || 'Nothing was found.');
      return Promise.resolve();
    });
    case 'validate': return takeValidate(step, room);
    case 'branch': return takeBranch(step, room);
    case 'parallel': return takeParallel(step, room);
    case 'map': return takeMap(step, room);
    case 'approval': return takeApproval(step, room);
    case 'ask': return takeAsk(step, room);
    case 'artifact': return takeArtifact(step, room);
    case 'workflow': return takeSubRun(step, room);
  }
}

const said = (text: string): string => clip(text.replace(/\s+/g, ' ').trim(), 160);
const speakerOf = (room: Room): Speaker => ({ definition: room.definition, values: room.values, persona: room.context.request.persona, sizes: room.sizes, suffix: room.suffix });

function store(room: Room, step: Step & { output_variable: string }, value: unknown): void {
  if (isTooBig(value)) throw ApplicationFailure.nonRetryable(`${step.title}: what it makes is too big for a workflow.`, 'RunLimitReached', { step: keyIn(room, step) });
  room.values.set(step.output_variable, value);
}

/** What a step wrote can be cited by the steps after it, under the name it has. */
function keep(room: Room, step: Step & { output_variable: string }, value: unknown): void {
  store(room, step, value);
  const id = `${step.output_variable}${room.suffix}`;
  room.draft.sources.set(id, { id, title: step.title, url: null, text: '', source: 'an earlier step' });
  room.draft.texts.push({ title: step.title, text: shown(value) });
}

function takePrompt(step: PromptStep, room: Room): Promise<void> {
  return shownStep(room, step, async (running) => {
    const prompt = promptOf(step, speakerOf(room));
    const value = step.answer_schema ? await running.answer<unknown>(`${room.prefix}${step.key}`, prompt) : await running.write(prompt);
    keep(room, step, value);
    running.summarise(said(shown(value)) || 'The answer is empty.');
  });
}

function takeAgent(step: AgentStep, room: Room): Promise<void> {
  const { context, draft } = room;
  return shownStep(room, step, async (running) => {
    const { messages, maxOutputTokens, temperature } = promptOf(step, speakerOf(room));
    const sources = new Sources(`${step.output_variable}${room.suffix}_`);
    const tools = context.stage === 'test' ? step.tools.filter((tool) => !isNetworkTool(tool)) : step.tools;
    const outcome = await agent(context, running, {
      messages, tools, maxTurns: agentTurns(step, context.stage), maxOutputTokens, sources, ...(temperature === undefined ? {} : { temperature }), ...(context.stage === 'test' ? { results: { items: 3, characters: 400 } } : {}),
      ...(step.ask_before_tools && context.stage === 'full' ? { approval: () => 'ask' as const } : {}),
    });
    for (const source of sources.all) draft.sources.set(source.id, source);
    keep(room, step, outcome.text);
    running.summarise(`${outcome.turns} ${outcome.turns === 1 ? 'turn' : 'turns'}, ${outcome.calls.length} tool ${outcome.calls.length === 1 ? 'call' : 'calls'}: ${said(outcome.text)}`);
  });
}

function takeTool(step: ToolStep, room: Room): Promise<void> {
  return shownStep(room, step, async (running) => {
    if (room.context.stage === 'test' && isNetworkTool(step.tool)) {
      const value: ToolValue = { kind: 'tool_result', outcome: 'empty', summary: `${step.tool} reaches out to the network, so a Test goes on without it.`, items: [], data: undefined };
      store(room, step, value);
      running.summarise(value.summary);
      return;
    }
    const result = await running.tool(step.tool, filled(step.arguments, room.values) as Record<string, unknown>);
    const items = result.items.map((item, index): MaterialItem => ({ id: `${step.output_variable}${room.suffix}_${index + 1}`, title: item.title, url: item.url, text: item.text }));
    for (const [index, item] of items.entries()) room.draft.sources.set(item.id, { ...item, source: result.items[index]?.source ?? step.tool });
    const value: ToolValue = { kind: 'tool_result', outcome: result.outcome, summary: result.summary, items, data: result.data };
    store(room, step, value);
    running.summarise(result.summary);
  });
}

/** A hard rule that does not hold ends the run with the words of the rule; a soft one is a remark. */
function takeValidate(step: ValidateStep, room: Room): Promise<void> {
  return shownStep(room, step, (running) => {
    const value = room.values.at(step.source);
    const found = step.rules.flatMap((rule) => {
      const problem = broken(rule, value, step.source, room.patterns);
      return problem ? [{ problem, soft: rule.soft }] : [];
    });
    const hard = found.filter(({ soft }) => !soft);
    for (const { problem } of found.filter(({ soft }) => soft)) running.remark(`${step.title}: ${problem}.`);
    if (hard.length > 0) throw new StepProblem(`${hard.map(({ problem }) => problem).join('; ')}.`);
    running.summarise(found.length === 0 ? `${step.rules.length} ${step.rules.length === 1 ? 'rule holds' : 'rules hold'}.` : found.map(({ problem }) => problem).join('; '));
    return Promise.resolve();
  });
}

async function takeBranch(step: BranchStep, room: Room): Promise<void> {
  const yes = await shownStep(room, step, (running) => {
    const holds = worked(step.when, room.values);
    if (typeof holds !== 'boolean') throw new StepProblem(`"${step.when.slice(0, 120)}" gives ${said(shown(holds)) || 'nothing'}, not yes or no.`);
    running.summarise(`${holds ? 'Yes' : 'No'}: ${step.when}`);
    return Promise.resolve(holds);
  });
  await walk(yes ? step.do : step.else, room);
}

/** Every branch in a room of its own; what they made is taken over in the order they are written in. */
async function takeParallel(step: ParallelStep, room: Room): Promise<void> {
  const rooms = step.branches.map((): Room => ({ ...room, values: new Values({}, room.values) }));
  await mapItems(step.branches, step.branches.length, (branch, index) => walk(branch.steps, rooms[index] as Room));
  for (const { values } of rooms) room.values.takeOver(values);
}

async function takeMap(step: MapStep, room: Room): Promise<void> {
  const list = await shownStep(room, step, (running) => {
    const found = room.values.at(step.over);
    if (!Array.isArray(found)) throw new StepProblem(`${step.over} is no list, so there is nothing to walk through.`);
    const taken = found.slice(0, mapLimit(step, room.context.stage));
    running.summarise(taken.length < found.length ? `${taken.length} of ${found.length} items are taken.` : `${taken.length} ${taken.length === 1 ? 'item' : 'items'}.`);
    return Promise.resolve(taken as unknown[]);
  });
  const made = await mapItems(list, step.concurrency, async (item, index) => {
    const values = new Values({ [step.item]: item, [`${step.item}_index`]: index + 1 }, room.values);
    await walk(step.steps, { ...room, values, suffix: `${room.suffix}-${index + 1}` });
    const { [step.item]: _item, [`${step.item}_index`]: _index, ...rest } = values.own();
    return Object.values(rest).at(-1) ?? null;
  });
  store(room, step, made);
}

async function takeApproval(step: ApprovalStep, room: Room): Promise<void> {
  const key = keyIn(room, step);
  if (room.context.stage === 'full') await room.context.approve({ key, title: step.title, shown: { text: clip(rendered(step.show, room.values), 8_000) }, approvers: step.approvers, role: step.role });
  await shownStep(room, step, (running) => { running.summarise(room.context.stage === 'full' ? 'Approved.' : 'A Test asks nobody; Full waits here for a yes.'); return Promise.resolve(); });
}

function takeAsk(step: AskStep, room: Room): Promise<void> {
  return shownStep(room, step, async (running) => {
    const isTest = room.context.stage === 'test';
    const answer = isTest ? step.otherwise : await room.context.ask<Record<string, unknown>>({ key: keyIn(room, step), title: step.title, questions: `${room.prefix}${step.key}`, shown: { text: clip(rendered(step.show, room.values), 8_000) }, otherwise: step.otherwise }, keyIn(room, step));
    store(room, step, answer);
    running.summarise(isTest ? `A Test asks nobody and goes on with ${said(JSON.stringify(answer))}.` : said(JSON.stringify(answer)));
  });
}

function takeArtifact(step: ArtifactStep, room: Room): Promise<void> {
  return shownStep(room, step, (running) => {
    const fileName = room.suffix ? step.file_name.replace(/(\.[a-z]+)$/, `${room.suffix}$1`) : step.file_name;
    const content = step.content === undefined ? fileText(fileName, room.values.at(step.from ?? '')) : contentText(fileName, step.content, room.values);
    room.draft.files.push({ fileName, title: step.title, content });
    running.summarise(`${fileName} is written when the stage ends.`);
    return Promise.resolve();
  });
}

/** Another definition inside this run: same caps, same log, its steps under `<key>-…`; what it made comes back as one object. */
async function takeSubRun(step: SubRunStep, room: Room): Promise<void> {
  const definition = room.snapshot.subs[subKey(step.workflow, step.version)];
  if (!definition) throw ApplicationFailure.nonRetryable(`${step.title}: ${step.workflow} version ${step.version} is not in the snapshot of this run.`, 'Internal', { step: keyIn(room, step) });
  const values = new Values(withDefaults(definition, filled(step.inputs, room.values) as Record<string, unknown>));
  const inputs = new Set(Object.keys(values.own()));
  await shownStep(room, step, (running) => { running.summarise(`${definition.name} version ${step.version} begins.`); return Promise.resolve(); });
  await walk(definition.steps, { ...room, definition, values, prefix: `${room.prefix}${step.key}-` });
  store(room, step, Object.fromEntries(Object.entries(values.own()).filter(([name]) => !inputs.has(name))));
}
