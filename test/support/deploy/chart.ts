import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { goTool } from '#scripts/deploy/tools';
import { projectRoot } from '#scripts/launch/paths';

export const KUBERNETES = '1.34';
export const chartFolder = join(projectRoot, 'helm');
const run = promisify(execFile);

/** Ready sets of values, as docs/deploy/kubernetes.md uses them. */
export const VALUE_SETS = {
  default: [], local: ['local'], small: ['small'], staging: ['staging'], production: ['production'], 'production on Temporal Cloud': ['production', 'temporal-cloud'],
} as const;

export interface Container {
  name: string;
  image: string;
  command: string[];
  env?: { name: string; value?: string }[];
  ports?: { name: string; containerPort: number }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: Record<string, unknown>;
  volumeMounts?: { name: string; mountPath: string }[];
  livenessProbe?: object;
  readinessProbe?: { httpGet?: { path: string } };
  lifecycle?: object;
}
export interface PodSpec {
  automountServiceAccountToken?: boolean;
  securityContext?: Record<string, unknown>;
  terminationGracePeriodSeconds?: number;
  hostNetwork?: boolean;
  containers: Container[];
  volumes?: { name: string; hostPath?: object; secret?: object; emptyDir?: object; persistentVolumeClaim?: { claimName: string } }[];
}
export interface Manifest {
  kind: string;
  apiVersion: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown> & { selector?: unknown; template?: { metadata: { labels: Record<string, string> }; spec: PodSpec }; jobTemplate?: { spec: { template: { metadata: { labels: Record<string, string> }; spec: PodSpec } } } };
  data?: Record<string, string>;
}

/** What `helm template` makes. @param sets names in helm/values @param more values on top @throws with helm's words */
export async function renderText(sets: readonly string[], more: Record<string, unknown> = {}): Promise<string> {
  const helm = await goTool('helm', process.env);
  const folder = mkdtempSync(join(tmpdir(), 'awp-chart-'));
  const extra = join(folder, 'more.json');
  writeFileSync(extra, JSON.stringify(more));
  try {
    const { stdout } = await run(helm, ['template', 'awp', chartFolder, '--namespace', 'agentic-workflows', '--kube-version', `${KUBERNETES}.0`, ...sets.flatMap((set) => ['-f', join(chartFolder, 'values', `${set}.yaml`)]), '-f', extra], { maxBuffer: 64e6 });
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function render(sets: readonly string[], more: Record<string, unknown> = {}): Promise<Manifest[]> {
  return parseAllDocuments(await renderText(sets, more)).map((document) => document.toJSON() as Manifest | null).filter((manifest) => manifest !== null);
}

export const named = (manifests: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}; there are ${manifests.map((manifest) => `${manifest.kind} ${manifest.metadata.name}`).join(', ')}`);
  return found;
};

/** Every pod that the manifests would make, with the labels it would carry. */
export function pods(manifests: readonly Manifest[]): { owner: string; labels: Record<string, string>; spec: PodSpec }[] {
  return manifests.flatMap((manifest) => {
    const template = manifest.spec?.template ?? manifest.spec?.jobTemplate?.spec.template;
    return template?.spec === undefined ? [] : [{ owner: `${manifest.kind} ${manifest.metadata.name}`, labels: template.metadata.labels, spec: template.spec }];
  });
}

export const envOf = (container: Container): Record<string, string> => Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']));
