import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { modelTaskQueue, PURGE_SCHEDULE_ID, RECONCILER_SCHEDULE_ID, WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';
import { PROVIDER_IDS } from '#contracts/providers';
import { projectRoot } from '#scripts/launch/paths';

/** docs/architecture says nothing that is not there: files, tables, queues, services, ports, variables, addresses. */
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const pages = globSync('docs/architecture/*.md', { cwd: projectRoot }).sort();
const quoted = (text: string) => [...text.replace(/```[^]*?```/g, '').matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
const section = (text: string, heading: string) => text.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
const tables = [...read('prisma/schema.prisma').matchAll(/@@map\("(\w+)"\)/g)].map((match) => match[1] as string);
const services = (parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, { ports?: string[] }> }).services;
const technical = read('docs/architecture/technical.md');

describe.each(pages)('%s', (page) => {
  it('names only files, tables and variables that exist', () => {
    const names = quoted(read(page));
    const files = names.filter((name) => /^(api|web|worker|activities|contracts|workflows|platform|simulator|scripts|prisma|helm|test|\.github)\/|^Dockerfile$|^docker-compose\.yml$/.test(name));
    expect(files.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
    const snake = names.filter((name) => /^[a-z]+(_[a-z]+)+$/.test(name));
    expect(snake.filter((name) => ![...tables, 'awp_app'].includes(name))).toEqual([]);
    const variables = names.filter((name) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name));
    expect(variables.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(read('.env.example')))).toEqual([]);
  });

  it('has a picture, and its ports are those of the deployments', () => {
    const text = read(page);
    expect(text).toContain('```mermaid');
    const served = `${read('docker-compose.yml')}${globSync('helm/templates/*.yaml', { cwd: projectRoot }).map(read).join('')}`;
    const ports = [...text.matchAll(/(?<![\w/]):(\d{4})\b/g)].map((match) => match[1] as string);
    expect(ports.filter((port) => !served.includes(port))).toEqual([]);
  });

  it('calls only addresses of the API', () => {
    const { paths } = JSON.parse(read('docs/openapi.json')) as { paths: Record<string, object> };
    const called = [...read(page).matchAll(/\/api\/v1\/[a-z/{}-]+/g)].map(([path]) => path);
    expect(called.filter((path) => !(path in paths))).toEqual([]);
  });
});

it('every table stands in the page once', () => {
  expect(quoted(section(technical, 'Tables').split('\n').filter((line) => line.startsWith('|')).join('\n')).sort()).toEqual([...tables].sort());
});

it('the services and the ports of the page are those of docker-compose.yml', () => {
  const rows = [...section(technical, 'Processes').matchAll(/^\| `([\w-]+)` \| .*? \| (\d{4})?/gm)].map((match) => [match[1] as string, match[2]] as const);
  expect(rows.length).toBeGreaterThan(6);
  expect(rows.filter(([name]) => services[name] === undefined)).toEqual([]);
  for (const [name, port] of rows) if (port !== undefined && services[name]?.ports !== undefined) expect(JSON.stringify(services[name].ports), name).toContain(port);
});

it('the queues and schedules of the page are those of the code', () => {
  const names = [...section(technical, 'Task queues and schedules').matchAll(/^\| (`[^|]+) \|/gm)].flatMap((match) => quoted(match[1] as string));
  const known = [WORKFLOW_TASK_QUEUE, RECONCILER_SCHEDULE_ID, PURGE_SCHEDULE_ID, ...PROVIDER_IDS.map((id) => modelTaskQueue(WORKFLOW_TASK_QUEUE, id))];
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining([WORKFLOW_TASK_QUEUE, RECONCILER_SCHEDULE_ID, PURGE_SCHEDULE_ID]));
});
