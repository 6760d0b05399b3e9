import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  AutoModelForSequenceClassification,
  getPeftModel,
  LoraConfig,
  type PeftModel,
  type SequenceClassifier,
} from '../../../lib/models/index.ts';
import {
  adamW,
  EarlyStoppingCallback,
  packClassified,
  Trainer,
  type TrainerCallback,
  TrainingArguments,
  trainingStep,
} from '../../../lib/training/index.ts';
import { TINY } from './setup.ts';

const root = mkdtempSync(join(tmpdir(), 'tunelab-classifier-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));

const id2label = ['low', 'middle', 'high'];
const classifier = (): SequenceClassifier =>
  AutoModelForSequenceClassification.fromConfig(TINY, { id2label, seed: 5 });
/** Texts whose last token says their class. */
const rows = Array.from({ length: 24 }, (_, i) => ({
  inputIds: Array.from({ length: 1 + (i % 4) }, (_, at) => (7 * i + 11 * at) % 39),
})).map(({ inputIds }) => ({ inputIds, label: Math.floor(inputIds.at(-1)! / 13) }));

const settings = (more: Partial<TrainingArguments> = {}): TrainingArguments =>
  new TrainingArguments({
    outputDir: newFolder(),
    perDeviceTrainBatchSize: 2,
    gradientAccumulationSteps: 2,
    learningRate: 0.01,
    optim: 'adamw',
    loggingSteps: 1,
    saveStrategy: 'no',
    reportTo: [],
    ...more,
  });
const accuracy = ({
  predictions,
  labelIds,
}: {
  predictions: readonly (readonly number[])[];
  labelIds: readonly (readonly number[])[];
}) => ({
  accuracy: predictions.filter(([guess], row) => guess === labelIds[row]![0]).length / predictions.length,
});

test('a classifier learns its rows, and is evaluated, stopped early and saved', async () => {
  const callbacks = [new EarlyStoppingCallback({ earlyStoppingPatience: 20 })];
  const args = settings({
    numTrainEpochs: 20,
    evalStrategy: 'epoch',
    metricForBestModel: 'accuracy',
    greaterIsBetter: true,
  });
  const model = classifier();
  const trainer = new Trainer({
    model,
    args,
    trainDataset: rows,
    evalDataset: rows,
    callbacks,
    computeMetrics: accuracy,
  });
  const before = await trainer.evaluate();
  const { globalStep } = await trainer.train();
  const after = await trainer.evaluate();
  expect(globalStep).toBe(120);
  expect(before.evalLoss).toBeGreaterThan(0.9);
  expect(before.evalAccuracy).toBeLessThan(0.8);
  expect(after.evalLoss).toBeLessThan(0.1);
  expect(after.evalAccuracy).toBe(1);

  const batch = { inputIds: [rows[0]!.inputIds], labels: [rows[0]!.label] };
  const { logits, loss } = await model.forward(batch);
  const folder = newFolder();
  await trainer.saveModel(folder);
  const loaded = await AutoModelForSequenceClassification.fromPretrained(folder);
  expect(await loaded.forward(batch)).toEqual({ logits, loss });
});

test('the evaluation loss is that of forward', async () => {
  const model = classifier();
  const few = rows.filter(({ inputIds }) => inputIds.length === 3).slice(0, 4);
  const { loss } = await model.forward({
    inputIds: few.map(({ inputIds }) => inputIds),
    labels: few.map(({ label }) => label),
  });
  const trainer = new Trainer({ model, args: settings({ perDeviceEvalBatchSize: 4 }), evalDataset: few });
  expect((await trainer.evaluate()).evalLoss).toBeCloseTo(loss!, 5);
});

const withAdapter = (): PeftModel<SequenceClassifier> =>
  getPeftModel(
    classifier(),
    new LoraConfig({ taskType: 'SEQ_CLS', r: 2, targetModules: ['query_key_value'] }),
  );

test.each([
  ['a classifier', classifier],
  ['a classifier with an adapter', withAdapter],
] as const)(
  '%s that goes on from a checkpoint is bit for bit the one that was not interrupted',
  async (_, make) => {
    const outputDir = newFolder();
    const args = (more: Partial<TrainingArguments>) =>
      settings({ maxSteps: 6, saveStrategy: 'steps', saveSteps: 2, ...more });
    const whole = make();
    await new Trainer({ model: whole, args: args({}), trainDataset: rows }).train();

    const stop: TrainerCallback<SequenceClassifier> = {
      onStepEnd: ({ state, control }) => {
        if (state.globalStep === 3) control.shouldTrainingStop = true;
      },
    };
    await new Trainer({
      model: make(),
      args: args({ outputDir }),
      trainDataset: rows,
      callbacks: [stop],
    }).train();
    const resumed = make();
    await new Trainer({ model: resumed, args: args({ outputDir }), trainDataset: rows }).train({
      resumeFromCheckpoint: true,
    });
    expect(resumed.trainable.length).toBeGreaterThan(0);
    for (const name of resumed.trainable) expect(resumed.weights.get(name)).toEqual(whole.weights.get(name));
  },
);

test("a loop of one's own trains a classifier too", async () => {
  const model = classifier();
  const step = await trainingStep(model, adamW());
  const losses: number[] = [];
  for (let i = 0; i < 20; i++) losses.push((await step.run(packClassified([rows], model), 0.01)).loss);
  await step.release();
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
});

test('what only models that continue texts can do is refused', () => {
  for (const more of [{ packing: true, maxLength: 8 }, { completionOnlyLoss: true }]) {
    expect(() => new Trainer({ model: classifier(), args: settings(more), trainDataset: rows })).toThrow(
      'packing and completionOnlyLoss are for models that continue texts, not for classifiers.',
    );
  }
});
