/** Shapes of open models as their own configuration files on the hub state them, and data sheets of accelerators. Plain data for
 * sizing: a plan names the row it used, and the person can give figures of their own. */
export interface ModelShape {
  name: string;
  /** all weights */
  parametersBillion: number;
  layers: number;
  /** width of the residual stream */
  hidden: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  /** width of the feed-forward part */
  intermediate: number;
  vocabulary: number;
}

const shape = (name: string, parametersBillion: number, layers: number, hidden: number, heads: number, kvHeads: number, headSize: number, intermediate: number, vocabulary: number): ModelShape => ({ name, parametersBillion, layers, hidden, heads, kvHeads, headSize, intermediate, vocabulary });
export const MODEL_SHAPES = {
  qwen2_5_0_5b: shape('Qwen/Qwen2.5-0.5B-Instruct', 0.49, 24, 896, 14, 2, 64, 4864, 151_936),
  llama_3_2_1b: shape('meta-llama/Llama-3.2-1B-Instruct', 1.24, 16, 2048, 32, 8, 64, 8192, 128_256),
  llama_3_2_3b: shape('meta-llama/Llama-3.2-3B-Instruct', 3.21, 28, 3072, 24, 8, 128, 8192, 128_256),
  mistral_7b: shape('mistralai/Mistral-7B-Instruct-v0.3', 7.25, 32, 4096, 32, 8, 128, 14_336, 32_768),
  qwen2_5_7b: shape('Qwen/Qwen2.5-7B-Instruct', 7.62, 28, 3584, 28, 4, 128, 18_944, 152_064),
  llama_3_1_8b: shape('meta-llama/Llama-3.1-8B-Instruct', 8.03, 32, 4096, 32, 8, 128, 14_336, 128_256),
  qwen2_5_14b: shape('Qwen/Qwen2.5-14B-Instruct', 14.77, 48, 5120, 40, 8, 128, 13_824, 152_064),
  qwen2_5_32b: shape('Qwen/Qwen2.5-32B-Instruct', 32.76, 64, 5120, 40, 8, 128, 27_648, 152_064),
  llama_3_1_70b: shape('meta-llama/Llama-3.1-70B-Instruct', 70.55, 80, 8192, 64, 8, 128, 28_672, 128_256),
} as const satisfies Record<string, ModelShape>;
export type ModelKey = keyof typeof MODEL_SHAPES;
export const MODEL_KEYS = Object.keys(MODEL_SHAPES) as [ModelKey, ...ModelKey[]];
export const MODEL_LABELS: Record<ModelKey, string> = {
  qwen2_5_0_5b: 'Qwen 2.5 0.5B', llama_3_2_1b: 'Llama 3.2 1B', llama_3_2_3b: 'Llama 3.2 3B', mistral_7b: 'Mistral 7B v0.3', qwen2_5_7b: 'Qwen 2.5 7B', llama_3_1_8b: 'Llama 3.1 8B', qwen2_5_14b: 'Qwen 2.5 14B', qwen2_5_32b: 'Qwen 2.5 32B', llama_3_1_70b: 'Llama 3.1 70B',
};

/** `teraflops`: dense, 16 bit, as the data sheet says; `bandwidthGbs`: memory, 10⁹ bytes a second. */
export interface Accelerator { name: string; memoryGb: number; teraflops: number; bandwidthGbs: number; /** has bfloat16 */ bf16: boolean; /** has fast FP8 */ fp8: boolean }
const device = (name: string, memoryGb: number, teraflops: number, bandwidthGbs: number, bf16 = true, fp8 = false): Accelerator => ({ name, memoryGb, teraflops, bandwidthGbs, bf16, fp8 });
export const ACCELERATORS = {
  t4: device('NVIDIA T4 16 GB', 16, 65, 320, false), a10g: device('NVIDIA A10G 24 GB', 24, 70, 600), l4: device('NVIDIA L4 24 GB', 24, 121, 300, true, true), rtx_4090: device('NVIDIA RTX 4090 24 GB', 24, 165, 1008, true, true),
  a100_40: device('NVIDIA A100 40 GB', 40, 312, 1555), l40s: device('NVIDIA L40S 48 GB', 48, 362, 864, true, true), a100_80: device('NVIDIA A100 80 GB', 80, 312, 2039), h100: device('NVIDIA H100 SXM 80 GB', 80, 989, 3350, true, true), h200: device('NVIDIA H200 141 GB', 141, 989, 4800, true, true),
} as const satisfies Record<string, Accelerator>;
export type AcceleratorKey = keyof typeof ACCELERATORS;
export const ACCELERATOR_KEYS = Object.keys(ACCELERATORS) as [AcceleratorKey, ...AcceleratorKey[]];
export const ACCELERATOR_LABELS = Object.fromEntries(Object.entries(ACCELERATORS).map(([key, { name }]) => [key, name])) as Record<AcceleratorKey, string>;

/** A model that is not in the list, as its config.json says. */
export interface OwnShape { custom_name: string; custom_parameters_billion: number; custom_layers: number; custom_hidden_size: number; custom_heads: number; custom_kv_heads: number; custom_head_size: number; custom_intermediate_size: number; custom_vocabulary: number }
export function shapeOf(model: ModelKey | 'custom', own: OwnShape): ModelShape {
  if (model !== 'custom') return MODEL_SHAPES[model];
  return { name: own.custom_name || 'your model', parametersBillion: own.custom_parameters_billion, layers: own.custom_layers, hidden: own.custom_hidden_size, heads: own.custom_heads, kvHeads: own.custom_kv_heads, headSize: own.custom_head_size, intermediate: own.custom_intermediate_size, vocabulary: own.custom_vocabulary };
}
