/** Folders that Python reads, and folders that it wrote; `TUNELAB_PYTHON` names a Python with torch, transformers and PEFT. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AutoModelForCausalLM,
  AutoModelForSequenceClassification,
  type CausalLM,
  getPeftModel,
  LoraConfig,
  type LoraOptions,
  PeftModel,
  type SequenceClassifier,
} from '../../../lib/models/index.ts';

const PYTHON = process.env.TUNELAB_PYTHON ?? 'python3';
const missing = spawnSync(PYTHON, ['-c', 'import torch, transformers, peft']).status !== 0;
const reason = missing ? ` (skipped: ${PYTHON} has no torch, transformers and PEFT)` : '';
const SCRIPT = join(import.meta.dirname, '../../python/peers.py');
/** PyTorch adds in another order. */
const CLOSE = 2e-5;

const SIZES = { vocab_size: 40, hidden_size: 16, num_hidden_layers: 2, initializer_range: 0.2 };
const CONFIGS = {
  neox: { model_type: 'gpt_neox', ...SIZES, num_attention_heads: 2, intermediate_size: 24, rotary_pct: 0.5 },
  llama: {
    ...{
      model_type: 'llama',
      ...SIZES,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      intermediate_size: 24,
    },
    ...{ tie_word_embeddings: true, rms_norm_eps: 1e-6 },
  },
} as const;
const FULL = {
  // transformers 5 knows no defaults of these families but its own.
  neox: { ...CONFIGS.neox, hidden_act: 'gelu', max_position_embeddings: 64, layer_norm_eps: 1e-5 },
  llama: { ...CONFIGS.llama, hidden_act: 'silu', max_position_embeddings: 64 },
};
const IDS = [
  [3, 1, 4, 1, 5, 9],
  [2, 6, 5, 0, 0, 0],
];
const MASK = [
  [1, 1, 1, 1, 1, 1],
  [1, 1, 1, 0, 0, 0],
];

type Task = 'CAUSAL_LM' | 'SEQ_CLS';

interface Check {
  readonly title: string;
  readonly task: Task;
  readonly kind: keyof typeof FULL;
  /** The adapter that is written here. */
  readonly ours?: LoraOptions;
  /** The settings of one that Python writes. */
  readonly theirs?: object;
}

const CHECKS: readonly Check[] = (['neox', 'llama'] as const).flatMap(kind => {
  const head = kind === 'neox' ? ['lm_head'] : ['norm'];
  const both = (title: string, task: Task, ours: LoraOptions, theirs: object): Check[] => [
    { title: `${kind}: our adapter, ${title}`, task, kind, ours },
    { title: `${kind}: PEFT's adapter, ${title}`, task, kind, theirs },
  ];
  return [
    { title: `${kind}: our model`, task: 'CAUSAL_LM', kind },
    { title: `${kind}: our classifier`, task: 'SEQ_CLS', kind },
    ...both('with the defaults', 'CAUSAL_LM', {}, {}),
    ...both(
      'of all linear layers',
      'CAUSAL_LM',
      { r: 4, targetModules: 'all-linear', useRslora: true },
      { r: 4, target_modules: 'all-linear', use_rslora: true },
    ),
    ...both('with all biases', 'CAUSAL_LM', { r: 2, bias: 'all' }, { r: 2, bias: 'all' }),
    ...both(
      'with the biases of its layers, and a whole module',
      'CAUSAL_LM',
      { bias: 'loraOnly', modulesToSave: head },
      { bias: 'lora_only', modules_to_save: head },
    ),
    ...both(
      'by a regular expression',
      'CAUSAL_LM',
      { targetModules: '.*\\.1\\.(mlp|self_attn|attention)\\.\\w+' },
      { target_modules: '.*\\.1\\.(mlp|self_attn|attention)\\.\\w+(proj|value|dense|h)' },
    ),
    ...both(
      'of a classifier',
      'SEQ_CLS',
      { r: 16, loraAlpha: 8, loraDropout: 0.05 },
      { r: 16, lora_dropout: 0.05 },
    ),
  ] satisfies Check[];
});

describe.skipIf(missing)(`transformers and PEFT${reason}`, () => {
  let folder: string;
  let theirs: number[][];
  const models = new Map<string, CausalLM | SequenceClassifier>();
  const ours: (CausalLM | SequenceClassifier)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tunelab-python-'));
    for (const kind of ['neox', 'llama'] as const) {
      models.set(`${kind} CAUSAL_LM`, AutoModelForCausalLM.fromConfig(FULL[kind], { seed: 3 }));
      models.set(
        `${kind} SEQ_CLS`,
        AutoModelForSequenceClassification.fromConfig(FULL[kind], { numLabels: 4, padTokenId: 0, seed: 3 }),
      );
    }
    for (const [name, model] of models) await model.savePretrained(join(folder, name));
    const jobs: object[] = [];
    for (const [i, { task, kind, ours: options, theirs: lora }] of CHECKS.entries()) {
      const base = models.get(`${kind} ${task}`)!;
      const adapter = options || lora ? join(folder, `adapter ${i}`) : null;
      jobs.push({ model: join(folder, `${kind} ${task}`), task, adapter, lora, ids: IDS, mask: MASK });
      if (options === undefined) continue;
      const model = getPeftModel(base, new LoraConfig(options));
      for (const name of model.trainable) {
        const { shape, data } = model.weights.get(name)!;
        const changed = data.map((value, at) => value + Math.sin(at + 1) / 4);
        model.weights.set(name, { dtype: 'float32', shape, data: changed });
      }
      await model.savePretrained(adapter!);
      ours[i] = model;
    }
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT, folder], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    if (status !== 0) throw new Error(stderr);
    theirs = JSON.parse(stdout.trim().split('\n').at(-1)!);
    for (const [i, { task, kind, theirs: lora }] of CHECKS.entries()) {
      const base = models.get(`${kind} ${task}`)!;
      if (lora) ours[i] = await PeftModel.fromPretrained(base, join(folder, `adapter ${i}`));
      else ours[i] ??= base;
    }
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true }));

  it.each(CHECKS.map(({ title }, i) => [title, i] as const))('%s: the same logits', async (_, i) => {
    const model = ours[i]!;
    const { logits } = await model.forward({ inputIds: IDS, attentionMask: MASK });
    expect(logits.data.length).toBe(theirs[i]!.length);
    const size = logits.shape.at(-1)!;
    // What stands at padding is of no interest to anybody.
    const real = CHECKS[i]!.task === 'SEQ_CLS' ? [1, 1] : MASK.flat();
    const worst = Math.max(
      ...logits.data.map((value, at) =>
        real[Math.floor(at / size)] ? Math.abs(value - theirs[i]![at]!) : 0,
      ),
    );
    expect(worst).toBeLessThan(CLOSE);
    const { kind, task } = CHECKS[i]!;
    const base = models.get(`${kind} ${task}`)!;
    if (model === base) return;
    const before = (await base.forward({ inputIds: IDS, attentionMask: MASK })).logits.data;
    expect(Math.max(...logits.data.map((value, at) => Math.abs(value - before[at]!)))).toBeGreaterThan(0.05);
  });
});
