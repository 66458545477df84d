import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { removeAll, startAll } from './examples.ts';
import { changePreferences, currentPreferences, preferencesOf } from './preferences.ts';

const json = (status: number, body: unknown): Response => new Response(status === 204 ? null : JSON.stringify(body), { status });
const problem = (status: number, code: string, more: object = {}): Response => json(status, { type: 'about:blank', title: code, status, code, ...more });
const asked: { path: string; method: string; body: unknown }[] = [];
let answers: (path: string, method: string) => Response;
const posts = () => asked.filter(({ method }) => method === 'POST');

beforeEach(() => {
  asked.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('window', { localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined } });
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: { method?: string; body?: string }) => {
    asked.push({ path, method, body: body ? JSON.parse(body) : undefined });
    return answers(path, method);
  });
  changePreferences({ examples: [] });
});
afterEach(() => { preferencesOf(null); changePreferences({ examples: [] }); vi.useRealTimers(); vi.unstubAllGlobals(); });

const EXAMPLES = [{ workflow_id: 'first', persona: 'student' }, { workflow_id: 'bare', persona: 'executive' }, { workflow_id: 'second', persona: 'researcher' }] as const;

describe('example runs', () => {
  it('are Test runs of the demo with the first preset, and wait as long as the API says', async () => {
    let refused = 0;
    answers = (path, method) => {
      if (method === 'GET') return json(200, { presets: path.includes('bare') ? [] : [{ key: 'p', title: 'P', inputs: { goal: path } }, { key: 'q', inputs: {} }] });
      if (posts().length === 2 && refused++ === 0) return problem(429, 'RateLimited', { retry_after: 30 });
      return json(201, { id: `run-${posts().length}` });
    };
    const done = startAll(new QueryClient(), EXAMPLES);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(currentPreferences().examples).toEqual(['run-1']);
    expect(posts()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2_000);
    await done;
    expect(currentPreferences().examples).toEqual(['run-1', 'run-3']);
    expect(posts().map(({ body }) => body)).toEqual([1, 2, 2].map((which) => expect.objectContaining({ workflow_id: which === 1 ? 'first' : 'second', run_mode: 'test_run', provider: 'demo' })));
  });

  it('that were started stay known when another start is refused', async () => {
    answers = (_path, method) => (method === 'GET' ? json(200, { presets: [{ inputs: {} }] }) : posts().length > 1 ? problem(403, 'PermissionDenied') : json(201, { id: 'run-1' }));
    await expect(startAll(new QueryClient(), EXAMPLES)).rejects.toThrow('PermissionDenied');
    expect(currentPreferences().examples).toEqual(['run-1']);
  });

  it('are removed, and nothing else; one that waits for an answer is cancelled first, one that cannot be removed stays known', async () => {
    changePreferences({ examples: ['done', 'gone', 'asking', 'locked'] });
    let cancelled = false;
    answers = (path, method) => {
      if (method === 'POST') { cancelled = true; return json(200, {}); }
      return path.endsWith('gone') ? problem(404, 'NotFound') : path.endsWith('locked') ? problem(403, 'PermissionDenied') : path.endsWith('asking') && !cancelled ? problem(409, 'Conflict') : json(204, null);
    };
    const left = removeAll();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await left).toBe(1);
    expect(currentPreferences().examples).toEqual(['locked']);
    expect(asked.map(({ path, method }) => `${method} ${path}`)).toEqual(['DELETE /api/v1/runs/done', 'DELETE /api/v1/runs/gone', 'DELETE /api/v1/runs/asking', 'POST /api/v1/runs/asking/cancel', 'DELETE /api/v1/runs/asking', 'DELETE /api/v1/runs/locked']);
  });
});
