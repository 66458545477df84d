import { LAYOUTS, STORES, type Layout, type StoreId } from './stores.ts';

/** Memory, disk, machines and money of a store, from the inputs alone. Pure arithmetic; 1 GB = 10⁹ bytes. */
export interface Load {
  vectors: number; dimensions: number; payload_bytes: number; growth_percent: number; horizon_months: number;
  queries_per_second: number; recall_percent: number; headroom_percent: number; densest_layout: Layout;
  node_memory_gb: number; max_nodes: number; replicas: number; usd_per_gb_memory: number; usd_per_gb_disk: number; scan_gb_per_second: number;
}
export interface Sized {
  store: StoreId; when: 'now' | 'horizon'; layout: Layout; vectors: number; bytesPerVector: number;
  /** one copy, with headroom */ memoryGb: number; diskGb: number;
  /** of one copy */ nodes: number; /** all copies */ machines: number; fits: boolean; /** null = the vendor's price decides */ usdMonth: number | null;
}

export const BYTES: Record<Layout, number> = { float32: 4, float16: 2, int8: 1, binary: 1 / 8 };
const LINK_BYTES = 4;
/** Links a vector in an HNSW graph: more where recall has to be high. The lowest layer holds 2 × M. */
export const linksOf = (recallPercent: number): number => (recallPercent >= 97 ? 32 : 16);
export const vectorsAt = (load: Pick<Load, 'vectors' | 'growth_percent' | 'horizon_months'>, when: Sized['when']): number => (when === 'now' ? load.vectors : Math.round(load.vectors * (1 + load.growth_percent / 100) ** (load.horizon_months / 12)));
/** Of an index with HNSW: numbers of the vector and links of the graph. */
export const bytesPerVector = (layout: Layout, { dimensions, recall_percent }: Pick<Load, 'dimensions' | 'recall_percent'>): number => dimensions * BYTES[layout] + 2 * linksOf(recall_percent) * LINK_BYTES;

/** Layouts that the store offers for these dimensions and the person allows, most exact first. */
export function layoutsOf(store: StoreId, { dimensions, densest_layout }: Pick<Load, 'dimensions' | 'densest_layout'>): Layout[] {
  const offered = STORES[store].layouts;
  return LAYOUTS.slice(0, LAYOUTS.indexOf(densest_layout) + 1).filter((layout) => { const most = offered[layout]; return most === null || (most !== undefined && dimensions <= most); });
}

export function sizeLayout(store: StoreId, layout: Layout, load: Load, when: Sized['when']): Sized {
  const { hosting, shards } = STORES[store];
  const vectors = vectorsAt(load, when);
  const room = 1 + load.headroom_percent / 100;
  const bytes = bytesPerVector(layout, load);
  const memoryGb = (vectors * bytes * room) / 1e9;
  // The full vectors stay on disk for rescoring and for a new index.
  const diskGb = (vectors * (load.dimensions * BYTES.float32 + load.payload_bytes) * room) / 1e9;
  const nodes = Math.max(1, Math.ceil(memoryGb / load.node_memory_gb));
  const machines = nodes * load.replicas;
  const managed = hosting === 'managed';
  return { store, when, layout, vectors, bytesPerVector: bytes, memoryGb, diskGb, nodes, machines, fits: managed || nodes <= (shards ? load.max_nodes : 1), usdMonth: managed ? null : machines * load.node_memory_gb * load.usd_per_gb_memory + diskGb * load.replicas * load.usd_per_gb_disk };
}

/** The most exact layout that fits at the horizon, else the densest one, which then says that it does not fit; null when the store
 * has no index for these vectors. */
export function chooseLayout(store: StoreId, load: Load): Layout | null {
  const layouts = layoutsOf(store, load);
  return layouts.find((layout) => sizeLayout(store, layout, load, 'horizon').fits) ?? layouts.at(-1) ?? null;
}

/** Exact search without an index: milliseconds to read every vector once, and the share of the time that one reader is busy. */
export function exactScan(load: Load, when: Sized['when']): { ms: number; busy: number; gb: number } {
  const gb = (vectorsAt(load, when) * load.dimensions * BYTES.float32) / 1e9;
  const ms = (gb / load.scan_gb_per_second) * 1000;
  return { gb, ms, busy: (ms / 1000) * load.queries_per_second };
}

/** How many vectors a store can hold on the machines given, in its densest allowed layout. */
export function capacity(store: StoreId, load: Load): number | null {
  const layout = layoutsOf(store, load).at(-1);
  if (!layout || STORES[store].hosting === 'managed') return null;
  const nodes = STORES[store].shards ? load.max_nodes : 1;
  return Math.floor((nodes * load.node_memory_gb * 1e9) / (bytesPerVector(layout, load) * (1 + load.headroom_percent / 100)));
}

/** The same figures as expressions for the calculator: a second way that shares no code with the first. */
export function checkExpressions(sized: Sized, load: Load): { name: string; expression: string; wanted: number }[] {
  const number = { float32: '4', float16: '2', int8: '1', binary: '(1/8)' }[sized.layout];
  const vectors = sized.when === 'now' ? `${load.vectors}` : `round(${load.vectors} * (1 + ${load.growth_percent}/100) ^ (${load.horizon_months}/12))`;
  return [
    { name: `${sized.store}_memory`, expression: `${vectors} * (${load.dimensions} * ${number} + 2 * ${linksOf(load.recall_percent)} * 4) * (1 + ${load.headroom_percent}/100) / 10^9`, wanted: sized.memoryGb },
    { name: `${sized.store}_disk`, expression: `${vectors} * (${load.dimensions} * 4 + ${load.payload_bytes}) * (1 + ${load.headroom_percent}/100) / 10^9`, wanted: sized.diskGb },
    ...(sized.usdMonth === null ? [] : [{ name: `${sized.store}_usd`, expression: `max(1, ceil(${sized.store}_memory / ${load.node_memory_gb})) * ${load.replicas} * ${load.node_memory_gb} * ${load.usd_per_gb_memory} + ${sized.store}_disk * ${load.replicas} * ${load.usd_per_gb_disk}`, wanted: sized.usdMonth }]),
  ];
}
