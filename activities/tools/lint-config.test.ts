import { describe, expect, it } from 'vitest';
import type { LintConfigData } from '#contracts/data-tools';
import { createLintConfig } from './lint-config.ts';
import { runTool } from './tool.ts';

const lint = async (args: object) => (await runTool(createLintConfig(), args, { signal: new AbortController().signal, capabilities: { tools: ['lint_config'], hosts: null } })).data as LintConfigData;
const told = ({ problems }: LintConfigData) => problems.map(({ line, severity, path, message }) => `${line} ${severity} ${path} ${message}`);
const GOOD = 'base_model: org/model\nload_in_4bit: true\nadapter: qlora\nlora_r: 16\nlora_alpha: 32\nlora_dropout: 0.05\ndatasets:\n  - path: data.jsonl\n    type: chat_template\nsequence_len: 2048\nmicro_batch_size: 2\ngradient_accumulation_steps: 4\nnum_epochs: 3\nlearning_rate: 0.0002\noutput_dir: ./out\n';

describe('lint_config', { timeout: 30_000 }, () => {
  it('a good fine-tuning configuration passes; PEFT style too', async () => {
    expect(await lint({ format: 'yaml', text: GOOD, schema: 'finetune' })).toMatchObject({ valid: true, problems: [], keys: expect.arrayContaining(['lora_r']) });
    expect(await lint({ format: 'json', text: '{"base_model_name_or_path": "a/b", "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"], "bias": "none"}', schema: 'finetune' })).toMatchObject({ valid: true, problems: [] });
  });

  it('says in which line what is wrong', async () => {
    const bad = GOOD.replace('lora_r: 16', 'lora_r: -1').replace('load_in_4bit: true', 'load_in_4bits: true').replace('learning_rate: 0.0002', 'learning_rate: 2e-4').replace('base_model: org/model', 'model: org/model').replace('  - path: data.jsonl\n    type', '  - type');
    const data = await lint({ format: 'yaml', text: bad, schema: 'finetune' });
    expect(data.valid).toBe(false);
    expect(told(data)).toEqual([
      expect.stringMatching(/^1 error {2}the file fits none/), expect.stringMatching(/^4 error \/lora_r lora_r: .*-1/), expect.stringMatching(/^8 error \/datasets\/0 0: .*"path"/),
      expect.stringMatching(/^1 warning \/model model is not a field/), '2 warning /load_in_4bits load_in_4bits is not a field this check knows. Is load_in_4bit meant?', '3 warning /adapter qlora trains on a model loaded in 4 bit: set load_in_4bit: true.', '13 warning  Many readers (YAML 1.1, PyYAML) take 2e-4 for text, because it has no dot. Write 2.0e-4.',
    ]);
  });

  it('compose files, actions and JSON schemas', async () => {
    expect(await lint({ format: 'yaml', schema: 'docker_compose', text: 'services:\n  web:\n    image: nginx\n    ports: ["8080:80"]\n    restart: unless-stopped\nvolumes:\n  data:\n' })).toMatchObject({ valid: true, problems: [] });
    expect(told(await lint({ format: 'yaml', schema: 'docker_compose', text: 'services:\n  web:\n    imge: nginx\n  db:\n    image: pg\n    restart: sometimes\n' }))).toEqual([expect.stringMatching(/^2 error \/services\/web/), expect.stringMatching(/^6 error \/services\/db\/restart/), '3 warning /services/web/imge imge is not a field this check knows. Is image meant?']);
    expect(await lint({ format: 'yaml', schema: 'github_workflow', text: 'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm test\n' })).toMatchObject({ valid: true, problems: [] });
    expect(await lint({ format: 'json', schema: 'json_schema', text: '{"type":"object","properties":{"a":{"type":"strin"}}}' })).toMatchObject({ valid: false });
    expect(await lint({ format: 'json', schema: 'json_schema', text: '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}' })).toMatchObject({ valid: true, problems: [] });
  });

  it('syntax errors, bombs and depth end in a line', async () => {
    expect(told(await lint({ format: 'json', text: '{\n  "a": 1,\n}' }))).toEqual([expect.stringMatching(/^3 error {2}/)]);
    expect((await lint({ format: 'yaml', text: 'a: 1\na: 2\n' })).problems[0]).toMatchObject({ line: 2, severity: 'error' });
    expect((await lint({ format: 'yaml', text: 'a: [1\nb: 2' })).valid).toBe(false);
    const bomb = Array.from({ length: 12 }, (_, index) => `a${index}: &a${index} [${Array.from({ length: 9 }, () => (index === 0 ? '"x"' : `*a${index - 1}`)).join(', ')}]`).join('\n');
    expect((await lint({ format: 'yaml', text: bomb })).problems[0]).toMatchObject({ severity: 'error', message: expect.stringMatching(/alias/i) });
    expect((await lint({ format: 'yaml', text: '['.repeat(20_000) })).valid).toBe(false);
  });

  it('a k6 script is parsed, never run', async () => {
    const good = "import http from 'k6/http';\nimport { check } from 'k6';\nexport const options = { vus: 2, duration: '10s' };\nexport default function () {\n  check(http.get('http://test.local'), { ok: (r) => r.status === 200 });\n}\n";
    expect(await lint({ format: 'javascript', schema: 'k6_script', text: good })).toEqual({ valid: true, problems: [], keys: [] });
    expect(told(await lint({ format: 'javascript', schema: 'k6_script', text: good.replace('{ vus: 2', '{ vus 2') }))).toEqual([expect.stringMatching(/^3 error {2}SyntaxError/)]);
    expect(told(await lint({ format: 'javascript', schema: 'k6_script', text: "import fs from 'fs';\nconst x = 1;\n" }))).toEqual([expect.stringMatching(/^1 error {2}A k6 script exports/), expect.stringMatching(/^1 error {2}k6 has no Node/), expect.stringMatching(/^1 warning/)]);
  });
});
