/** Patterns and frameworks with what decides between them. Plain data and pure rules: no model chooses. */
export const PATTERN_IDS = ['single_call', 'chain', 'router', 'agent_loop', 'plan_execute', 'multi_agent'] as const;
export type PatternId = (typeof PATTERN_IDS)[number];
export type Path = 'fixed' | 'mostly' | 'open';
interface Pattern { title: string; /** model calls of a typical run, one after the other */ calls: number; /** 0 to 1 by how well the path is known */ fit: Record<Path, number>; /** 0 to 1: how easily it is tested and explained */ control: number; words: string; strength: string; weakness: string; query: string }

export const PATTERNS: Readonly<Record<PatternId, Pattern>> = {
  single_call: { title: 'One call', calls: 1, fit: { fixed: 0.7, mostly: 0.3, open: 0.1 }, control: 1, words: 'One prompt, one answer, checked by code.', strength: 'it is the cheapest, and every answer can be tested alone', weakness: 'the answer needs facts that are found only on the way', query: 'prompt structure checks of one model call' },
  chain: { title: 'Fixed chain of steps', calls: 4, fit: { fixed: 1, mostly: 0.6, open: 0.2 }, control: 0.9, words: 'The steps and their order are code; models fill them in, with a check between.', strength: 'each step has its own check, so a failure is found where it happens', weakness: 'a request needs a step that nobody foresaw', query: 'workflow with fixed steps, prompt chaining' },
  router: { title: 'Router with specialists', calls: 2, fit: { fixed: 0.6, mostly: 0.8, open: 0.3 }, control: 0.8, words: 'A first call sorts the request, then a prompt made for that kind answers it.', strength: 'each kind of request gets a short prompt and only the tools it needs', weakness: 'a request belongs to two kinds, or is sorted wrongly and nobody notices', query: 'routing to specialised prompts' },
  agent_loop: { title: 'Agent loop with tools', calls: 7, fit: { fixed: 0.2, mostly: 0.7, open: 1 }, control: 0.4, words: 'The model picks tools until the goal is reached or a limit ends it.', strength: 'it reaches goals whose steps are not known before', weakness: 'it repeats itself, grows its context, or uses a power that this request did not need', query: 'agent loop tools limits stop' },
  plan_execute: { title: 'Plan, then execute', calls: 8, fit: { fixed: 0.3, mostly: 0.8, open: 0.8 }, control: 0.6, words: 'A plan is written as data, shown and priced, then worked through and corrected.', strength: 'people see and price the plan before anything happens', weakness: 'the plan is wrong from the second step on and is followed all the same', query: 'plan and execute planner executor' },
  multi_agent: { title: 'Several agents', calls: 15, fit: { fixed: 0.1, mostly: 0.4, open: 0.7 }, control: 0.2, words: 'Agents with different roles, tools and contexts hand work to each other.', strength: 'powers and contexts are separated by role', weakness: 'agents talk to each other at a price that nobody budgeted, and a failure has no owner', query: 'multi-agent supervisor handoff cost' },
};

export const FRAMEWORK_IDS = ['none', 'langchain', 'llamaindex', 'crewai', 'autogpt'] as const;
export type FrameworkId = (typeof FRAMEWORK_IDS)[number];
interface Framework { title: string; /** 0 to 1 */ fit: Partial<Record<PatternId, number>>; otherwise: number; strength: string; weakness: string; query: string }
export const FRAMEWORKS: Readonly<Record<FrameworkId, Framework>> = {
  none: { title: 'No framework', fit: { single_call: 1, chain: 0.9, router: 0.9, agent_loop: 0.7, plan_execute: 0.6 }, otherwise: 0.3, strength: 'nothing stands between you and the call, and nothing has to be upgraded', weakness: 'state, retries, traces and streaming are yours to write', query: 'a minimal agent loop in code without framework' },
  langchain: { title: 'LangChain and LangGraph', fit: { agent_loop: 1, plan_execute: 0.9, router: 0.8, multi_agent: 0.8, chain: 0.7 }, otherwise: 0.3, strength: 'the graph keeps state, branches, waits for a person and goes on later', weakness: 'another layer of words and versions to learn, also for a plain loop', query: 'LangChain LangGraph when to use' },
  llamaindex: { title: 'LlamaIndex', fit: { agent_loop: 0.8, router: 0.8, chain: 0.7 }, otherwise: 0.4, strength: 'loading, splitting, indexing and asking documents belong together', weakness: 'it helps less where documents are not the heart of the matter', query: 'LlamaIndex when to use retrieval' },
  crewai: { title: 'CrewAI', fit: { multi_agent: 1, chain: 0.6, plan_execute: 0.6 }, otherwise: 0.3, strength: 'roles and tasks read like a team plan', weakness: 'roles cost calls, and who decided what is harder to trace', query: 'CrewAI when to use crews flows' },
  autogpt: { title: 'AutoGPT', fit: { agent_loop: 0.5, plan_execute: 0.5 }, otherwise: 0.1, strength: 'it shows how far an open goal can be left to a loop', weakness: 'a goal without a limit grows faster than it shrinks, so it is for trials', query: 'AutoGPT autonomous agents limits' },
};

export interface Demand { path: Path; patterns: readonly PatternId[]; frameworks: readonly FrameworkId[]; known_frameworks: readonly FrameworkId[]; latency_seconds: number; seconds_per_call: number; runs_per_hour: number; input_tokens: number; output_tokens: number; max_usd_per_run: number; usd_input: number; usd_output: number; weight_fit: number; weight_control: number; weight_cost: number }
export interface Option { pattern: PatternId; calls: number; seconds: number; tokens: { input: number; output: number }; usdRun: number; out: string[]; points: number }

/** Numbers of each pattern and its points; of a loop the context grows, so the n-th call reads n times the output of one. */
export function weighPatterns(demand: Demand): Option[] {
  const weights = [demand.weight_fit, demand.weight_control, demand.weight_cost];
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  const figures = demand.patterns.map((pattern) => ({ pattern, ...figuresOf(pattern, demand) }));
  const cheapest = Math.min(...figures.map((each) => each.usdRun));
  return figures.map((each) => {
    const { fit, control } = PATTERNS[each.pattern];
    const cost = each.usdRun === 0 ? 1 : cheapest / each.usdRun;
    const points = 100 * ([fit[demand.path], control, cost].reduce((total, score, index) => total + score * (weights[index] ?? 0), 0) / sum);
    const out = [
      each.seconds > demand.latency_seconds && `${each.calls} calls one after the other take about ${each.seconds} s, more than ${demand.latency_seconds} s`,
      demand.max_usd_per_run > 0 && each.usdRun > demand.max_usd_per_run && `a run costs about ${each.usdRun.toFixed(4)} dollars, more than ${demand.max_usd_per_run}`,
    ].filter((reason): reason is string => Boolean(reason));
    return { ...each, points, out };
  });
}

export function figuresOf(pattern: PatternId, demand: Pick<Demand, 'seconds_per_call' | 'input_tokens' | 'output_tokens' | 'usd_input' | 'usd_output'>): { calls: number; seconds: number; tokens: { input: number; output: number }; usdRun: number } {
  const { calls } = PATTERNS[pattern];
  const input = calls * demand.input_tokens + (demand.output_tokens * calls * (calls - 1)) / 2;
  const output = calls * demand.output_tokens;
  return { calls, seconds: calls * demand.seconds_per_call, tokens: { input, output }, usdRun: (input * demand.usd_input + output * demand.usd_output) / 1e6 };
}

/** The most points among those that keep the limits; of equals the one with fewer calls. */
export function bestPattern(options: readonly Option[]): Option | null {
  return options.filter((option) => option.out.length === 0).toSorted((a, b) => b.points - a.points || a.calls - b.calls)[0] ?? null;
}

export interface FrameworkOption { framework: FrameworkId; fit: number; known: boolean; points: number }
/** Fit for the pattern counts twice what the team knows. */
export function weighFrameworks(demand: Pick<Demand, 'frameworks' | 'known_frameworks'>, pattern: PatternId | null): FrameworkOption[] {
  return demand.frameworks.map((framework) => {
    const fit = pattern ? (FRAMEWORKS[framework].fit[pattern] ?? FRAMEWORKS[framework].otherwise) : FRAMEWORKS[framework].otherwise;
    const known = framework === 'none' || demand.known_frameworks.includes(framework);
    return { framework, fit, known, points: Math.round((100 * (2 * fit + Number(known))) / 3) };
  }).toSorted((a, b) => b.points - a.points);
}

/** What code knows of an option or a framework, as sentences that a model can weigh. */
export const readingText = ({ title, strength, weakness }: { title: string; strength: string; weakness: string }, more = ''): string => `Strength of ${title}: ${strength}.\nWeakness of ${title}: ${weakness}.${more ? `\n${more}` : ''}`;
