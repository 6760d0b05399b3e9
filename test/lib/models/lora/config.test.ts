import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AutoModelForCausalLM,
  AutoModelForSequenceClassification,
  getPeftModel,
  LoraConfig,
  type LoraOptions,
  PeftModel,
  readSafetensors,
} from '../../../../lib/models/index.ts';
import { TINY } from '../../training/setup.ts';

const LLAMA = {
  model_type: 'llama',
  vocab_size: 40,
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 24,
};
const neox = AutoModelForCausalLM.fromConfig(TINY, { seed: 3 });
const llama = AutoModelForCausalLM.fromConfig(LLAMA, { seed: 3 });
const tied = AutoModelForCausalLM.fromConfig({ ...LLAMA, tie_word_embeddings: true }, { seed: 3 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-lora-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The adapted layers, without their numbers. */
function adapted(base: typeof neox, options: LoraOptions): string[] {
  const { trainable } = getPeftModel(base, new LoraConfig(options));
  const layers = trainable.filter(name => name.includes('.lora_A.')).map(name => name.split('.lora_A.')[0]!);
  return [...new Set(layers.map(name => name.replace(/\.\d+\./, '.*.')))];
}

describe('the layers that get adapters', () => {
  it('are those of PEFT for the family if nothing is said', () => {
    expect(adapted(neox, {})).toEqual(['gpt_neox.layers.*.attention.query_key_value']);
    expect(adapted(llama, {})).toEqual([
      'model.layers.*.self_attn.q_proj',
      'model.layers.*.self_attn.v_proj',
    ]);
  });

  it('are all but the head with all-linear', () => {
    expect(adapted(neox, { targetModules: 'all-linear' })).toEqual([
      'gpt_neox.layers.*.attention.query_key_value',
      'gpt_neox.layers.*.attention.dense',
      'gpt_neox.layers.*.mlp.dense_h_to_4h',
      'gpt_neox.layers.*.mlp.dense_4h_to_h',
    ]);
  });

  it('are those whose whole name matches a regular expression', () => {
    const { trainable } = getPeftModel(
      neox,
      new LoraConfig({ targetModules: '.*\\.1\\.(attention|mlp)\\.dense(_h_to_4h)?' }),
    );
    expect(trainable.map(name => name.replace('gpt_neox.layers.', ''))).toEqual([
      '1.attention.dense.lora_A.default.weight',
      '1.attention.dense.lora_B.default.weight',
      '1.mlp.dense_h_to_4h.lora_A.default.weight',
      '1.mlp.dense_h_to_4h.lora_B.default.weight',
    ]);
    expect(() => adapted(neox, { targetModules: 'dense' })).toThrow(
      'The model has no linear layer whose name is dense to adapt; it has query_key_value, dense,',
    );
    expect(() => adapted(neox, { targetModules: '(' })).toThrow('targetModules is no regular expression');
  });

  it('must be there, and not share the embedding', () => {
    expect(() => adapted(llama, { targetModules: ['q_proj', 'qkv'] })).toThrow(
      'The model has no linear layer qkv to adapt; it has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, lm_head.',
    );
    expect(() => adapted(tied, { targetModules: ['lm_head'] })).toThrow('has no linear layer lm_head');
  });
});

describe('what is trained beside the adapters', () => {
  const besides = (base: typeof neox, options: LoraOptions): string[] =>
    getPeftModel(base, new LoraConfig(options))
      .trainable.filter(name => !name.includes('.lora_'))
      .map(name => name.replace('gpt_neox.layers.', ''));

  it('are no biases, those of the adapted layers, or all', () => {
    expect(besides(neox, {})).toEqual([]);
    expect(besides(neox, { bias: 'loraOnly' })).toEqual([
      '0.attention.query_key_value.base_layer.default.bias',
      '1.attention.query_key_value.base_layer.default.bias',
    ]);
    const all = besides(neox, { bias: 'all' });
    expect(all).toHaveLength(2 * 6 + 1);
    expect(all).toContain('gpt_neox.final_layer_norm.default.bias');
    expect(all).toContain('0.attention.dense.default.bias');
  });

  it('are whole modules, the head by its own name or that of transformers 5', () => {
    expect(besides(neox, { modulesToSave: ['embed_out'] })).toEqual(['embed_out.default.weight']);
    expect(besides(neox, { modulesToSave: ['lm_head'] })).toEqual(['lm_head.default.weight']);
    expect(besides(neox, { modulesToSave: ['final_layer_norm'] })).toEqual([
      'gpt_neox.final_layer_norm.default.weight',
      'gpt_neox.final_layer_norm.default.bias',
    ]);
    expect(() => besides(neox, { modulesToSave: ['score'] })).toThrow(
      'The model has no module score to train whole; it has embed_in, input_layernorm,',
    );
    expect(() => besides(neox, { modulesToSave: ['embed_in'] })).toThrow('the embedding stays frozen');
    expect(() => besides(tied, { modulesToSave: ['lm_head'] })).toThrow('the embedding stays frozen');
  });

  it('is counted as PEFT counts', () => {
    const count = (options: LoraOptions) => getPeftModel(neox, new LoraConfig(options)).trainableParameters();
    const own = neox.numParameters();
    // A [4, 16] and B [48, 4] in each of two layers.
    const adapters = 2 * 4 * (16 + 48);
    expect(count({ r: 4 })).toMatchObject({ trainable: adapters, all: own + adapters });
    const biases = [...neox.weights].reduce(
      (n, [name, { data }]) => n + (name.endsWith('bias') ? data.length : 0),
      0,
    );
    expect(count({ r: 4, bias: 'all' })).toMatchObject({ trainable: adapters + biases, all: own + adapters });
    const head = 40 * 16;
    expect(count({ r: 4, modulesToSave: ['embed_out'] })).toMatchObject({
      trainable: adapters + head,
      all: own + adapters + head,
    });
    expect(count({ r: 4, modulesToSave: ['final_layer_norm'], bias: 'all' })).toMatchObject({
      trainable: adapters + biases + 16,
      all: own + adapters + 2 * 16,
    });
  });
});

describe('a config', () => {
  it('has the defaults of PEFT', () => {
    expect({ ...new LoraConfig() }).toEqual({
      ...{ r: 8, loraAlpha: 8, loraDropout: 0, targetModules: undefined, bias: 'none' },
      ...{ taskType: undefined, modulesToSave: [], useRslora: false },
    });
  });

  it('scales by loraAlpha / r, or by loraAlpha / √r', () => {
    expect(new LoraConfig({ r: 16, loraAlpha: 8 }).scale).toBe(0.5);
    expect(new LoraConfig({ r: 16, loraAlpha: 8, useRslora: true }).scale).toBe(2);
  });

  it.each<[LoraOptions, string]>([
    [{ r: 0 }, "LoRA's r must be a whole number from 1 on, not 0."],
    [{ r: 1.5 }, "LoRA's r must be a whole number from 1 on, not 1.5."],
    [{ loraAlpha: Number.NaN }, "LoRA's loraAlpha must be a number"],
    [{ loraDropout: 1 }, "LoRA's loraDropout must be a number from 0 to below 1, not 1."],
    [{ targetModules: [] }, "LoRA's targetModules must be the names of layers, not []."],
    [{ bias: 'lora_only' as 'none' }, 'LoRA\'s bias must be none, loraOnly, all, not "lora_only".'],
    [{ taskType: 'SEQ_2_SEQ_LM' as 'SEQ_CLS' }, "LoRA's taskType must be CAUSAL_LM or SEQ_CLS"],
  ])('%j is refused', (options, message) => {
    expect(() => new LoraConfig(options)).toThrow(message);
  });

  it('must be for the task of the model', () => {
    expect(() => getPeftModel(neox, new LoraConfig({ taskType: 'SEQ_CLS' }))).toThrow(
      'The adapter is for SEQ_CLS and the model for CAUSAL_LM.',
    );
  });
});

describe('an adapter on disk', () => {
  it('says what PEFT wants to know', async () => {
    const config = new LoraConfig({ r: 4, loraDropout: 0.1, bias: 'loraOnly', useRslora: true });
    await getPeftModel(neox, config).savePretrained(folder);
    expect(JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8'))).toEqual({
      ...{ peft_type: 'LORA', task_type: 'CAUSAL_LM', r: 4, lora_alpha: 8, lora_dropout: 0.1 },
      ...{ bias: 'lora_only', use_rslora: true, use_dora: false, fan_in_fan_out: false },
      ...{ inference_mode: true, init_lora_weights: true, modules_to_save: null },
      base_model_name_or_path: null,
      target_modules: ['gpt_neox.layers.0', 'gpt_neox.layers.1'].map(l => `${l}.attention.query_key_value`),
    });
    const stored = await readSafetensors(join(folder, 'adapter_model.safetensors'));
    expect([...stored.keys()].map(name => name.replace('base_model.model.gpt_neox.layers.', ''))).toEqual(
      expect.arrayContaining(['1.attention.query_key_value.base_layer.bias']),
    );
    const loaded = await PeftModel.fromPretrained(neox, folder);
    expect(loaded.peftConfig.default).toMatchObject({ loraDropout: 0.1, bias: 'loraOnly', useRslora: true });
  });

  it('of a classifier holds its head', async () => {
    const base = AutoModelForSequenceClassification.fromConfig(TINY, { numLabels: 3, seed: 1 });
    await getPeftModel(base, new LoraConfig()).savePretrained(folder);
    const config = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8'));
    expect(config.modules_to_save).toEqual(['classifier', 'score']);
    expect(config.task_type).toBe('SEQ_CLS');
    const stored = await readSafetensors(join(folder, 'adapter_model.safetensors'));
    expect(stored.get('base_model.model.score.weight')!.shape).toEqual([3, 16]);
    await expect(PeftModel.fromPretrained(neox, folder)).rejects.toThrow(
      'The adapter is for SEQ_CLS and the model for CAUSAL_LM.',
    );
  });

  it('of another model is refused by the name of what does not fit', async () => {
    await getPeftModel(neox, new LoraConfig({ targetModules: ['dense'] })).savePretrained(folder);
    const fails = (config: object, message: string) =>
      expect(
        PeftModel.fromPretrained(
          AutoModelForCausalLM.fromConfig({ ...TINY, ...config }, { seed: 1 }),
          folder,
        ),
      ).rejects.toThrow(message);
    await fails({ hidden_size: 32 }, 'dense.lora_A.weight in ');
    await fails(
      { hidden_size: 32 },
      'is [8, 16] where the model needs [8, 32]; the adapter belongs to another',
    );
    await fails(
      { num_hidden_layers: 3 },
      'base_model.model.gpt_neox.layers.2.attention.dense.lora_A.weight in ',
    );
    await fails({ num_hidden_layers: 3 }, 'is missing; the adapter belongs to another model.');
    await fails({ num_hidden_layers: 1 }, 'has no place in the model; the adapter belongs to another model.');
    await expect(PeftModel.fromPretrained(llama, folder)).rejects.toThrow('no linear layer dense to adapt');
  });

  it('that is cut short, or lacks a file or a setting, is refused', async () => {
    await expect(PeftModel.fromPretrained(neox, folder)).rejects.toThrow('it has no adapter_config.json.');
    await getPeftModel(neox, new LoraConfig()).savePretrained(folder);
    await truncate(join(folder, 'adapter_model.safetensors'), 3000);
    await expect(PeftModel.fromPretrained(neox, folder)).rejects.toThrow(
      'adapter_model.safetensors is cut short',
    );
    await rm(join(folder, 'adapter_model.safetensors'));
    await expect(PeftModel.fromPretrained(neox, folder)).rejects.toThrow(
      'There is no adapter_model.safetensors in',
    );
    const write = (content: unknown) =>
      writeFile(
        join(folder, 'adapter_config.json'),
        typeof content === 'string' ? content : JSON.stringify(content),
      );
    const fails = async (content: unknown, message: string) => {
      await write(content);
      await expect(PeftModel.fromPretrained(neox, folder)).rejects.toThrow(message);
    };
    await fails('{', 'adapter_config.json is not JSON (');
    await fails('[]', 'adapter_config.json holds no JSON object');
    const good = { peft_type: 'LORA', r: 8, lora_alpha: 8, target_modules: ['dense'] };
    await fails({ ...good, lora_alpha: undefined }, 'lacks lora_alpha.');
    await fails({ ...good, r: -1 }, "LoRA's r must be a whole number from 1 on, not -1.");
    await fails({ ...good, peft_type: 'IA3' }, 'peft_type is "IA3", which cannot be run.');
    await fails({ ...good, rank_pattern: { dense: 2 } }, 'rank_pattern is {"dense":2}, which cannot be run.');
    await fails({ ...good, layers_to_transform: 0 }, 'layers_to_transform is 0, which cannot be run.');
    await fails(
      { ...good, init_lora_weights: 'pissa' },
      'init_lora_weights is "pissa", which cannot be run.',
    );
    expect(() => new LoraConfig({ rank: 4 } as object)).toThrow('LoraConfig has no option "rank"');
  });
});
