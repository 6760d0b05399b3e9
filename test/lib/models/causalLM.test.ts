import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AutoModelForCausalLM,
  listSafetensors,
  type ModelConfig,
  readSafetensors,
  writeSafetensors,
} from '../../../lib/models/index.ts';
import { devices } from '../devices.ts';

const NEOX = {
  model_type: 'gpt_neox',
  vocab_size: 40,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
  rotary_pct: 0.5,
  initializer_range: 0.2,
};
const LLAMA = {
  model_type: 'llama',
  vocab_size: 40,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 24,
  initializer_range: 0.2,
};
const CONFIGS: readonly [string, ModelConfig][] = [
  ['GPT-NeoX', NEOX],
  ['GPT-NeoX without parallel residual', { ...NEOX, use_parallel_residual: false }],
  ['Llama', LLAMA],
  ['Llama with a tied head, as SmolLM', { ...LLAMA, tie_word_embeddings: true }],
  ['Qwen2', { ...LLAMA, model_type: 'qwen2', tie_word_embeddings: true }],
  ['Mistral', { ...LLAMA, model_type: 'mistral', sliding_window: null }],
];
const IDS = [3, 1, 4, 1, 5, 9, 2, 6];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe.each(CONFIGS)('%s', (_, config) => {
  const model = AutoModelForCausalLM.fromConfig(config, { seed: 3 });

  it.each(['float16', 'bfloat16'] as const)(
    'is half as large saved as %s, and about the same',
    async dtype => {
      await model.savePretrained(folder, { dtype });
      const stored = await listSafetensors(join(folder, 'model.safetensors'));
      expect(new Set([...stored.values()].map(tensor => tensor.dtype))).toEqual(
        new Set([dtype === 'float16' ? 'F16' : 'BF16']),
      );
      expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')).dtype).toBe(dtype);
      const loaded = await AutoModelForCausalLM.fromPretrained(folder);
      const exact = (await model.forward({ inputIds: [IDS] })).logits.data;
      const { data } = (await loaded.forward({ inputIds: [IDS] })).logits;
      const largest = Math.max(...exact.map(Math.abs));
      const far = dtype === 'float16' ? 2e-3 : 2e-2;
      expect(Math.max(...exact.map((logit, i) => Math.abs(logit - data[i]!)))).toBeLessThan(far * largest);
    },
  );

  it('is the same after saving and loading', async () => {
    await model.savePretrained(folder);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors']);
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toEqual({
      ...config,
      dtype: 'float32',
    });
    const loaded = await AutoModelForCausalLM.fromPretrained(folder);
    expect(loaded.weights).toEqual(model.weights);
    expect((await loaded.forward({ inputIds: [IDS] })).logits).toEqual(
      (await model.forward({ inputIds: [IDS] })).logits,
    );
  });

  it('never looks at later tokens', async () => {
    const whole = await model.forward({ inputIds: [IDS] });
    const start = await model.forward({ inputIds: [IDS.slice(0, 3)] });
    expectClose(whole.logits.data.subarray(0, 3 * 40), start.logits.data);
  });

  it('gives a text the same logits alone, padded on either side, and packed with another', async () => {
    const short = IDS.slice(0, 5);
    const alone = (await model.forward({ inputIds: [short] })).logits.data;
    const padded = await model.forward({
      inputIds: [
        [...short, 0, 0, 0],
        [0, 0, 0, ...short],
      ],
      attentionMask: [
        [1, 1, 1, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 1, 1, 1],
      ],
      positionIds: [
        [0, 1, 2, 3, 4, 0, 0, 0],
        [0, 0, 0, 0, 1, 2, 3, 4],
      ],
    });
    expectClose(padded.logits.data.subarray(0, 5 * 40), alone);
    expectClose(padded.logits.data.subarray(11 * 40, 16 * 40), alone);
    const packed = await model.forward({
      inputIds: [[...IDS, ...short]],
      attentionMask: [[...IDS.map(() => 1), ...short.map(() => 2)]],
      positionIds: [[...IDS.keys(), ...short.keys()]],
    });
    expectClose(packed.logits.data.subarray(8 * 40), alone);
  });

  it.skipIf(!devices.includes('webgpu'))('has the same logits and loss on webgpu', async () => {
    const onGpu = AutoModelForCausalLM.fromConfig(config, { seed: 3, device: 'webgpu' });
    const batch = { inputIds: [IDS] };
    expectClose((await onGpu.forward(batch)).logits.data, (await model.forward(batch)).logits.data);
    const labelled = { inputIds: [IDS], labels: [IDS] };
    expect((await onGpu.forward(labelled)).loss).toBeCloseTo((await model.forward(labelled)).loss!, 5);
    await onGpu.release();
  });

  it.each(devices)('runs on %s with weights that are set anew', async device => {
    const changing = AutoModelForCausalLM.fromConfig(config, { seed: 3, device });
    const other = AutoModelForCausalLM.fromConfig(config, { seed: 4, device });
    const batch = { inputIds: [IDS] };
    const logitsOf = async (one: typeof model) => (await one.forward(batch)).logits;
    const before = await logitsOf(changing);
    for (const [name, value] of other.weights) changing.weights.set(name, value);
    const after = await logitsOf(changing);
    expect(after).toEqual(await logitsOf(other));
    expect(after).not.toEqual(before);
    await changing.release();
    await other.release();
  });

  it('has the loss that its logits say', async () => {
    const labels = IDS.map((id, i) => (i === 4 ? -100 : id));
    const { logits, loss } = await model.forward({ inputIds: [IDS], labels: [labels] });
    const losses = labels.slice(1).flatMap((label, i) => {
      const row = Array.from(logits.data.subarray(i * 40, (i + 1) * 40));
      return label === -100 ? [] : [Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[label]!];
    });
    expect(losses).toHaveLength(6);
    expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 6, 5);
  });
});

describe('pythia-70m', () => {
  const model = AutoModelForCausalLM.fromConfig(
    {
      ...{ model_type: 'gpt_neox', vocab_size: 50304, hidden_size: 512, num_hidden_layers: 6 },
      ...{ num_attention_heads: 8, intermediate_size: 2048, max_position_embeddings: 2048, rotary_pct: 0.25 },
    },
    { seed: 1 },
  );

  it('has the numbers of the course', () => {
    expect(model.numParameters()).toBe(70_426_624);
    expect(model.numParameters({ excludeEmbeddings: true })).toBe(44_670_976);
    expect((model.memoryFootprint() / 1e9).toFixed(4)).toBe('0.2817');
    expect((model.memoryFootprint({ maskBuffers: true }) / 1e9).toFixed(4)).toBe('0.3069');
    expect((model.floatingPointOps(2048) * 4) / 1e9).toBe(2195.667812352);
    // The first three steps of the course: 981 tokens.
    expect(model.floatingPointOps(981)).toBe(262_933_364_736);
    expect(model.floatingPointOps({ inputIds: [Array(500).fill(0), new BigInt64Array(481)] })).toBe(
      262_933_364_736,
    );
  });

  it('is shown as PyTorch shows it', () => {
    expect(String(model)).toBe(`GPTNeoXForCausalLM(
  (gpt_neox): GPTNeoXModel(
    (embed_in): Embedding(50304, 512)
    (emb_dropout): Dropout(p=0.0, inplace=False)
    (layers): ModuleList(
      (0-5): 6 x GPTNeoXLayer(
        (input_layernorm): LayerNorm((512,), eps=1e-05, elementwise_affine=True, bias=True)
        (post_attention_layernorm): LayerNorm((512,), eps=1e-05, elementwise_affine=True, bias=True)
        (post_attention_dropout): Dropout(p=0.0, inplace=False)
        (post_mlp_dropout): Dropout(p=0.0, inplace=False)
        (attention): GPTNeoXAttention(
          (query_key_value): Linear(in_features=512, out_features=1536, bias=True)
          (dense): Linear(in_features=512, out_features=512, bias=True)
        )
        (mlp): GPTNeoXMLP(
          (dense_h_to_4h): Linear(in_features=512, out_features=2048, bias=True)
          (dense_4h_to_h): Linear(in_features=2048, out_features=512, bias=True)
          (act): GELUActivation()
        )
      )
    )
    (final_layer_norm): LayerNorm((512,), eps=1e-05, elementwise_affine=True, bias=True)
    (rotary_emb): GPTNeoXRotaryEmbedding()
  )
  (lm_head): Linear(in_features=512, out_features=50304, bias=False)
)`);
  });
});

describe('counting', () => {
  it('counts weights that are used twice once', () => {
    const count = (config: ModelConfig) =>
      AutoModelForCausalLM.fromConfig(config, { seed: 1 }).numParameters();
    expect(count(LLAMA) - count({ ...LLAMA, tie_word_embeddings: true })).toBe(40 * 16);
  });
});

describe('a model that does not fit says so', () => {
  it.each<[string, ModelConfig, string]>([
    [
      'an unknown family',
      { model_type: 'mamba' },
      'config.json: model_type is "mamba"; "gpt_neox" and "llama" and "mistral" and "qwen2" can be run.',
    ],
    ['no family', {}, 'config.json has no model_type, so the model is not known.'],
    [
      'a missing size',
      { ...LLAMA, hidden_size: undefined },
      'config.json: hidden_size must be a whole number from 1 on, not undefined.',
    ],
    [
      'positions scaled by YaRN',
      { ...LLAMA, rope_scaling: { type: 'yarn', factor: 2 } },
      'config.json: rope_type is "yarn"; "default" and "linear" and "llama3" can be run.',
    ],
    [
      'positions scaled by the length of the text',
      { ...NEOX, rope_parameters: { rope_type: 'dynamic', factor: 2 } },
      'config.json: rope_type is "dynamic"',
    ],
    [
      'scaled positions without their factor',
      { ...LLAMA, rope_scaling: { type: 'linear' } },
      'config.json: factor must be a number, not undefined.',
    ],
    ['angles from nothing', { ...LLAMA, rope_theta: 0 }, 'config.json: rope_theta must be above 0, not 0.'],
    [
      'a part of a head that is no pairs',
      { ...NEOX, rotary_pct: 0.4 },
      'config.json: 0.4 of the 8 features of a head cannot be turned in pairs.',
    ],
    [
      'parts of heads where they are turned whole',
      { ...LLAMA, partial_rotary_factor: 0.5 },
      'config.json: partial_rotary_factor is not 1; only whole heads can be turned.',
    ],
    [
      'another activation',
      { ...NEOX, hidden_act: 'relu' },
      'config.json: hidden_act is "relu"; "gelu" can be run.',
    ],
    [
      'heads that do not divide the model',
      { ...NEOX, num_attention_heads: 3 },
      'config.json: hidden_size is 16, which num_attention_heads 3 does not divide.',
    ],
    [
      'keys that do not divide the heads',
      { ...LLAMA, num_key_value_heads: 3 },
      'config.json: num_attention_heads is 4, which num_key_value_heads 3 does not divide.',
    ],
    [
      'a sliding window of Qwen2',
      { ...LLAMA, model_type: 'qwen2', use_sliding_window: true },
      'config.json: use_sliding_window is true; only full attention can be run.',
    ],
    [
      'layers with a sliding window',
      { ...LLAMA, model_type: 'qwen2', layer_types: ['full_attention', 'sliding_attention'] },
      'config.json: a layer in layer_types is "sliding_attention"; only full attention can be run.',
    ],
    [
      'a sliding window of Mistral',
      { ...LLAMA, model_type: 'mistral', sliding_window: 16 },
      'config.json: sliding_window is 16; only full attention can be run.',
    ],
    [
      'the sliding window that Mistral has by itself',
      { ...LLAMA, model_type: 'mistral' },
      'config.json: sliding_window is 4096; only full attention can be run.',
    ],
    [
      'weights that are stored quantised',
      { ...LLAMA, quantization_config: { quant_method: 'gptq', bits: 4 } },
      'config.json: the weights are stored quantised (quantization_config: "gptq"), which cannot be read',
    ],
  ])('%s', (_, config, message) => {
    expect(() => AutoModelForCausalLM.fromConfig(config, { seed: 1 })).toThrow(message);
  });

  it('a row that is longer than it takes, padding not counted', async () => {
    const four = { ...LLAMA, max_position_embeddings: 4 };
    const model = AutoModelForCausalLM.fromConfig(four, { seed: 1 });
    const rows = [
      [1, 2, 3, 4, 0],
      [1, 2, 3, 4, 5],
    ];
    const masked = (last: number) => ({
      inputIds: rows,
      attentionMask: rows.map((row, i) => row.map((_, at) => (at < 4 || i === last ? 1 : 0))),
    });
    await expect(model.forward(masked(1))).rejects.toThrow(
      'Row 1 of inputIds is 5 tokens long and the model takes 4 at most; cut it with tokenizer(text, { truncation: true, maxLength: 4 }).',
    );
    expect((await model.forward(masked(2))).logits.shape).toEqual([2, 5, 40]);
    const positionIds = [[0, 1, 2, 0, 1]];
    const packed = { inputIds: rows.slice(1), attentionMask: [[1, 1, 1, 2, 2]], positionIds };
    expect((await model.forward(packed)).logits.shape).toEqual([1, 5, 40]);

    const slowed = { ...four, rope_scaling: { type: 'linear', factor: 2 } };
    const { logits } = await AutoModelForCausalLM.fromConfig(slowed, { seed: 1 }).forward({ inputIds: rows });
    expect(logits.shape).toEqual([2, 5, 40]);
  });

  it('an option that there is not', async () => {
    const options = { torch_dtype: 'float16' };
    await expect(AutoModelForCausalLM.fromPretrained('tunelab-base', options as object)).rejects.toThrow(
      'AutoModelForCausalLM.fromPretrained has no option "torch_dtype"; the nearest is dtype; there are device,',
    );
  });

  it('a dtype that there is not', async () => {
    const model = AutoModelForCausalLM.fromConfig(LLAMA, { seed: 1 });
    await expect(model.savePretrained(folder, { dtype: 'int8' as 'float16' })).rejects.toThrow(
      'dtype must be one of float32, float16, bfloat16, not "int8".',
    );
    expect(await readdir(folder)).toEqual([]);
    const make = (dtype: string) =>
      AutoModelForCausalLM.fromConfig(LLAMA, { seed: 1, dtype: dtype as 'float16' });
    expect(() => make('bfloat16')).toThrow(
      "dtype must be 'float32' or 'float16': no engine here computes in bfloat16. Weights that are stored so are read.",
    );
    expect(() => make('fp16')).toThrow(`dtype must be 'float32' or 'float16', not "fp16".`);
  });

  it('a batch of uneven rows, of unknown tokens, or without anything to predict', async () => {
    const model = AutoModelForCausalLM.fromConfig(LLAMA, { seed: 1 });
    const fails = (batch: Parameters<typeof model.forward>[0], message: string) =>
      expect(model.forward(batch)).rejects.toThrow(message);
    await fails(
      { inputIds: [[1, 2], [3]] },
      'Row 1 of inputIds has 1 entries and the batch is 2 wide; pad it.',
    );
    await fails(
      { inputIds: [[1, 40]] },
      "inputIds has 40, and the model's token ids go from 0 to 39; use its own tokenizer.",
    );
    await fails(
      { inputIds: [[1, 2]], labels: [[1, 40]] },
      "labels has 40, and the model's token ids go from 0 to 39; use its own tokenizer.",
    );
    await fails({ inputIds: [[1, 2]], labels: [[1, -1]] }, 'labels has -1, and');
    await fails({ inputIds: [] }, 'inputIds has no tokens.');
    await fails({ inputIds: [[1, 2]], attentionMask: [[1]] }, 'Row 0 of attentionMask has 1 entries');
    await fails(
      { inputIds: [[1, 2]], labels: [[1, -100]] },
      'No position of the batch has a label to predict.',
    );
  });

  it('a folder without weights, a weight of another shape, a weight that is not there', async () => {
    const none = join(folder, 'none');
    await expect(AutoModelForCausalLM.fromPretrained(none)).rejects.toThrow(`There is no folder ${none}.`);
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow('it has no config.json');
    await writeFile(join(folder, 'config.json'), JSON.stringify(LLAMA));
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow(
      `There is no model.safetensors and no model.safetensors.index.json in ${folder}.`,
    );
    const model = AutoModelForCausalLM.fromConfig({ ...LLAMA, intermediate_size: 20 }, { seed: 1 });
    await writeSafetensors(join(folder, 'model.safetensors'), model.weights);
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow(
      'model.layers.0.mlp.gate_proj.weight in model.safetensors has shape [20, 16] where config.json asks for [24, 16].',
    );
    await writeSafetensors(join(folder, 'model.safetensors'), new Map([...model.weights].slice(1)));
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow(
      'has no tensor model.embed_tokens.weight.',
    );
  });
});

describe('weights in several files', () => {
  const model = AutoModelForCausalLM.fromConfig(LLAMA, { seed: 1 });

  beforeEach(async () => {
    await model.savePretrained(folder);
    const weights = [...(await readSafetensors(join(folder, 'model.safetensors')))];
    await rm(join(folder, 'model.safetensors'));
    const map: Record<string, string> = {};
    for (const [i, part] of [weights.slice(0, 5), weights.slice(5)].entries()) {
      await writeSafetensors(join(folder, `part-${i}.safetensors`), new Map(part));
      for (const [name] of part) map[name] = `part-${i}.safetensors`;
    }
    await writeIndex(map);
  });

  const writeIndex = (map: Record<string, string>): Promise<void> =>
    writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));

  it('are put together', async () => {
    expect((await AutoModelForCausalLM.fromPretrained(folder)).weights).toEqual(model.weights);
  });

  it('are not read from outside the folder', async () => {
    await writeIndex(
      Object.fromEntries([...model.weights.keys()].map(name => [name, '../secret.safetensors'])),
    );
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow(
      'is no safetensors file of its folder',
    );
  });

  it('say which one is missing', async () => {
    await rm(join(folder, 'part-1.safetensors'));
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow(
      `model.safetensors.index.json names part-1.safetensors, which ${folder} has not. Download or copy it again.`,
    );
    await writeFile(join(folder, 'model.safetensors.index.json'), '[]');
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow('holds no JSON object');
  });
});

function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
}
