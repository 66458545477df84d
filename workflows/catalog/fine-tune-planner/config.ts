import { ACCELERATORS, shapeOf } from '#contracts/model-shapes';
import type { ConfigProblem } from '#contracts/data-tools';
import type { YamlValue } from '#contracts/yaml';
import type { BatchPlan, Placement } from './choose.ts';
import type { FineTunePlannerInput, SettingsAnswer } from './definition.ts';
import type { Method } from './sizes.ts';

/** The configuration in the field names of each trainer, and its repair after a check. Pure. */
export type Config = Record<string, YamlValue>;
export interface Plan { method: Method; placement: Placement; batch: BatchPlan }
type Values = Omit<SettingsAnswer, 'reason'>;

/** Where to begin, from the library's table. */
export const startValues = (method: Method): Values => ({ learning_rate: method === 'full' ? 0.000_01 : 0.0002, warmup_ratio: 0.03, weight_decay: 0, lora_dropout: method === 'full' ? 0 : 0.05 });
export const heldOut = (examples: number): number => (examples < 1000 ? 0.1 : 0.05);

export function configOf(input: FineTunePlannerInput, { method, placement, batch }: Plan, values: Values): Config {
  const base = shapeOf(input.model, input).name;
  const adapter = method !== 'full';
  const bits = method === 'qlora' ? { load_in_4bit: true } : {};
  const numbers = ACCELERATORS[input.accelerator].bf16 ? { bf16: true } : { fp16: true };
  const common = { learning_rate: values.learning_rate, warmup_ratio: values.warmup_ratio, weight_decay: values.weight_decay, max_grad_norm: 1, gradient_accumulation_steps: batch.accumulation, ...numbers };
  const saving = { save_total_limit: 3, logging_steps: 1, output_dir: './out' };
  if (input.trainer === 'axolotl') return {
    base_model: base, ...bits, ...(adapter ? { adapter: method, lora_r: input.lora_rank, lora_alpha: 2 * input.lora_rank, lora_dropout: values.lora_dropout, lora_target_linear: true } : {}),
    datasets: [{ path: './data/train.jsonl', ds_type: 'json', type: { field_instruction: input.prompt_column, field_output: input.answer_column } }], dataset_prepared_path: './data/prepared', val_set_size: heldOut(input.examples_total), chat_template: 'tokenizer_default', train_on_inputs: false,
    sequence_len: input.sequence_length, sample_packing: input.packing, pad_to_sequence_len: input.packing, micro_batch_size: batch.micro, num_epochs: input.epochs, optimizer: 'adamw_torch', lr_scheduler: 'cosine', ...common,
    gradient_checkpointing: input.checkpointing, evals_per_epoch: 4, saves_per_epoch: 1, ...saving, ...(placement === 'sharded' ? { deepspeed: 'deepspeed_configs/zero3.json' } : {}), seed: 42,
  };
  const hugging = { ...common, num_train_epochs: input.epochs, per_device_train_batch_size: batch.micro, per_device_eval_batch_size: batch.micro, lr_scheduler_type: 'cosine', packing: input.packing, eval_strategy: 'steps', eval_steps: 50, ...saving };
  if (input.trainer === 'trl_peft') return {
    model_name_or_path: base, ...bits, dataset_name: './data', ...(adapter ? { use_peft: true, lora_r: input.lora_rank, lora_alpha: 2 * input.lora_rank, lora_dropout: values.lora_dropout, lora_target_modules: 'all-linear' } : {}),
    max_length: input.sequence_length, optim: 'adamw_torch', gradient_checkpointing: input.checkpointing, ...hugging, ...(placement === 'sharded' ? { deepspeed: './zero3.json' } : {}), seed: 42,
  };
  return {
    model_name: base, max_seq_length: input.sequence_length, load_in_4bit: method === 'qlora', ...(adapter ? { r: input.lora_rank, lora_alpha: 2 * input.lora_rank, lora_dropout: values.lora_dropout, target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] } : { full_finetuning: true }),
    use_gradient_checkpointing: input.checkpointing ? 'unsloth' : false, optim: 'adamw_torch', ...hugging, random_state: 42,
  };
}

/** A value of the form as YAML takes it: numbers, yes and no by their look, everything else as text. */
export function valueOf(text: string): YamlValue {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text))) return Number(text);
  return text;
}

export interface Repair { config: Config; /** the person's settings that are still as given */ own: string[]; actions: string[] }

/** One round after a check: a misspelt setting of the person gets the name that is meant, an unknown one leaves, a wrong value goes
 * back to the generated one. What the generator itself wrote is never touched: the check would have found a fault of ours. */
export function repair(config: Config, generated: Config, own: readonly string[], problems: readonly ConfigProblem[]): Repair {
  const next: Config = { ...config };
  const kept = new Set(own);
  const actions: string[] = [];
  for (const { path, message } of problems) {
    const key = path.split('/')[1] ?? '';
    if (!kept.has(key) || !(key in next)) continue;
    kept.delete(key);
    const meant = /\bIs ([a-z0-9_]+) meant\?/i.exec(message)?.[1];
    const value = next[key];
    if (!Object.hasOwn(generated, key)) delete next[key];
    else next[key] = generated[key];
    if (meant !== undefined && !kept.has(meant)) {
      next[meant] = value;
      kept.add(meant);
      actions.push(`${key} was written as ${meant}: the trainer would have passed over the other name.`);
    } else if (Object.hasOwn(generated, key)) actions.push(`${key} went back to ${String(generated[key])}. ${message}`);
    else actions.push(`${key} was left out. ${message}`);
  }
  return { config: next, own: [...kept], actions };
}
