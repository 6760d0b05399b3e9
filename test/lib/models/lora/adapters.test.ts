import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { grad, graph } from '../../../../lib/graph/index.ts';
import {
  AutoModelForCausalLM,
  batchTensors,
  getPeftModel,
  LoraConfig,
  labelTensors,
  PeftModel,
} from '../../../../lib/models/index.ts';
import { adamW, packMicroBatches, TrainingStep } from '../../../../lib/training/index.ts';
import { stepOf, TINY } from '../../training/setup.ts';

const IDS = [3, 1, 4, 1, 5, 9, 2, 6];
const OTHER = [2, 7, 1, 8, 2, 8, 1, 8];
const base = AutoModelForCausalLM.fromConfig(TINY, { seed: 3 });
const config = new LoraConfig({ r: 4, loraAlpha: 16, targetModules: 'all-linear' });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-lora-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function train(model: PeftModel, ids: readonly number[], steps = 25): Promise<void> {
  const step = await stepOf(model, adamW({ weightDecay: 0 }), 1);
  const batch = packMicroBatches([[{ inputIds: ids }]], 'tokens', 40);
  for (let i = 0; i < steps; i++) await step.run(batch, 0.02);
  await step.release();
}

const lossOf = async (model: typeof base, ids: readonly number[]): Promise<number> =>
  (await model.forward({ inputIds: [ids], labels: [ids] })).loss!;

describe('two adapters on one model', () => {
  it('learn apart, are switched, switched off, saved and loaded', async () => {
    const model = getPeftModel(base, config);
    model.addAdapter('other', config, { seed: 7 });
    expect(model.activeAdapter).toBe('default');
    const before = [await lossOf(base, IDS), await lossOf(base, OTHER)] as const;
    await train(model, IDS);
    model.setAdapter('other');
    expect(await lossOf(model, IDS)).toBeCloseTo(before[0], 5);
    await train(model, OTHER);
    expect(await lossOf(model, OTHER)).toBeLessThan(before[1] / 2);
    expect(await lossOf(model, IDS)).toBeGreaterThan(before[0] / 2);
    model.setAdapter('default');
    expect(await lossOf(model, IDS)).toBeLessThan(before[0] / 2);
    expect(await lossOf(model, OTHER)).toBeGreaterThan(before[1] / 2);
    model.disableAdapter();
    expect(model.trainable).toEqual([]);
    expect(await lossOf(model, IDS)).toBeCloseTo(before[0], 5);

    await model.savePretrained(folder);
    const loaded = await PeftModel.fromPretrained(base, folder);
    await loaded.loadAdapter(join(folder, 'other'), 'other');
    for (const name of ['default', 'other']) {
      for (const one of [model, loaded]) one.setAdapter(name);
      expect((await loaded.forward({ inputIds: [IDS] })).logits).toEqual(
        (await model.forward({ inputIds: [IDS] })).logits,
      );
    }
    expect(loaded.mergeAndUnload().weights).toEqual(model.mergeAndUnload().weights);
  });

  it('are asked for by name', async () => {
    const model = getPeftModel(base, config);
    expect(() => model.setAdapter('other')).toThrow('The model has no adapter other; it has default.');
    expect(() => model.addAdapter('default', config)).toThrow('The model has an adapter default already.');
    expect(() => model.addAdapter('a/b', config)).toThrow('letters, digits, _ and - only, not "a/b".');
    expect(() => getPeftModel(base, { r: 8 } as LoraConfig)).toThrow(
      'An adapter needs new LoraConfig({ … })',
    );
    expect(() => getPeftModel(model, config)).toThrow('The model has adapters already; use its addAdapter');
  });
});

describe('an adapter', () => {
  it('begins with the same numbers from the same seed: A uniform up to 1 / √inputs, B zeros', () => {
    const [a, b, c] = [1, 1, 2].map(seed => getPeftModel(base, config, { seed }));
    const name = 'gpt_neox.layers.0.mlp.dense_4h_to_h.lora_A.default.weight';
    const numbers = a!.weights.get(name)!.data;
    expect(b!.weights.get(name)!.data).toEqual(numbers);
    expect(c!.weights.get(name)!.data).not.toEqual(numbers);
    const limit = 1 / Math.sqrt(24);
    expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(Math.max(...numbers)).toBeGreaterThan(0.8 * limit);
    expect(Math.min(...numbers)).toBeLessThan(-0.8 * limit);
    expect(a!.weights.get(name.replace('lora_A', 'lora_B'))!.data.every(value => value === 0)).toBe(true);
  });

  it('is trained without computing gradients of the weights beside it, or of layers before it', () => {
    /** The shapes of the matrix products that gradients take beside the forward pass. */
    const products = (model: typeof base): string[] => {
      const layers = model.layers();
      const loss = model.lossOf(layers, batchTensors(), labelTensors());
      const forward = new Set(graph({ loss }).nodes);
      const gradients = grad(loss, model.trainable.map(layers.parameter));
      const { nodes } = graph(Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient])));
      const backward = nodes.filter(node => node.operator === 'matmul' && !forward.has(node));
      return backward.map(({ shape }) => shape.join());
    };
    const last = new LoraConfig({ r: 2, targetModules: '.*\\.1\\.mlp\\.dense_4h_to_h' });
    // What reaches the layer's output by way of the head, and of B and A, and their own gradients.
    expect(products(getPeftModel(base, last)).sort()).toEqual(
      ['16,2', '2,24', 'labelled,16', 'batch*seq,2'].sort(),
    );
    expect(products(base)).toContain('16,24');
  });

  it('trains biases and whole modules in copies, and merges them', async () => {
    const model = getPeftModel(
      base,
      new LoraConfig({ r: 2, bias: 'all', modulesToSave: ['embed_out', 'final_layer_norm'] }),
    );
    const frozen = new Map([...base.weights].map(([name, { data }]) => [name, data.slice()]));
    await train(model, IDS);
    const merged = model.mergeAndUnload();
    for (const [name, data] of frozen) {
      expect(base.weights.get(name)!.data, name).toEqual(data);
      expect(model.weights.get(name)!.data, name).toEqual(data);
      const changes = /bias$|query_key_value|embed_out|final_layer_norm/.test(name);
      if (changes) expect(merged.weights.get(name)!.data, name).not.toEqual(data);
      else expect(merged.weights.get(name)!.data, name).toEqual(data);
    }
    expect(await lossOf(merged, IDS)).toBeCloseTo(await lossOf(model, IDS), 5);
    await model.savePretrained(folder);
    const loaded = await PeftModel.fromPretrained(base, folder);
    expect(loaded.weights).toEqual(model.weights);
  });

  it('leaves inputs out while training, and at no other time', async () => {
    const model = getPeftModel(base, new LoraConfig({ ...config, loraDropout: 0.5 }));
    await train(model, IDS, 10);
    const losses = async (training: boolean): Promise<number[]> => {
      const layers = model.layers({ training });
      const step = await TrainingStep.create({
        loss: model.lossOf(layers, batchTensors(), labelTensors()),
        parameters: new Map(model.trainable.map(name => [name, layers.parameter(name)])),
        weights: model.weights,
        optimizer: adamW({ weightDecay: 0 }),
        maxGradNorm: 0,
      });
      const batch = packMicroBatches([[{ inputIds: IDS }]], 'tokens', 40);
      const found = [(await step.run(batch, 0)).loss, (await step.run(batch, 0)).loss];
      await step.release();
      return found;
    };
    const [first, second] = await losses(true);
    expect(first).not.toBe(second);
    const [third, fourth] = await losses(false);
    expect(third).toBe(fourth);
    expect(third).toBeCloseTo(await lossOf(model, IDS), 5);
  });

  it.each(['int8', 'int4'] as const)(
    'is trained beside a base of %s as the model runs',
    async quantization => {
      const small = AutoModelForCausalLM.fromConfig(TINY, { seed: 3, quantization });
      const model = getPeftModel(small, config);
      const layers = model.layers({ training: true });
      const step = await TrainingStep.create({
        loss: model.lossOf(layers, batchTensors(), labelTensors()),
        parameters: new Map(model.trainable.map(name => [name, layers.parameter(name)])),
        weights: model.weights,
        quantizedWeights: built => model.quantizedWeights(built),
        optimizer: adamW({ weightDecay: 0 }),
        maxGradNorm: 1,
      });
      const batch = packMicroBatches([[{ inputIds: IDS }]], 'tokens', 40);
      const [ran, exact] = [await lossOf(model, IDS), await lossOf(base, IDS)];
      const first = (await step.run(batch, 0.02)).loss;
      expect(first).toBeCloseTo(ran, 5);
      expect(first).not.toBeCloseTo(exact, 5);
      for (let i = 0; i < 25; i++) await step.run(batch, 0.02);
      await step.release();
      expect(await lossOf(model, IDS)).toBeLessThan(first / 2);
    },
  );

  it.each(['int8', 'int4'] as const)(
    'beside a base of %s is one of several, and merged with its exact weights',
    async quantization => {
      const small = AutoModelForCausalLM.fromConfig(TINY, { seed: 3, quantization });
      const [model, exact] = [getPeftModel(small, config), getPeftModel(base, config)];
      for (const one of [model, exact]) {
        one.addAdapter('other', config, { seed: 7 });
        for (const name of [...one.weights.keys()].filter(key => key.includes('lora_B'))) {
          const { shape, data } = one.weights.get(name)!;
          const sign = name.includes('other') ? -1 : 1;
          const changed = data.map((_, i) => (sign * Math.sin(i)) / 4);
          one.weights.set(name, { dtype: 'float32', shape, data: changed });
        }
      }
      const losses: number[] = [];
      for (const name of ['default', 'other']) {
        for (const one of [model, exact]) one.setAdapter(name);
        const merged = model.mergeAndUnload();
        expect(merged.options).toEqual({ quantization });
        expect(merged.weights).toEqual(exact.mergeAndUnload().weights);
        losses.push(await lossOf(merged, IDS));
        expect(Math.abs(losses.at(-1)! - (await lossOf(model, IDS)))).toBeLessThan(0.5);
      }
      expect(losses[0]).not.toBeCloseTo(losses[1]!, 1);
    },
  );

  it('prints what is trained, and shows where it is', () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => {});
    getPeftModel(base, new LoraConfig({ r: 4, loraDropout: 0.1 })).printTrainableParameters();
    expect(print.mock.lastCall).toEqual(['trainable params: 512 || all params: 5,744 || trainable%: 8.9136']);
    print.mockRestore();
    const shown = String(getPeftModel(base, new LoraConfig({ r: 4, loraDropout: 0.1 })));
    expect(shown).toMatch(
      /^PeftModelForCausalLM\(\n {2}\(base_model\): LoraModel\(\n {4}\(model\): GPTNeoXForCausalLM\(/,
    );
    expect(shown).toContain(`
              (query_key_value): lora.Linear(
                (base_layer): Linear(in_features=16, out_features=48, bias=True)
                (lora_dropout): ModuleDict(
                  (default): Dropout(p=0.1, inplace=False)
                )
                (lora_A): ModuleDict(
                  (default): Linear(in_features=16, out_features=4, bias=False)
                )
                (lora_B): ModuleDict(
                  (default): Linear(in_features=4, out_features=48, bias=False)
                )
                (lora_embedding_A): ParameterDict()
                (lora_embedding_B): ParameterDict()
                (lora_magnitude_vector): ModuleDict()
              )`);
  });
});
