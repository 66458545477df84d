/** Threats that follow from the powers of a system, by rule. Likelihood and impact 1 to 5; pure. */
export type Effect = 'reads' | 'writes_own' | 'writes_others' | 'sends_out' | 'spends';
export type Data = 'public' | 'internal' | 'personal' | 'secret';
export type Autonomy = 'suggests' | 'asks_first' | 'acts_alone';
export interface ToolRow { name: string; effect: Effect; data: Data }
export interface Powers { tools: readonly ToolRow[]; untrusted: readonly string[]; autonomy: Autonomy; users: 'internal' | 'customers' | 'public' }
export interface Threat { id: string; title: string; how: string; likelihood: number; impact: number; control: string; /** likelihood × impact once the control works */ residual: number; risk: number }

const SENSITIVE: readonly Data[] = ['personal', 'secret'];
const listed = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
const clamp = (value: number): number => Math.min(5, Math.max(1, value));

/** Highest risk first. Every control is one that code can enforce. */
export function threatsOf({ tools, untrusted, autonomy, users }: Powers): Threat[] {
  const named = (filter: (tool: ToolRow) => boolean): string => listed(tools.filter(filter).map((tool) => tool.name));
  const foreign = listed(untrusted);
  const [privateTools, outTools, writeTools, spendTools] = [named((tool) => SENSITIVE.includes(tool.data)), named((tool) => tool.effect === 'sends_out'), named((tool) => tool.effect === 'writes_others' || tool.effect === 'writes_own'), named((tool) => tool.effect === 'spends')];
  const strangers = untrusted.length > 0;
  const free = { suggests: -1, asks_first: 0, acts_alone: 1 }[autonomy];
  const open = { internal: -1, customers: 0, public: 1 }[users];
  const found: (Omit<Threat, 'id' | 'risk' | 'residual'> & { left: number } | false)[] = [
    strangers && privateTools !== '' && outTools !== '' && { title: 'Private data is sent out by an instruction in foreign text', how: `Text from ${foreign} meets ${privateTools}, and ${outTools} can send`, likelihood: clamp(4 + free), impact: 5, control: 'Break the triangle: no tool that sends out in a run that has read foreign text and private data, checked in code at the call', left: 5 },
    strangers && writeTools !== '' && { title: 'Foreign text makes the agent change data', how: `Text from ${foreign} reaches a model that may use ${writeTools}`, likelihood: clamp(3 + free), impact: 4, control: 'A person allows each write after foreign text was read; writes can be taken back', left: 4 },
    strangers && { title: 'Foreign text changes the answer', how: `Text from ${foreign} is read as an instruction`, likelihood: clamp(4 + open), impact: 2, control: 'Mark material as data, cite it, and check that every citation was read in the run', left: 4 },
    spendTools !== '' && { title: 'Money is spent without a yes', how: `${spendTools} can spend, and a loop repeats it`, likelihood: clamp(2 + free), impact: 5, control: 'A limit for each run and day, a key for each call, and a person above a small amount', left: 5 },
    privateTools !== '' && { title: 'One user sees the data of another', how: `Nobody checks the rights of the user behind ${privateTools}`, likelihood: clamp(3 + open), impact: 5, control: 'The user\'s own rights go with every tool call; caches and memory are kept apart', left: 5 },
    { title: 'A loop does not end, or a bill grows', how: 'The model asks again and again, or the context grows with each call', likelihood: 3, impact: 3, control: 'Caps on calls, tokens, seconds and money, reserved before each call', left: 3 },
    { title: 'A step happens twice', how: 'A process dies between an effect and its record, and the step is tried again', likelihood: 3, impact: writeTools || outTools || spendTools ? 4 : 2, control: 'An idempotency key for each effect, and a durable engine that records it once', left: 3 },
    { title: 'A wrong answer is believed', how: 'Nobody checks, and the text sounds sure', likelihood: clamp(3 + open), impact: autonomy === 'acts_alone' ? 4 : 3, control: 'Checks in code, sources beside each claim, a sample read by people every week', left: 4 },
    { title: 'The model or its vendor changes or is away', how: 'A version is withdrawn, a limit is reached, an outage lasts hours', likelihood: 4, impact: 2, control: 'A pinned version, a test set run on every change, a second vendor in the chain', left: 2 },
    privateTools !== '' && { title: 'Prompts and logs keep private data', how: 'Traces hold what users wrote and tools returned', likelihood: 4, impact: 3, control: 'Level of detail, masking, access rights and retention of traces are set and tested', left: 3 },
  ];
  return found.filter((each) => each !== false).map(({ left, ...each }) => ({ ...each, risk: each.likelihood * each.impact, residual: left })).toSorted((a, b) => b.risk - a.risk).map((each, index) => ({ ...each, id: `T${index + 1}` }));
}

/** The three that are harmful together. */
export function triangle({ tools, untrusted }: Pick<Powers, 'tools' | 'untrusted'>): { privateData: boolean; foreignText: boolean; wayOut: boolean; closed: boolean } {
  const [privateData, foreignText, wayOut] = [tools.some((tool) => SENSITIVE.includes(tool.data)), untrusted.length > 0, tools.some((tool) => tool.effect === 'sends_out')];
  return { privateData, foreignText, wayOut, closed: privateData && foreignText && wayOut };
}

export const level = (risk: number): string => (risk >= 15 ? 'high' : risk >= 8 ? 'medium' : 'low');
