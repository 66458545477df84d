import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator, type Schema } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROVIDER_IDS } from '#contracts/providers';
import { projectRoot } from '#scripts/launch/paths';

/** What can be seen of the chart without helm; `npm run test:deploy` renders it. */
const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
type Tree = { [name: string]: unknown };
const values = parse(read('helm/values.yaml')) as Tree;
const schema = JSON.parse(read('helm/values.schema.json')) as Schema & { properties: Record<string, Schema>; definitions: { provider: { enum: string[] } } };

/** As helm lays one set over another: maps merge, everything else replaces. */
function over(base: Tree, top: Tree): Tree {
  const isMap = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
  return { ...base, ...Object.fromEntries(Object.entries(top).map(([name, value]) => [name, isMap(value) && isMap(base[name]) ? over(base[name], value) : value])) };
}

describe('the chart', () => {
  it.each([[], ['local'], ['small'], ['staging'], ['production'], ['production', 'temporal-cloud']])('values %s %s fit the schema', (...sets) => {
    const merged = sets.filter(Boolean).reduce((now, set) => over(now, parse(read(`helm/values/${set}.yaml`)) as Tree), values);
    expect(new Validator(schema, '7', false).validate(merged).errors).toEqual([]);
  });

  it('every value has a schema, and every value that a template reads exists', () => {
    expect(Object.keys(values).sort()).toEqual(Object.keys(schema.properties).filter((name) => name !== 'global').sort());
    const named = globSync('helm/templates/*', { cwd: projectRoot }).flatMap((file) => [...read(file).matchAll(/\$?\.Values((?:\.[a-zA-Z0-9]+)+)/g)].map((match) => (match[1] as string).slice(1).split('.')));
    const missing = named.filter((path) => path.reduce<unknown>((now, name) => (typeof now === 'object' && now !== null && name in now ? (now as Tree)[name] : undefined), values) === undefined);
    expect(missing.map((path) => path.join('.'))).toEqual([]);
  });

  it('knows every provider but the demo', () => {
    expect(schema.definitions.provider.enum.toSorted()).toEqual(PROVIDER_IDS.filter((id) => id !== 'demo').toSorted());
  });

  it('starts only entry files that exist, and the version of package.json', () => {
    const commands = globSync('helm/templates/*.yaml', { cwd: projectRoot }).flatMap((file) => [...read(file).matchAll(/command: \[node, ([^\]]+)\]/g)].flatMap((match) => { const [first = '', second = '', third = ''] = (match[1] as string).split(', '); return first === '--import' ? [second, third] : [first]; }));
    expect(commands.length).toBeGreaterThan(4);
    for (const entry of commands) expect(existsSync(join(projectRoot, entry)) || entry === 'web/server.js', entry).toBe(true);
    const chart = parse(read('helm/Chart.yaml')) as { version: string; appVersion: string };
    expect([chart.version, chart.appVersion]).toEqual(Array(2).fill((JSON.parse(read('package.json')) as { version: string }).version));
  });
});
