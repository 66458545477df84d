import type { Formula } from '../../steps/work-out.ts';
import { MOST_SEQUENCES, PRECISIONS, SPANS, type Precision } from './sizes.ts';

/** What a service needs, as formulas of the library; GB = 10⁹ bytes. Plain data. */
const ENGINES = 'serving/inference-engines';
const QUANT = 'serving/quantization';
const LOAD = 'serving/load-testing';
const COST = 'architecture/provider-cost-model';
const BYTES = { bits16: '2', bits8: '1', bits4: '0.55' } as const;
const formula = (name: string, title: string, expression: string, unit: string, source = ENGINES): Formula => ({ name, title, expression, unit, source });

/** Variables: parameters, layers, kv_heads, head_size, kv_bytes (1 or 2), gpu_gb, prompt, answer, longest_context (tokens).
 * `longest_<precision>_<span>`: requests of the longest kind that the cache of a replica holds; below 1 = the span is too small. */
export const memoryFormulas: readonly Formula[] = [
  formula('cache_token', 'Cache of one token', '2 * layers * kv_heads * head_size * kv_bytes', 'bytes'),
  formula('cache_request', 'Cache of an average request, full at its end', 'cache_token * (prompt + answer) / 1e9', 'GB'),
  formula('longest', 'Longest request', 'max(longest_context, prompt + answer)', 'tokens'),
  formula('cache_longest', 'Cache of the longest request', 'cache_token * longest / 1e9', 'GB'),
  ...PRECISIONS.flatMap((precision) => [
    formula(`weights_${precision}`, `Weights, ${precision.slice(4)} bit`, `${BYTES[precision]} * parameters / 1e9`, 'GB', QUANT),
    ...SPANS.map((span) => formula(`longest_${precision}_${span}`, `Longest requests at once, ${precision.slice(4)} bit on ${span}`, `floor((0.9 * gpu_gb * ${span} - weights_${precision}) / cache_longest)`, 'requests')),
  ]),
];

export const optionKey = (precision: Precision, span: number): string => `${precision}_${span}`;

/** Variables beside those above and their results: bandwidth (GB/s of a device), teraflops, fresh (share of the prompt that is
 * not cached), target (s, p95 of the whole answer), peak (requests a second), mean_share (mean load through peak), price ($ a device
 * and hour). The names end in precision and span (devices of a replica), so that all options stand in one table. */
export const loadFormulas = (precision: Precision, span: number): Formula[] => {
  const at = (name: string): string => `${name}_${optionKey(precision, span)}`;
  const bits = `, ${precision.slice(4)} bit on ${span}`;
  return [
    formula(at('cache'), `Room for the cache of a replica${bits}`, `0.9 * gpu_gb * ${span} - weights_${precision}`, 'GB'),
    formula(at('slots'), `Average requests that the cache holds${bits}`, `floor(${at('cache')} / cache_request)`, 'requests'),
    formula(at('prompt_time'), `Time to read a prompt alone${bits}`, `2 * parameters * prompt * fresh / (teraflops * 1e12 * ${span} * 0.5)`, 's'),
    formula(at('alone'), `Most tokens a second of one stream${bits}`, `0.6 * bandwidth * ${span} / (weights_${precision} + cache_request)`, 'tokens/s'),
    formula(at('fixed'), `Part of the answer's time that is there at any batch${bits}`, `answer * weights_${precision} / (bandwidth * ${span} * 0.6)`, 's'),
    formula(at('each'), `Part that each request of the batch adds${bits}`, `${at('prompt_time')} + answer * cache_request / (bandwidth * ${span} * 0.6)`, 's'),
    formula(at('in_time'), `Requests at once that keep the promise${bits}`, `floor((0.7 * target - ${at('fixed')}) / ${at('each')})`, 'requests', LOAD),
    formula(at('batch'), `Requests at once${bits}`, `max(0, min(${at('slots')}, ${at('in_time')}, ${MOST_SEQUENCES}))`, 'requests'),
    formula(at('time'), `Time of an answer at that batch${bits}`, `${at('fixed')} + ${at('batch')} * ${at('each')}`, 's'),
    formula(at('goodput'), `Requests a second of a replica${bits}`, `${at('batch')} / ${at('time')}`, 'requests/s', LOAD),
    formula(at('replicas'), `Replicas at peak, one spare${bits}`, `ceil(peak / max(0.7 * ${at('goodput')}, 1e-9)) + 1`, 'replicas', LOAD),
    formula(at('devices'), `Devices in all${bits}`, `${at('replicas')} * ${span}`, 'devices', LOAD),
    formula(at('hour'), `Money an hour${bits}`, `${at('devices')} * price`, 'USD', COST),
    formula(at('thousand'), `Money for a thousand requests at mean load${bits}`, `${at('hour')} / (peak * mean_share * 3.6)`, 'USD', COST),
  ];
};
