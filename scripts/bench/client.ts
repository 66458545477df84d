import type { RunDetailWire, RunEventWire } from '#contracts/api/runs.schema';
import type { RunMode } from '#contracts/runs';
import type { BenchStack } from './stack.ts';

const GOAL = 'Build a small agent that calls tools, and understand why it sometimes fails';

/** The API as a script would call it: bearer key, JSON. */
export class ApiClient {
  readonly headers: Record<string, string>;
  readonly url: string;

  constructor(stack: BenchStack) {
    this.url = stack.apiUrl;
    this.headers = { authorization: `Bearer ${stack.apiKey}` };
  }

  /** @throws Error with the problem's text */
  async startRun(mode: RunMode): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/runs`, {
      method: 'POST', headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ workflow_id: 'learn_agentic_ai', run_mode: mode, provider: 'demo', inputs: { learning_goal: GOAL } }),
    });
    if (response.status !== 201) throw new Error(`POST /runs answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  run(runId: string): Promise<RunDetailWire> {
    return this.get<RunDetailWire>(`/runs/${runId}`);
  }

  async events(runId: string): Promise<RunEventWire[]> {
    const events: RunEventWire[] = [];
    for (;;) {
      const page = await this.get<RunEventWire[]>(`/runs/${runId}/events?limit=200&after=${events.at(-1)?.sequence ?? 0}`);
      events.push(...page);
      if (page.length < 200) return events;
    }
  }

  async get<Body>(path: string): Promise<Body> {
    const response = await fetch(`${this.url}/api/v1${path}`, { headers: this.headers });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Body;
  }

  /** Follows a run's stream to its end. @param seen called at the receipt of each event */
  async follow(runId: string, seen: (event: RunEventWire) => void): Promise<void> {
    const response = await fetch(`${this.url}/api/v1/runs/${runId}/stream`, { headers: this.headers });
    if (!response.ok || response.body === null) throw new Error(`the stream answered ${response.status}`);
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of response.body) {
      const frames = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const data = frame.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5)).join('\n');
        if (data !== '') seen(JSON.parse(data) as RunEventWire);
      }
    }
  }
}

/** The simulator's remote control, see simulator/control.ts. */
export class SimulatorControl {
  readonly #url: string;

  constructor(stack: BenchStack) {
    this.#url = `${stack.simulatorUrl}/__control`;
  }

  /** From now on every model call is answered `ms` later; 0 = at once. Forgets what it has counted. */
  async delay(ms: number): Promise<void> {
    await fetch(`${this.#url}/reset`, { method: 'POST' });
    if (ms > 0) await fetch(`${this.#url}/rules`, { method: 'POST', body: JSON.stringify({ fault: { kind: 'latency', ms }, times: 0 }) });
  }

  async requests(): Promise<SeenCall[]> {
    const all = (await (await fetch(`${this.#url}/requests`)).json()) as (Omit<SeenCall, 'requestId'> & { headers: Record<string, string> })[];
    return all.filter(({ path }) => path.endsWith('/chat/completions')).map(({ path, body, headers }) => ({ path, body, requestId: headers['x-client-request-id'] ?? '' }));
  }
}

export interface SeenCall { path: string; requestId: string; body: ChatBody }

/** What the demo provider's adapter sends. */
export interface ChatBody {
  model: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  max_tokens?: number;
  max_completion_tokens?: number;
  temperature?: number;
  response_format?: { json_schema?: { name: string; schema: Record<string, unknown> } };
}
