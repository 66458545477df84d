import { toYaml, type YamlValue } from '#contracts/yaml';
import { DEVICES, round, type Budget } from './budget.ts';
import type { ReproductionPlannerInput } from './definition.ts';
import { gapsOf, numberOf, type Fact } from './facts.ts';

/** The configuration to start from: what the paper says goes before the code, what nobody says stays null and is listed. Pure. */
export interface Claim { claim: string; metric?: string | undefined; value?: number | undefined; tolerance?: number | undefined; /** the section it stands in, or the form */ from: string }

export function configYaml(input: ReproductionPlannerInput, title: string, claims: readonly Claim[], facts: readonly Fact[], budget: Budget, commit: string | null, simulated: boolean): string {
  const areas = ['training', 'data', 'evaluation', 'environment'] as const;
  const settings = Object.fromEntries(areas.map((area) => [area, Object.fromEntries(facts.filter(({ spec }) => spec.area === area).map((fact): [string, YamlValue] => [fact.spec.id, valueOf(fact)]))]));
  const from = Object.fromEntries(facts.filter(({ state }) => state !== 'missing').map(({ spec, paper, code, state }) => [spec.id, state === 'differs' ? `paper (${paper?.where ?? ''}) says ${paper?.value ?? ''}, code (${code?.where ?? ''}) says ${code?.value ?? ''}` : paper ? `paper, ${paper.where}` : `code, ${code?.where ?? ''}`]));
  return toYaml({
    reproduction: { paper: title, job: input.job, code: input.code_url ?? null, commit, simulated },
    claims: claims.map(({ claim, metric, value, tolerance, from: place }) => ({ claim, metric: metric ?? null, published: value ?? null, tolerance: tolerance ?? null, from: place })),
    ...settings,
    provenance: from,
    missing: gapsOf(facts).map(({ spec, state }) => (state === 'differs' ? `${spec.id} (paper and code differ)` : spec.id)),
    run: { device: DEVICES[input.gpu].title, devices: input.gpu_count, seeds: Array.from({ length: Math.max(1, budget.seedsPaid) }, (_, index) => index + 1), token_share: budget.verdict === 'scale_down' ? round(Math.min(1, budget.affordableShare)) : 1 },
    stages: budget.stages.map(({ id, share, gpuHours, stop }) => ({ id, share_of_run: share, gpu_hours: round(gpuHours), go_on_when: stop })),
  }, 'Where a value is null, neither paper nor code gave one: decide it, write down why, and count the search as cost.');
}

/** A figure where it is one, else the words. */
function valueOf({ spec, paper, code }: Fact): YamlValue {
  const place = paper ?? code;
  if (!place) return null;
  const number = spec.numeric ? numberOf(place.value) : Number.NaN;
  return Number.isNaN(number) ? place.value : number;
}
