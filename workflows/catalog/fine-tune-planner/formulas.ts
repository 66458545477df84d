import type { Formula } from '../../steps/work-out.ts';

/** What a run needs, as formulas of the library; GB = 10⁹ bytes, per device where not said otherwise. Plain data. */
export const LABELS = { full: 'full tuning', lora: 'LoRA', qlora: 'QLoRA' } as const;
const CONFIG = 'training/fine-tuning-config';
const SHARED = 'training/distributed-training';
const formula = (name: string, title: string, expression: string, unit: string, source = CONFIG): Formula => ({ name, title, expression, unit, source });

/** Variables: parameters, layers, hidden, q_width, kv_width, intermediate, vocabulary, rank, length, gpus,
 * gpu_gb. `most_…`: sequences a device holds at once; 0 or less = it does not fit. */
export const memoryFormulas = (checkpointing: boolean): Formula[] => [
  formula('lora_parameters', 'Parameters trained by LoRA on all linear layers', 'rank * layers * (2*(hidden+q_width) + 2*(hidden+kv_width) + 3*(hidden+intermediate))', 'parameters'),
  formula('states_full', 'States, full tuning', '16 * parameters / 1e9', 'GB'),
  formula('states_lora', 'States, LoRA', '(2*parameters + 16*lora_parameters) / 1e9', 'GB'),
  formula('states_qlora', 'States, QLoRA', '(0.55*parameters + 16*lora_parameters) / 1e9', 'GB'),
  formula('activations', `Activations of one sequence, ${checkpointing ? 'with' : 'without'} checkpointing`, `${checkpointing ? '(2*layers + 34)' : '34 * layers'} * length * hidden / 1e9`, 'GB'),
  formula('scores', 'Scores of the last layer for one sequence', '4 * length * vocabulary / 1e9', 'GB'),
  formula('sequence', 'One sequence in all', 'activations + scores', 'GB'),
  formula('room', 'Room on a device, a tenth kept free', '0.9 * gpu_gb', 'GB'),
  ...(['full', 'lora', 'qlora'] as const).flatMap((method) => [
    formula(`need_${method}`, `Least memory on one device, ${LABELS[method]}`, `states_${method} + sequence`, 'GB'),
    formula(`most_${method}`, `Sequences that fit beside the states, ${LABELS[method]}`, `floor((room - states_${method}) / sequence)`, 'sequences'),
    formula(`most_${method}_sharded`, `The same, states sharded over all devices, ${LABELS[method]}`, `floor((room - states_${method}/gpus) / sequence)`, 'sequences', SHARED),
  ]),
];

/** Variables beside those above: examples, example_tokens, length, epochs, micro, accumulation, teraflops, utilisation (0–1),
 * price ($ a device and hour), packed (0/1), lora_parameters. */
export const budgetFormulas = (method: keyof typeof LABELS, checkpointing: boolean): Formula[] => [
  formula('effective_batch', 'Effective batch', 'micro * accumulation * gpus', 'sequences'),
  formula('sequences', 'Sequences an epoch', 'packed * ceil(examples * min(example_tokens, length) / length) + (1 - packed) * examples', 'sequences'),
  formula('steps_an_epoch', 'Steps an epoch', 'ceil(sequences / effective_batch)', 'steps'),
  formula('steps', 'Steps in all', 'ceil(steps_an_epoch * epochs)', 'steps'),
  formula('tokens', 'Tokens seen', 'examples * min(example_tokens, length) * epochs', 'tokens'),
  formula('operations', 'Operations', `${method === 'full' ? 6 : 4} * parameters * tokens${checkpointing ? ' * 4 / 3' : ''}`, 'operations'),
  formula('hours_expected', 'Hours, expected utilisation', 'operations / (gpus * teraflops * 1e12 * utilisation) / 3600', 'hours', SHARED),
  formula('hours_low', 'Hours, a quarter better utilised', 'hours_expected / 1.25', 'hours', SHARED),
  formula('hours_high', 'Hours, half as well utilised', 'hours_expected * 2', 'hours', SHARED),
  ...(['low', 'expected', 'high'] as const).map((scenario) => formula(`cost_${scenario}`, `Money, ${scenario}, a fifth more for restarts`, `1.2 * hours_${scenario} * gpus * price`, 'USD', SHARED)),
  formula('checkpoint', 'One saved result', method === 'full' ? '2 * parameters / 1e9' : '2 * lora_parameters / 1e9', 'GB'),
];
