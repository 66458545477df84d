import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '#scripts/launch/paths';

export interface AlertRule { alert: string; expr: string; for: string; labels: { severity: string }; annotations: { summary: string; runbook: string } }
export interface Panel { dashboard: string; title: string; exprs: string[] }

export const alertsFile = join(projectRoot, 'helm/files/alerts.yml');

export function alertRules(): AlertRule[] {
  return (parse(readFileSync(alertsFile, 'utf8')) as { groups: { rules: AlertRule[] }[] }).groups.flatMap((group) => group.rules);
}

export function panels(): Panel[] {
  return globSync('helm/files/dashboards/*.json', { cwd: projectRoot }).sort().flatMap((file) => {
    const dashboard = JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as { title: string; panels: { title: string; targets: { expr: string }[] }[] };
    return dashboard.panels.map(({ title, targets }) => ({ dashboard: dashboard.title, title, exprs: targets.map(({ expr }) => expr) }));
  });
}

const WORDS = new Set(['by', 'on', 'without', 'and', 'or', 'unless', 'group_left', 'ignoring', 'offset', 'bool']);

/** Names of the series that an expression reads. */
export function metricsOf(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}/g, ' ').replace(/\[[^\]]*\]/g, ' ').replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, ' ');
  return [...new Set([...bare.matchAll(/(?<![0-9.a-zA-Z_:])[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\(|[a-zA-Z0-9_:])/g)].map((match) => match[0]).filter((word) => !WORDS.has(word)))];
}

/** Series of Prometheus itself, of kube-state-metrics, cAdvisor and the kubelet: none of our processes exposes them. */
export const isForeign = (name: string): boolean => name === 'up' || /^(kube|kubelet|container)_/.test(name);

/** Names that a page of metrics exposes, histogram parts included. */
export function exposed(page: string): Set<string> {
  return new Set([...page.matchAll(/^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{| )/gm)].map((match) => match[1] as string).concat([...page.matchAll(/^# TYPE (\S+) (?:counter|gauge)$/gm)].map((match) => match[1] as string)));
}
