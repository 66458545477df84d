import { shapeOf } from '#contracts/model-shapes';
import { toYaml, type YamlValue } from '#contracts/yaml';
import { figureOf, type Option } from './choose.ts';
import type { ServingDesignerInput } from './definition.ts';
import { ENGINE_LABELS, type Engine, type Precision } from './sizes.ts';

/** compose.yml of one replica and a k6 script. Pure. Versions are never named: `ENGINE_TAG` has to be set to the one that was tested. */
const IMAGES: Record<Engine, string> = { vllm: 'vllm/vllm-openai', sglang: 'lmsysorg/sglang', tensorrt_llm: 'nvcr.io/nvidia/tensorrt-llm/release', llama_cpp: 'ghcr.io/ggml-org/llama.cpp' };

/** Longest request and sequences at once as the engine is told; the sizing counts on both. */
export const limitsOf = (input: ServingDesignerInput, option: Option) => ({ context: Math.max(input.longest_context, input.prompt_tokens + input.answer_tokens), sequences: Math.max(1, figureOf(option, 'batch')), span: option.span ?? 1 });

/** Weights that nobody can make at the start: the person names a build. */
const ownBuild = (engine: Engine, precision: Precision): boolean => engine !== 'llama_cpp' && (precision === 'bits4' || (precision === 'bits8' && engine === 'tensorrt_llm'));

function command(engine: Engine, input: ServingDesignerInput, option: Option): string[] {
  const { context, sequences, span } = limitsOf(input, option);
  const model = ownBuild(engine, option.precision) ? '${MODEL:?name the quantised build that you tested}' : shapeOf(input.model, input).name;
  const eight = option.precision === 'bits8';
  const smallCache = input.cache_precision === 'bits8';
  switch (engine) {
    case 'vllm': return ['--model', model, '--tensor-parallel-size', `${span}`, '--max-model-len', `${context}`, '--max-num-seqs', `${sequences}`, '--gpu-memory-utilization', '0.9', '--enable-prefix-caching', ...(eight ? ['--quantization', 'fp8'] : []), ...(smallCache ? ['--kv-cache-dtype', 'fp8'] : []), '--port', '8000'];
    case 'sglang': return ['python3', '-m', 'sglang.launch_server', '--model-path', model, '--tp', `${span}`, '--context-length', `${context}`, '--max-running-requests', `${sequences}`, '--mem-fraction-static', '0.9', ...(eight ? ['--quantization', 'fp8'] : []), ...(smallCache ? ['--kv-cache-dtype', 'fp8_e5m2'] : []), '--host', '0.0.0.0', '--port', '8000'];
    case 'tensorrt_llm': return ['trtllm-serve', model, '--tp_size', `${span}`, '--max_seq_len', `${context}`, '--max_batch_size', `${sequences}`, '--kv_cache_free_gpu_memory_fraction', '0.9', '--host', '0.0.0.0', '--port', '8000'];
    case 'llama_cpp': return ['-m', '/models/model.gguf', '--ctx-size', `${context * sequences}`, '--parallel', `${sequences}`, '--n-gpu-layers', '999', ...(smallCache ? ['--cache-type-k', 'q8_0', '--cache-type-v', 'q8_0'] : []), '--host', '0.0.0.0', '--port', '8000'];
  }
}

/** What has to be there before it starts; the precision asks for other weights. */
export function weightsNote(engine: Engine, precision: Precision): string {
  if (engine === 'llama_cpp') return `Put a GGUF file of this model at ./models/model.gguf (${precision === 'bits16' ? 'F16' : precision === 'bits8' ? 'Q8_0' : 'Q4_K_M'}); tags of this image begin with server-cuda.`;
  if (ownBuild(engine, precision)) return `MODEL names ${precision === 'bits4' ? 'a 4-bit build (AWQ or GPTQ)' : 'an FP8 build'} of this model; the engine reads its format from the files.`;
  return precision === 'bits8' ? 'The 16-bit weights are quantised to FP8 when the engine starts.' : 'The 16-bit weights are used as they are.';
}

export function composeFile(engine: Engine, input: ServingDesignerInput, option: Option): YamlValue {
  const folder = engine === 'llama_cpp' ? './models:/models:ro' : 'weights:/root/.cache/huggingface';
  return {
    services: {
      model: {
        image: `${IMAGES[engine]}:\${ENGINE_TAG:?set the version that you tested}`, command: command(engine, input, option), restart: 'unless-stopped', init: true, stop_grace_period: '2m',
        ports: ['127.0.0.1:8000:8000'], ...(engine === 'llama_cpp' ? {} : { environment: { HF_TOKEN: '${HF_TOKEN:-}' }, shm_size: '16gb' }), volumes: [folder],
        healthcheck: { test: ['CMD-SHELL', 'curl -fsS http://127.0.0.1:8000/health || exit 1'], interval: '15s', timeout: '5s', retries: 3, start_period: '10m' },
        deploy: { resources: { reservations: { devices: [{ driver: 'nvidia', count: option.span ?? 1, capabilities: ['gpu'] }] } } },
      },
    },
    ...(engine === 'llama_cpp' ? {} : { volumes: { weights: {} } }),
  };
}
export const composeText = (engine: Engine, input: ServingDesignerInput, option: Option): string => toYaml(composeFile(engine, input, option), `One replica: ${ENGINE_LABELS[engine]} on ${option.span === 1 ? 'one device' : `${option.span ?? 1} devices`}. ${weightsNote(engine, option.precision)}\nStart: ENGINE_TAG=<version> ${ownBuild(engine, option.precision) ? 'MODEL=<build> ' : ''}docker compose up -d`);

/** Rates of an open load test for one replica, in requests a minute: steps over the planned goodput, then 70 % of it for long. */
export function rates(option: Option): { steps: number[]; soak: number; users: number } {
  const aMinute = figureOf(option, 'goodput') * 60;
  const at = (share: number): number => Math.max(1, Math.round(aMinute * share));
  return { steps: [0.25, 0.5, 0.75, 1, 1.3].map(at), soak: at(0.7), users: Math.max(2, Math.ceil(figureOf(option, 'batch') * 2)) };
}

/** An import of the script that is written, not of this file. */
const uses = (what: string, from: string): string => ['import', what, 'from', `'${from}';`].join(' ');

export function loadTest(engine: Engine, input: ServingDesignerInput, option: Option): string {
  const { steps, soak, users } = rates(option);
  const shared = Math.round((input.prompt_tokens * input.shared_prefix_percent) / 100);
  const model = engine === 'llama_cpp' ? 'model' : shapeOf(input.model, input).name;
  return `// Open load on one replica: requests come at a rate, whether or not earlier ones are answered.
// k6 run -e BASE_URL=http://127.0.0.1:8000 loadtest.js
// Only against systems that you are allowed to load. Planned goodput of a replica: ${(figureOf(option, 'goodput')).toPrecision(3)} requests a second.
${uses('http', 'k6/http')}
${uses('{ check }', 'k6')}
${uses('{ Trend }', 'k6/metrics')}

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8000';
const MODEL = __ENV.MODEL || ${JSON.stringify(model)};
const tokensPerSecond = new Trend('answer_tokens_per_second');
const rate = (target, duration) => ({ target, duration });

export const options = {
  discardResponseBodies: false,
  scenarios: {
    smoke: { executor: 'shared-iterations', vus: 1, iterations: 20, maxDuration: '10m' },
    steps: {
      executor: 'ramping-arrival-rate', startTime: '10m', startRate: ${steps[0]}, timeUnit: '1m', preAllocatedVUs: ${users}, maxVUs: ${users * 4},
      stages: [${steps.map((step) => `rate(${step}, '30s'), rate(${step}, '3m')`).join(', ')}],
    },
    soak: { executor: 'constant-arrival-rate', startTime: '30m', rate: ${soak}, timeUnit: '1m', duration: '60m', preAllocatedVUs: ${users}, maxVUs: ${users * 4} },
  },
  thresholds: {
    'http_req_duration{scenario:soak}': ['p(95)<${Math.round(input.p95_seconds * 1000)}'],
    'http_req_failed{scenario:soak}': [{ threshold: 'rate<0.01', abortOnFail: true, delayAbortEval: '1m' }],
    dropped_iterations: ['count<1'],
  },
};

// Plain words, about one token each, in an order that differs by seed. ${shared > 0 ? `The first ${shared} are the same in every prompt, as they are in use.` : 'No part is shared.'}
const WORDS = 'time year people way day man thing woman life child world school state family student group country problem hand part place case week company system program question work night point home water room mother area money story fact month lot right study book eye job word business issue side kind head house service friend father power hour game line end member law car city name'.split(' ');
const words = (tokens, seed) => Array.from({ length: tokens }, (_, index) => WORDS[(index * 31 + seed * 17 + ((index * seed) % 13)) % WORDS.length]).join(' ');
const SHARED = words(${shared}, 1);

export default function () {
  const seed = __VU * 1000003 + __ITER;
  const body = JSON.stringify({ model: MODEL, max_tokens: ${input.answer_tokens}, temperature: 0, messages: [{ role: 'user', content: SHARED + '\\n' + words(${input.prompt_tokens - shared}, seed) }] });
  const answer = http.post(BASE_URL + '/v1/chat/completions', body, { headers: { 'Content-Type': 'application/json' }, timeout: '${Math.ceil(input.p95_seconds * 4)}s' });
  const fine = check(answer, { 'is answered': (response) => response.status === 200 });
  if (fine) tokensPerSecond.add((answer.json('usage.completion_tokens') * 1000) / answer.timings.duration);
}
`;
}
