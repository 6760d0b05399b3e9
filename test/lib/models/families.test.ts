/** Models of each family that transformers made; `TUNELAB_PYTHON` names a Python with torch and transformers. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../../lib/generation/index.ts';
import { AutoModelForCausalLM } from '../../../lib/models/index.ts';

const PYTHON = process.env.TUNELAB_PYTHON ?? 'python3';
const missing = spawnSync(PYTHON, ['-c', 'import torch, transformers']).status !== 0;
const reason = missing ? ` (skipped: ${PYTHON} has no torch and transformers)` : '';
const SCRIPT = join(import.meta.dirname, '../../python/families.py');
/** Of the largest logit; PyTorch adds in another order. */
const CLOSE = 1e-5;

const SIZES = {
  ...{ vocab_size: 50, hidden_size: 32, num_hidden_layers: 3, num_attention_heads: 4, intermediate_size: 48 },
  ...{ max_position_embeddings: 64, initializer_range: 0.25, bos_token_id: 0, eos_token_id: 0 },
};
const NEOX = { ...SIZES, model_type: 'gpt_neox' };
const LLAMA = { ...SIZES, model_type: 'llama', num_key_value_heads: 2 };
const QWEN2 = { ...LLAMA, model_type: 'qwen2' };
const MISTRAL = { ...LLAMA, model_type: 'mistral', sliding_window: null };
const LLAMA3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 };

interface Check {
  readonly title: string;
  readonly config: object;
  readonly dtype?: 'float16' | 'bfloat16';
  /** The size of a file of weights, in bytes. */
  readonly shard?: number;
}

const CHECKS: readonly Check[] = [
  { title: 'GPT-NeoX', config: NEOX },
  { title: 'GPT-NeoX in bfloat16', config: NEOX, dtype: 'bfloat16' },
  {
    title: 'GPT-NeoX without parallel residual, in several files',
    config: { ...NEOX, use_parallel_residual: false },
    shard: 20_000,
  },
  { title: 'GPT-NeoX without biases', config: { ...NEOX, attention_bias: false } },
  { title: 'GPT-NeoX with whole heads turned', config: { ...NEOX, rotary_pct: 1, rotary_emb_base: 500 } },
  { title: 'GPT-NeoX with a tied head', config: { ...NEOX, tie_word_embeddings: true } },
  {
    title: 'GPT-NeoX with linear scaling',
    config: {
      ...NEOX,
      rope_parameters: {
        rope_type: 'linear',
        factor: 2.5,
        rope_theta: 10000,
        partial_rotary_factor: 0.5,
      },
    },
  },
  { title: 'Llama in several files of float16', config: LLAMA, dtype: 'float16', shard: 20_000 },
  { title: 'Llama with as many keys as heads', config: { ...LLAMA, num_key_value_heads: 4 } },
  { title: 'Llama with a tied head', config: { ...LLAMA, tie_word_embeddings: true, pad_token_id: 3 } },
  { title: 'Llama with biases', config: { ...LLAMA, attention_bias: true, mlp_bias: true } },
  { title: 'Llama with larger heads', config: { ...LLAMA, head_dim: 12 } },
  {
    title: 'Llama with linear scaling',
    config: { ...LLAMA, rope_parameters: { rope_type: 'linear', factor: 4, rope_theta: 10000 } },
  },
  {
    title: "Llama 3's scaling",
    config: {
      ...LLAMA,
      rope_parameters: { ...LLAMA3, rope_theta: 500, original_max_position_embeddings: 32 },
    },
  },
  {
    title: "Llama 3's scaling of the same length",
    config: { ...LLAMA, rope_parameters: { ...LLAMA3, rope_theta: 500 } },
  },
  {
    title: 'SmolLM',
    config: {
      ...{ ...LLAMA, hidden_size: 36, num_attention_heads: 9, num_key_value_heads: 3, rms_norm_eps: 1e-5 },
      ...{ tie_word_embeddings: true, rope_theta: 100_000, pad_token_id: 2 },
    },
  },
  { title: 'Qwen2', config: { ...QWEN2, use_sliding_window: false, sliding_window: 8 } },
  { title: 'Qwen2 with a tied head', config: { ...QWEN2, tie_word_embeddings: true, rope_theta: 1e6 } },
  { title: 'Mistral', config: MISTRAL },
  { title: 'Mistral with larger heads', config: { ...MISTRAL, head_dim: 16 } },
];

/** What families.py prints. */
interface Found {
  readonly logits: number[];
  readonly greedy: number[][];
  readonly tree: string;
  readonly parameters: number;
  readonly withoutEmbeddings: number;
  readonly bytes: number;
}

describe.skipIf(missing)(`what transformers made${reason}`, () => {
  const ids = [Array.from({ length: 20 }, (_, i) => (i * i * 7 + 3) % 50), [...Array(20).keys()]];
  let folder: string;
  let found: Found[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tunelab-families-'));
    const jobs = CHECKS.map(({ config, dtype = 'float32', shard = null }, i) => ({
      ...{ model: join(folder, `${i}`), config, dtype, shard, ids },
    }));
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    const { status, stdout, stderr } = spawnSync(PYTHON, [SCRIPT, folder], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    if (status !== 0) throw new Error(stderr);
    found = JSON.parse(stdout.trim().split('\n').at(-1)!);
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true }));

  it.each(CHECKS.map(({ title }, i) => [title, i] as const))(
    '%s: logits, texts, tree, counts',
    async (_, i) => {
      const model = await AutoModelForCausalLM.fromPretrained(join(folder, `${i}`));
      const theirs = found[i]!;
      const { data } = (await model.forward({ inputIds: ids })).logits;
      expect(data.length).toBe(theirs.logits.length);
      const largest = Math.max(...theirs.logits.map(Math.abs));
      const worst = Math.max(...data.map((value, at) => Math.abs(value - theirs.logits[at]!)));
      expect(worst / largest).toBeLessThan(CLOSE);
      const input = { inputIds: ids, attentionMask: ids.map(row => row.map(() => 1)) };
      expect(await generate(model, input, { maxNewTokens: 24, eosTokenId: null })).toEqual(theirs.greedy);
      expect(String(model)).toBe(theirs.tree);
      expect(model.numParameters()).toBe(theirs.parameters);
      expect(model.numParameters({ excludeEmbeddings: true })).toBe(theirs.withoutEmbeddings);
      if (CHECKS[i]!.dtype === undefined) expect(model.memoryFootprint()).toBe(theirs.bytes);
    },
  );
});
