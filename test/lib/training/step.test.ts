import { describe, expect, it } from 'vitest';
import { grad, graph, interpret, ndarray } from '../../../lib/graph/index.ts';
import {
  AutoModelForCausalLM,
  batchTensors,
  feedBatch,
  feedLabels,
  labelledPositions,
  labelTensors,
} from '../../../lib/models/index.ts';
import {
  adafactor,
  adamW,
  type Optimizer,
  packMicroBatches,
  schedule,
  sgd,
} from '../../../lib/training/index.ts';
import { devices } from '../devices.ts';
import { loadGolden, missing, readGolden, reason, stepOf, TINY } from './setup.ts';

const texts = [
  [3, 1, 4, 1, 5, 9],
  [2, 6, 5],
  [3, 5, 8, 9],
  [7, 9, 3, 2, 3],
].map(inputIds => ({ inputIds }));
const adafactorAt = adafactor({ scaleParameter: false, relativeStep: false });

describe('a training step', () => {
  it('moves weights by what the interpreter finds in float64, to 1e-6', async () => {
    const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
    const before = new Map([...model.weights].map(([name, { data }]) => [name, data.slice()]));
    const batch = packMicroBatches([[texts[0]!], [texts[1]!]], 'tokens', 40);

    const layers = model.layers();
    const loss = model.lossOf(layers, batchTensors(), labelTensors());
    const names = [...model.weights.keys()];
    const gradients = grad(loss, names.map(layers.parameter));
    const feeds = Object.entries({ ...Object.fromEntries(model.weights), ...batch });
    const exact = interpret(
      graph({ loss, ...Object.fromEntries(names.map((name, i) => [`d ${name}`, gradients[i]!])) }),
      Object.fromEntries(
        feeds.map(([name, { shape, data }]) => [name, ndarray(shape, Array.from(data as Int32Array))]),
      ),
    );

    const step = await stepOf(model, sgd(), 0);
    const result = await step.run(batch, 0.5);
    expect(result.loss).toBeCloseTo(exact.loss!.data[0]!, 5);
    for (const name of names) {
      const moved = Array.from(
        model.weights.get(name)!.data,
        (value, i) => (before.get(name)![i]! - value) / 0.5,
      );
      const worst = Math.max(...moved.map((value, i) => Math.abs(value - exact[`d ${name}`]!.data[i]!)));
      expect(worst, name).toBeLessThan(1e-6);
    }
    await step.release();
  });

  it('takes the same steps whether the embedding is fed whole or by the rows of the batch', async () => {
    const models = [1, 2].map(() => AutoModelForCausalLM.fromConfig(TINY, { seed: 5 }));
    for (const [i, model] of models.entries()) {
      const step = await stepOf(model, adafactorAt, 1, { lookedUp: i === 0 });
      for (const text of [...texts, ...texts]) await step.run(packMicroBatches([[text]], 'tokens', 40), 0.01);
      await step.release();
    }
    for (const [name, { data }] of models[0]!.weights) {
      const worst = Math.max(
        ...data.map((value, i) => Math.abs(value - models[1]!.weights.get(name)!.data[i]!)),
      );
      // A key's bias has no true gradient, and Adafactor makes steps of its rounding error.
      if (!name.endsWith('query_key_value.bias')) expect(worst, name).toBeLessThan(2e-5);
    }
  });

  it('does not look rows up for an optimizer that needs all of them', async () => {
    const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
    await expect(stepOf(model, adamW(), 1, { lookedUp: true })).rejects.toThrow(
      'This optimizer changes all rows of gpt_neox.embed_in.weight at each step; train it without lookups.',
    );
    const tied = AutoModelForCausalLM.fromConfig({ ...TINY, tie_word_embeddings: true }, { seed: 5 });
    await expect(async () => stepOf(tied, sgd(), 1, { lookedUp: true })).rejects.toThrow(
      'The head needs all rows of gpt_neox.embed_in.weight, which it shares.',
    );
  });

  it('clips the gradient to the given length, and reports its length before', async () => {
    const batch = packMicroBatches([texts], 'tokens', 40);
    const moved = async (maxGradNorm: number) => {
      const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
      const before = [...model.weights.values()].flatMap(({ data }) => [...data]);
      const step = await stepOf(model, sgd(), maxGradNorm);
      const { gradNorm } = await step.run(batch, 1);
      await step.release();
      const after = [...model.weights.values()].flatMap(({ data }) => [...data]);
      return { gradNorm, length: Math.hypot(...after.map((value, i) => value - before[i]!)) };
    };
    const free = await moved(0);
    expect(free.length).toBeCloseTo(free.gradNorm, 3);
    const clipped = await moved(0.25);
    expect(clipped.gradNorm).toBeCloseTo(free.gradNorm, 5);
    expect(clipped.length).toBeCloseTo(0.25, 4);
    expect((await moved(1000)).length).toBeCloseTo(free.length, 5);
  });
});

const optimizers: readonly [string, Optimizer, number][] = [
  ['AdamW', adamW(), 0.01],
  ['SGD with momentum', sgd({ momentum: 0.9 }), 0.2],
  ['Adafactor', adafactorAt, 0.01],
];

describe('training', () => {
  it.each(optimizers)('learns four texts by heart with %s', async (_, optimizer, rate) => {
    const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
    const step = await stepOf(model, optimizer, 1);
    const batch = packMicroBatches([texts], 'tokens', 40);
    const first = (await step.run(batch, rate)).loss;
    for (let i = 0; i < 60; i++) await step.run(batch, rate);
    const last = (await step.run(batch, rate)).loss;
    expect(first).toBeGreaterThan(3);
    expect(last).toBeLessThan(0.6);
    const { loss } = await model.forward({ inputIds: [texts[0]!.inputIds], labels: [texts[0]!.inputIds] });
    expect(loss).toBeLessThan(1);
    await step.release();
  });
});

describe.skipIf(!devices.includes('webgpu'))('training on webgpu', () => {
  it.each(optimizers)(
    'takes the steps of the CPU with %s, and keeps the weights until they are asked for',
    async (_, optimizer, rate) => {
      const batch = packMicroBatches([texts], 'tokens', 40);
      const onCpu = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
      const onGpu = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
      const before = new Map(onGpu.weights);
      const cpuStep = await stepOf(onCpu, optimizer, 1);
      const gpuStep = await stepOf(onGpu, optimizer, 1, { device: 'webgpu', lookedUp: false });
      for (let i = 0; i < 5; i++) {
        const [expected, found] = [await cpuStep.run(batch, rate), await gpuStep.run(batch, rate)];
        expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-4);
        expect(Math.abs(found.gradNorm - expected.gradNorm)).toBeLessThan(1e-3);
      }
      expect(new Map(onGpu.weights)).toEqual(before);
      await gpuStep.sync();
      for (const [name, { data }] of onCpu.weights) {
        const worst = Math.max(
          ...data.map((value, i) => Math.abs(value - onGpu.weights.get(name)!.data[i]!)),
        );
        // A key's bias has no true gradient, and Adafactor and AdamW make steps of its rounding error.
        if (!name.endsWith('query_key_value.bias')) expect(worst, name).toBeLessThan(1e-4);
      }
      await cpuStep.release();
      await gpuStep.release();
    },
  );
});

describe('micro-batches joined', () => {
  it('have the mean loss of all tokens, or of the micro-batches', async () => {
    const model = AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
    const losses: number[] = [];
    for (const { inputIds } of texts)
      losses.push((await model.forward({ inputIds: [inputIds], labels: [inputIds] })).loss!);
    const counts = texts.map(({ inputIds }) => inputIds.length - 1);
    const weighted =
      losses.reduce((sum, loss, i) => sum + loss * counts[i]!, 0) / counts.reduce((a, b) => a + b);
    const mean = losses.reduce((a, b) => a + b) / losses.length;
    const microBatches = texts.map(text => [text]);
    const step = await stepOf(model, sgd(), 0);
    expect((await step.run(packMicroBatches(microBatches, 'tokens', 40), 0)).loss).toBeCloseTo(weighted, 5);
    expect((await step.run(packMicroBatches(microBatches, 'microBatches', 40), 0)).loss).toBeCloseTo(mean, 5);
    await step.release();
  });

  it('lays long texts out in several rows, with the same loss and gradients', async () => {
    const long = [200, 90, 180, 60, 130].map((length, i) => ({
      inputIds: Array.from({ length }, (_, at) => (7 * at + i * i) % 40),
    }));
    const microBatches = [long.slice(0, 2), long.slice(2)];
    const packed = packMicroBatches(microBatches, 'microBatches', 40);
    expect(packed.inputIds!.shape).toEqual([2, 350]);
    const model = AutoModelForCausalLM.fromConfig({ ...TINY, max_position_embeddings: 256 }, { seed: 5 });
    const step = await stepOf(model, sgd(), 0);
    const results = await step.run(packed, 0);
    const pad = (row: readonly number[], value: number): number[] =>
      Array.from({ length: 200 }, (_, i) => row[i] ?? value);
    const inputIds = long.map(text => pad(text.inputIds, 0));
    const labels = long.map(text => pad(text.inputIds, -100));
    const weights = long.flatMap((text, i) =>
      new Array<number>(text.inputIds.length - 1).fill(1 / 2 / (i < 2 ? 288 : 367)),
    );
    const padded = await step.run(
      { ...feedBatch({ inputIds }, 40), ...feedLabels(labelledPositions(labels, inputIds, 40), weights) },
      0,
    );
    await step.release();
    expect(results.loss).toBeCloseTo(padded.loss, 5);
    expect(results.gradNorm).toBeCloseTo(padded.gradNorm, 5);
  });

  it('are numbered one by one, with positions that begin again', () => {
    const packed = packMicroBatches([[texts[1]!, texts[2]!], [texts[1]!]], 'microBatches', 40);
    const list = (name: string): number[] => Array.from(packed[name]!.data as Int32Array);
    expect(packed.inputIds!.shape).toEqual([1, 10]);
    expect(list('inputIds')).toEqual([2, 6, 5, 3, 5, 8, 9, 2, 6, 5]);
    expect(list('attentionMask')).toEqual([1, 1, 1, 2, 2, 2, 2, 3, 3, 3]);
    expect(list('positionIds')).toEqual([0, 1, 2, 0, 1, 2, 3, 0, 1, 2]);
    expect(list('labelPositions')).toEqual([0, 1, 3, 4, 5, 7, 8]);
    expect(list('labelIds')).toEqual([6, 5, 5, 8, 9, 6, 5]);
    expect(list('labelWeights').map(weight => weight.toFixed(4))).toEqual([
      ...new Array(5).fill('0.1000'),
      ...new Array(2).fill('0.2500'),
    ]);
  });

  it('leave out the labels that are -100, and say so when none is left', () => {
    const { labelPositions } = packMicroBatches(
      [[{ inputIds: [1, 2, 3], labels: [-100, -100, 3] }], [texts[1]!]],
      'tokens',
      40,
    );
    expect([...(labelPositions!.data as Int32Array)]).toEqual([1, 3, 4]);
    expect(() => packMicroBatches([[{ inputIds: [1] }]], 'tokens', 40)).toThrow(
      'No position of the batch has a label',
    );
  });
});

interface LogLine {
  readonly loss: number;
  readonly grad_norm: number;
  readonly learning_rate?: number;
  readonly lr_used: number;
}

describe.skipIf(missing).each(['neox', 'llama'] as const)(
  `ten steps of the Hugging Face Trainer with %s${reason}`,
  kind => {
    const STEPS = 10;
    const factor = schedule('linear', { steps: STEPS, warmupSteps: 1 });

    it.each<[string, Optimizer, number, 'tokens' | 'microBatches']>([
      ['trainer_adafactor_lr1e-5', adafactorAt, 1e-5, 'tokens'],
      ['trainer_adamw_torch_lr1e-3', adamW({ weightDecay: 0 }), 1e-3, 'tokens'],
      ['manual_old_trainer_adafactor_lr1e-5', adafactorAt, 1e-5, 'microBatches'],
      ['manual_old_trainer_adafactor_lr1e-3', adafactorAt, 1e-3, 'microBatches'],
      ['manual_old_trainer_adamw_lr1e-3', adamW({ weightDecay: 0 }), 1e-3, 'microBatches'],
    ])(
      '%s: losses to 1e-4 and gradient norms to 1e-3 at each step',
      async (name, optimizer, rate, average) => {
        const golden = readGolden();
        const run = golden[kind][name];
        const log = (run.log ?? run.log_history.slice(0, STEPS)) as LogLine[];
        const sequences = golden.train_sequences as number[][];
        const step = await stepOf(await loadGolden(kind), optimizer, 1);
        for (const [i, expected] of log.entries()) {
          const window = sequences.slice(4 * i, 4 * i + 4).map(inputIds => [{ inputIds }]);
          const { loss, gradNorm } = await step.run(packMicroBatches(window, average, 512), rate * factor(i));
          expect(rate * factor(i)).toBeCloseTo(expected.learning_rate ?? expected.lr_used, 12);
          expect(Math.abs(loss - expected.loss), `loss of step ${i + 1}`).toBeLessThan(1e-4);
          expect(Math.abs(gradNorm - expected.grad_norm), `norm of step ${i + 1}`).toBeLessThan(1e-3);
        }
        await step.release();
      },
    );
  },
);
