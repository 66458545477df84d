import type { CONFIG_SCHEMAS } from '#contracts/data-tools.schema';

/** Small schemas of the configurations that workflows write. They know the fields that matter; what they do not know is a
 * warning, not an error. */
type Schema = Record<string, unknown>;
const text = { type: 'string', minLength: 1 };
const positive = { type: 'integer', minimum: 1 };
const rate = { type: 'number', exclusiveMinimum: 0, maximum: 1 };
const share = { type: 'number', minimum: 0, maximum: 1 };
const flag = { type: 'boolean' };
const texts = { type: 'array', items: text };

const finetune: Schema = {
  type: 'object',
  anyOf: [{ required: ['base_model'] }, { required: ['model_name'] }, { required: ['base_model_name_or_path'] }, { required: ['model_name_or_path'] }],
  properties: {
    base_model: text, model_name: text, base_model_name_or_path: text, model_name_or_path: text, model_type: text, tokenizer_type: text, trust_remote_code: flag, revision: text,
    load_in_8bit: flag, load_in_4bit: flag, strict: flag, bnb_4bit_quant_type: { enum: ['nf4', 'fp4'] }, bnb_4bit_compute_dtype: text, bnb_4bit_use_double_quant: flag, full_finetuning: flag,
    datasets: { type: 'array', minItems: 1, items: { type: 'object', required: ['path'], properties: { path: text, name: text, type: { type: ['string', 'object'] }, split: text, ds_type: text, data_files: {}, field_messages: text, chat_template: text } } },
    test_datasets: { type: 'array' }, dataset: {}, dataset_name: text, dataset_prepared_path: { type: ['string', 'null'] }, val_set_size: { type: 'number', minimum: 0 }, chat_template: text, train_on_inputs: flag, dataset_text_field: text, output_dir: text, hub_model_id: text,
    adapter: { enum: ['lora', 'qlora', 'dora', 'ia3', 'prefix', 'prompt', '', null] }, peft_type: { enum: ['LORA', 'ADALORA', 'IA3', 'PREFIX_TUNING', 'PROMPT_TUNING', 'P_TUNING'] }, task_type: { enum: ['CAUSAL_LM', 'SEQ_CLS', 'SEQ_2_SEQ_LM', 'TOKEN_CLS', 'QUESTION_ANS', 'FEATURE_EXTRACTION'] }, peft_use_dora: flag, use_dora: flag, use_rslora: flag, inference_mode: flag,
    lora_r: { ...positive, maximum: 1024 }, r: { ...positive, maximum: 1024 }, lora_alpha: { type: 'number', exclusiveMinimum: 0 }, lora_dropout: { type: 'number', minimum: 0, exclusiveMaximum: 1 }, lora_target_modules: { anyOf: [texts, text] }, target_modules: { anyOf: [texts, text] }, lora_target_linear: flag, lora_modules_to_save: texts, modules_to_save: texts, bias: { enum: ['none', 'all', 'lora_only'] }, lora_bias: {}, use_peft: flag,
    sequence_len: positive, max_seq_length: positive, max_length: positive, sample_packing: flag, packing: flag, eval_sample_packing: flag, pad_to_sequence_len: flag,
    gradient_accumulation_steps: positive, micro_batch_size: positive, per_device_train_batch_size: positive, per_device_eval_batch_size: positive, eval_batch_size: positive, num_epochs: { type: 'number', exclusiveMinimum: 0 }, num_train_epochs: { type: 'number', exclusiveMinimum: 0 }, max_steps: { type: 'integer', minimum: -1 },
    optimizer: text, optim: text, lr_scheduler: text, lr_scheduler_type: text, learning_rate: rate, warmup_steps: { type: 'integer', minimum: 0 }, warmup_ratio: share, weight_decay: share, max_grad_norm: { type: 'number', exclusiveMinimum: 0 }, neftune_noise_alpha: { type: 'number' }, adam_beta1: share, adam_beta2: share, adam_epsilon: { type: 'number' },
    bf16: { enum: [true, false, 'auto', 'full'] }, fp16: { enum: [true, false, null] }, tf32: flag, gradient_checkpointing: { type: ['boolean', 'string'] }, use_gradient_checkpointing: { type: ['boolean', 'string'] }, flash_attention: flag, xformers_attention: {}, sdp_attention: flag,
    logging_steps: positive, save_steps: { type: 'number' }, save_total_limit: positive, save_strategy: text, saves_per_epoch: positive, evals_per_epoch: positive, eval_steps: { type: 'number' }, eval_strategy: text, eval_table_size: {}, early_stopping_patience: {}, load_best_model_at_end: flag, metric_for_best_model: text, seed: { type: 'integer' }, random_state: { type: 'integer' }, report_to: {}, wandb_project: {}, wandb_entity: {}, wandb_name: {}, deepspeed: {}, fsdp: {}, fsdp_config: {}, special_tokens: { type: 'object' }, tokens: texts, rl: { enum: ['dpo', 'ipo', 'kto', 'orpo', 'simpo', 'grpo'] }, beta: { type: 'number' },
  },
};

const docker_compose: Schema = {
  type: 'object', required: ['services'],
  properties: {
    version: {}, name: text, networks: { type: ['object', 'null'] }, volumes: { type: ['object', 'null'] }, secrets: { type: 'object' }, configs: { type: 'object' }, include: {}, services: {
      type: 'object', minProperties: 1, additionalProperties: {
        type: 'object', anyOf: [{ required: ['image'] }, { required: ['build'] }, { required: ['extends'] }],
        properties: {
          image: text, build: { type: ['string', 'object'] }, command: { type: ['string', 'array', 'null'] }, entrypoint: { type: ['string', 'array', 'null'] }, environment: { type: ['object', 'array'] }, env_file: {}, ports: { type: 'array', items: { type: ['string', 'integer', 'object'], pattern: '^[0-9\\[${]' } }, expose: { type: 'array' }, volumes: { type: 'array' }, networks: { type: ['array', 'object'] }, depends_on: { type: ['array', 'object'] },
          restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] }, healthcheck: { type: 'object' }, deploy: { type: 'object' }, user: { type: ['string', 'integer'] }, working_dir: text, read_only: flag, cap_drop: texts, cap_add: texts, security_opt: texts, tmpfs: {}, mem_limit: {}, cpus: {}, secrets: {}, configs: {}, labels: {}, logging: {}, profiles: texts, extends: {}, container_name: text, hostname: text, init: flag, stop_grace_period: {}, ulimits: {}, shm_size: {}, platform: text, pull_policy: text, privileged: flag, extra_hosts: {}, gpus: {}, runtime: text,
        },
      },
    },
  },
};

const github_workflow: Schema = {
  type: 'object', required: ['on', 'jobs'],
  properties: {
    name: text, 'run-name': text, on: { type: ['string', 'array', 'object'] }, env: { type: 'object' }, permissions: {}, concurrency: {}, defaults: {}, jobs: {
      type: 'object', minProperties: 1, additionalProperties: {
        type: 'object', anyOf: [{ required: ['runs-on', 'steps'] }, { required: ['uses'] }],
        properties: { name: text, 'runs-on': {}, needs: {}, if: {}, env: { type: 'object' }, permissions: {}, strategy: { type: 'object' }, 'timeout-minutes': {}, services: { type: 'object' }, container: {}, outputs: {}, environment: {}, concurrency: {}, defaults: {}, 'continue-on-error': {}, uses: text, with: { type: 'object' }, secrets: {}, steps: { type: 'array', minItems: 1, items: { type: 'object', anyOf: [{ required: ['run'] }, { required: ['uses'] }], properties: { name: {}, id: text, if: {}, run: text, uses: text, with: { type: ['object', 'null'] }, env: { type: 'object' }, shell: text, 'working-directory': text, 'continue-on-error': {}, 'timeout-minutes': {} } } } },
      },
    },
  },
};

const jsonType = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };
const json_schema: Schema = {
  $id: 'urn:lint:json-schema', type: ['object', 'boolean'],
  properties: {
    type: { anyOf: [jsonType, { type: 'array', items: jsonType, minItems: 1 }] }, properties: { type: 'object', additionalProperties: { $ref: 'urn:lint:json-schema' } }, items: { $ref: 'urn:lint:json-schema' }, required: { type: 'array', items: { type: 'string' } }, enum: { type: 'array', minItems: 1 },
    minimum: { type: 'number' }, maximum: { type: 'number' }, exclusiveMinimum: { type: 'number' }, exclusiveMaximum: { type: 'number' }, multipleOf: { type: 'number', exclusiveMinimum: 0 }, minLength: { type: 'integer', minimum: 0 }, maxLength: { type: 'integer', minimum: 0 }, minItems: { type: 'integer', minimum: 0 }, maxItems: { type: 'integer', minimum: 0 }, pattern: { type: 'string' }, format: { type: 'string' }, additionalProperties: { $ref: 'urn:lint:json-schema' }, $defs: { type: 'object', additionalProperties: { $ref: 'urn:lint:json-schema' } },
    anyOf: { type: 'array', minItems: 1, items: { $ref: 'urn:lint:json-schema' } }, oneOf: { type: 'array', minItems: 1, items: { $ref: 'urn:lint:json-schema' } }, allOf: { type: 'array', minItems: 1, items: { $ref: 'urn:lint:json-schema' } }, not: { $ref: 'urn:lint:json-schema' }, $ref: { type: 'string' }, $schema: { type: 'string' }, $id: { type: 'string' }, title: { type: 'string' }, description: { type: 'string' },
  },
};

export const SCHEMAS: Readonly<Record<Exclude<(typeof CONFIG_SCHEMAS)[number], 'k6_script'>, Schema>> = { finetune, docker_compose, github_workflow, json_schema };
