/** Training with matrix products in float16, on a GPU that has it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { float32 } from '../../../lib/graph/index.ts';
import { AutoModelForCausalLM, type CausalLM } from '../../../lib/models/index.ts';
import {
  adafactor,
  adamW,
  type Optimizer,
  packMicroBatches,
  sgd,
  Trainer,
  TrainingArguments,
  type TrainingStep,
  trainingStep,
} from '../../../lib/training/index.ts';
import { type LossScale, nextLossScale } from '../../../lib/training/lossScale.ts';
import { devices } from '../devices.ts';
import { TINY } from './setup.ts';

const root = mkdtempSync(join(tmpdir(), 'tunelab-float16-'));
afterAll(() => rmSync(root, { recursive: true }));

const texts = [
  { inputIds: [3, 1, 4, 1, 5, 9, 2, 6] },
  { inputIds: [5, 3, 5, 8, 9, 7, 9] },
  { inputIds: [2, 7, 1, 8, 2, 8] },
];
const batch = packMicroBatches([texts], 'tokens', 40);
const tiny = (): CausalLM => AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });

it('the scale of the loss goes as that of torch.amp.GradScaler', () => {
  let scale = nextLossScale();
  const next = (finite: boolean): LossScale => (scale = nextLossScale(scale, finite));
  expect(scale.scale).toBe(65536);
  expect(next(false).scale).toBe(32768);
  for (let i = 1; i < 2000; i++) expect(next(true).scale).toBe(32768);
  expect(next(true).scale).toBe(65536);
  for (let i = 1; i < 2000; i++) next(true);
  expect(next(false).scale).toBe(32768);
  for (let i = 1; i < 2000; i++) expect(next(true).scale).toBe(32768);
  expect(next(true).scale).toBe(65536);
});

describe.skipIf(!devices.includes('webgpu'))('float16 on webgpu', () => {
  const optimizers = [
    ['AdamW', adamW(), 0.01],
    ['Adafactor', adafactor({ scaleParameter: false, relativeStep: false }), 0.01],
    ['SGD', sgd(), 0.1],
  ] as const;
  /** A step in float16 that begins with a loss scale of its own. */
  async function stepFrom(
    model: CausalLM,
    scale: number,
    optimizer: Optimizer = sgd(),
  ): Promise<TrainingStep> {
    const fresh = await trainingStep(model, optimizer, { device: 'cpu' });
    const state = await fresh.state();
    await fresh.release();
    return trainingStep(model, optimizer, {
      device: 'webgpu',
      dtype: 'float16',
      resumed: { ...state, lossScale: { scale, finiteSteps: 0 } },
    });
  }

  it.each(optimizers)('takes the steps of float32 with %s, to 1e-2', async (_, optimizer, rate) => {
    const [exact, model] = [tiny(), tiny()];
    const steps = [await trainingStep(exact, optimizer), await stepFrom(model, 2 ** 10, optimizer)] as const;
    for (let i = 0; i < 10; i++) {
      const [expected, found] = [await steps[0].run(batch, rate), await steps[1].run(batch, rate)];
      expect(found.skipped).toBe(false);
      expect(Math.abs(found.loss / expected.loss - 1)).toBeLessThan(1e-2);
      expect(Math.abs(found.gradNorm / expected.gradNorm - 1)).toBeLessThan(2e-2);
    }
    expect(await steps[1].state()).toMatchObject({ steps: 10, lossScale: { scale: 1024, finiteSteps: 10 } });
    for (const step of steps) await step.release();
  });

  it.each(optimizers)(
    'with %s, leaves all as it was where gradients do not fit, and scales the loss less',
    async (_, optimizer, rate) => {
      const model = tiny();
      const before = new Map([...model.weights].map(([name, { data }]) => [name, data.slice()]));
      const step = await stepFrom(model, 2 ** 40, optimizer);
      const started = await step.state();
      const first = await step.run(batch, rate);
      expect(first.skipped).toBe(true);
      expect(first.gradNorm).not.toBeLessThan(Infinity);
      await step.sync();
      for (const [name, data] of before) expect(model.weights.get(name)!.data, name).toEqual(data);
      const state = await step.state();
      expect(state.lossScale).toEqual({ scale: 2 ** 39, finiteSteps: 0 });
      expect(state.steps).toBe(0);
      expect(state.values).toEqual(started.values);
      let result = first;
      while (result.skipped) result = await step.run(batch, rate);
      expect(result.gradNorm).toBeLessThan(100);
      await step.sync();
      expect(model.weights.get('embed_out.weight')!.data).not.toEqual(before.get('embed_out.weight'));
      await step.release();
    },
  );

  it('does not go on where gradients do not fit without a scale either', async () => {
    const step = await stepFrom(tiny(), 1);
    const { labelWeights } = batch;
    const heavy = Array.from(labelWeights!.data as Float32Array, weight => weight * 1e9);
    const result = await step.run({ ...batch, labelWeights: float32(heavy, labelWeights!.shape) }, 0.1);
    expect(result.skipped).toBe(false);
    expect(result.loss).toBeGreaterThan(1e9);
    expect(result.gradNorm).not.toBeLessThan(Infinity);
    await step.release();
  });

  it('stops where the numbers of the model itself do not fit', async () => {
    const model = tiny();
    const name = 'gpt_neox.layers.0.mlp.dense_h_to_4h.weight';
    const { shape, data } = model.weights.get(name)!;
    model.weights.set(
      name,
      float32(
        data.map(value => value * 1e6),
        shape,
      ),
    );
    const args = new TrainingArguments({
      fp16: true,
      device: 'webgpu',
      maxSteps: 3,
      saveStrategy: 'no',
      reportTo: [],
    });
    await expect(new Trainer({ model, args, trainDataset: texts }).train()).rejects.toThrow(
      /^Training stopped at step 1: the loss is NaN, .* or leave fp16 out, whose numbers end at 65504, and load/,
    );
  });

  it('learns what it learns in float32, and goes on with the scale of a checkpoint', async () => {
    const settings = (more: Partial<TrainingArguments>): TrainingArguments =>
      new TrainingArguments({
        outputDir: join(root, String(more.fp16)),
        maxSteps: 40,
        perDeviceTrainBatchSize: 3,
        learningRate: 0.01,
        lrSchedulerType: 'constant',
        loggingSteps: 20,
        saveSteps: 20,
        optim: 'adafactor',
        reportTo: [],
        ...more,
      });
    const train = async (more: Partial<TrainingArguments>, from?: string) => {
      const trainer = new Trainer({
        model: tiny(),
        args: settings(more),
        trainDataset: texts,
        evalDataset: texts,
      });
      await trainer.train({ resumeFromCheckpoint: from ?? false });
      return { trainer, loss: (await trainer.evaluate()).evalLoss };
    };
    const half = await train({ fp16: true, device: 'webgpu' });
    const single = await train({ fp16: false });
    const [first] = half.trainer.state.logHistory;
    expect(first!.loss).toBeGreaterThan(1);
    expect(half.loss).toBeLessThan(0.2 * first!.loss!);
    expect(Math.abs(half.loss - single.loss)).toBeLessThan(0.1);

    const scaleAt = (step: number): LossScale =>
      JSON.parse(readFileSync(join(root, 'true', `checkpoint-${step}`, 'resume.json'), 'utf8')).lossScale;
    const [middle, end] = [scaleAt(20), scaleAt(40)];
    expect(middle.scale).toBeLessThanOrEqual(65536);
    expect(middle.finiteSteps).toBeLessThanOrEqual(20);
    const resumed = await train({ fp16: true, device: 'webgpu' }, join(root, 'true', 'checkpoint-20'));
    expect(scaleAt(40)).toEqual(end);
    expect(Math.abs(resumed.loss - half.loss)).toBeLessThan(1e-3);
  });
});
