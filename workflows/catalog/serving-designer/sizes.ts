import type { CallSizes } from '#contracts/call-sizes';

export const SIZES = {
  engine: { title: 'Judge the engines', input: [0, 9000], output: [0, 600] },
  critique: { title: 'Look for the weak spot', input: [0, 9000], output: [0, 900] },
  reading: { title: 'Read the sizing', input: [2600, 9000], output: [400, 1500] },
} as const satisfies CallSizes;

export const PRECISIONS = ['bits16', 'bits8', 'bits4'] as const;
export type Precision = (typeof PRECISIONS)[number];
export const PRECISION_LABELS = { bits16: '16 bit', bits8: '8 bit (FP8 or INT8)', bits4: '4 bit (AWQ or GPTQ)' } as const;
export const ENGINES = ['vllm', 'sglang', 'tensorrt_llm', 'llama_cpp'] as const;
export type Engine = (typeof ENGINES)[number];
export const ENGINE_LABELS = { vllm: 'vLLM', sglang: 'SGLang', tensorrt_llm: 'TensorRT-LLM', llama_cpp: 'llama.cpp' } as const;
/** Devices that one replica may span. */
export const SPANS = [1, 2, 4, 8] as const;

type WorkStage = 'test' | 'full';
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 1300 : 4000);
/** An engine takes more sequences at once than this only when it is told to. */
export const MOST_SEQUENCES = 256;
