import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { REPRODUCE_WAYS, reproduceText, type Reproduced } from './reproduce';

const RUN: Reproduced = { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', model: 'demo-extractive-1', inputs: { learning_goal: `It's "quoted", $HOME, \`id\` and\nJSON`, timebox_minutes: 15 } };
const body = { workflow_id: RUN.workflow_id, run_mode: RUN.run_mode, provider: RUN.provider, model: RUN.model, inputs: RUN.inputs };

describe('a run made again outside the browser', () => {
  it('a shell hands the inputs on as they are', () => {
    const shell = (way: 'cli' | 'curl', program: string): string => execFileSync('/bin/sh', ['-c', `${way === 'cli' ? 'awp' : 'curl'}() { ${program}; }\n${reproduceText(way, RUN, 'https://awp.test')}`], { encoding: 'utf8' });
    expect(JSON.parse(shell('cli', 'cat'))).toEqual(RUN.inputs);
    expect(shell('cli', `printf '%s ' "$@"`)).toBe('run learn_agentic_ai --mode test --provider demo --model demo-extractive-1 --watch --input - ');
    expect(JSON.parse(shell('curl', `while [ $# -gt 1 ]; do shift; done; printf %s "$1"`))).toEqual(body);
  });
  it('the program sends the same body, and none of the three holds a token', () => {
    const fetched = "globalThis.fetch = (url, { body, headers }) => { console.log(headers.Authorization, body); return Promise.resolve(Response.json({ id: 'run' })); };";
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', reproduceText('typescript', RUN, 'https://awp.test').replace('\n\n', `\n${fetched}\n`)], { encoding: 'utf8', env: { NODE_ENV: 'test', AWP_API_TOKEN: 'mine' } });
    expect(output.slice(0, 12)).toBe('Bearer mine ');
    expect(JSON.parse(output.slice(12, output.lastIndexOf('run')))).toEqual(body);
    for (const { value } of REPRODUCE_WAYS) expect(reproduceText(value, RUN, 'https://awp.test')).not.toMatch(/awp_[A-Za-z0-9]/);
  });
});
