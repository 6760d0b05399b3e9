import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Dataset } from '../../../lib/datasets/index.ts';
import { AutoModelForCausalLM, type CausalLM, getPeftModel, LoraConfig } from '../../../lib/models/index.ts';
import {
  EarlyStoppingCallback,
  type LogLine,
  sgd,
  Trainer,
  type TrainerCallback,
  TrainingArguments,
  trainerOrder,
} from '../../../lib/training/index.ts';
import { packRows } from '../../../lib/training/packing.ts';
import { GOLDEN, loadGolden, missing, readGolden, reason, TINY } from './setup.ts';

const root = mkdtempSync(join(tmpdir(), 'tunelab-trainer-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));

/** Texts that count on from their first token, which a model can learn. */
const rows = Array.from({ length: 14 }, (_, i) => ({
  inputIds: Array.from({ length: 3 + (i % 5) }, (_, at) => (i + at) % 40),
}));
const test = rows.slice(0, 3);

const tiny = (): CausalLM => AutoModelForCausalLM.fromConfig(TINY, { seed: 5 });
const settings = (more: Partial<TrainingArguments> = {}): TrainingArguments =>
  new TrainingArguments({
    outputDir: newFolder(),
    perDeviceTrainBatchSize: 1,
    gradientAccumulationSteps: 4,
    learningRate: 0.01,
    loggingSteps: 1,
    saveStrategy: 'no',
    reportTo: [],
    ...more,
  });
const weightsOf = (model: CausalLM): Map<string, Float32Array> =>
  new Map([...model.weights].map(([name, { data }]) => [name, data.slice()]));
const lossesOf = (log: readonly LogLine[]): number[] => log.flatMap(({ loss }) => loss ?? []);

describe('training', () => {
  it('goes through all rows in each epoch and learns them', async () => {
    const trainer = new Trainer({
      model: tiny(),
      args: settings({ numTrainEpochs: 30, perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 2 }),
      trainDataset: Dataset.fromRows(rows),
      evalDataset: rows,
    });
    const before = await trainer.evaluate();
    const { globalStep, trainingLoss, metrics } = await trainer.train();
    const after = await trainer.evaluate();
    expect(globalStep).toBe(120);
    expect(before.evalLoss).toBeGreaterThan(3);
    expect(after.evalLoss).toBeLessThan(0.5);
    expect(after.epoch).toBe(30);
    const losses = lossesOf(trainer.state.logHistory);
    expect(trainingLoss).toBeCloseTo(losses.reduce((a, b) => a + b) / 120, 6);
    const tokens = 30 * rows.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
    expect(metrics.totalFlos).toBe(trainer.model.floatingPointOps(tokens));
  });

  it('takes the mean of the losses since the line before, and counts epochs by micro-batches', async () => {
    const each = new Trainer({ model: tiny(), args: settings({ maxSteps: 6 }), trainDataset: rows });
    await each.train();
    const some = new Trainer({
      model: tiny(),
      args: settings({ maxSteps: 6, loggingSteps: 3 }),
      trainDataset: rows,
    });
    await some.train();
    const losses = lossesOf(each.state.logHistory);
    const means = [losses.slice(0, 3), losses.slice(3)].map(part => part.reduce((a, b) => a + b) / 3);
    lossesOf(some.state.logHistory).forEach((loss, i) => {
      expect(loss).toBeCloseTo(means[i]!, 6);
    });
    // 14 rows are 3 windows of 4 and one of 2.
    const epochs = each.state.logHistory.slice(0, 6).map(({ epoch }) => Number(epoch.toFixed(4)));
    expect(epochs).toEqual([0.2857, 0.5714, 0.8571, 1, 1.2857, 1.5714]);
    const { learningRate, gradNorm, iterTime, flops, remainingTime, tokensPerSecond } =
      some.state.logHistory[0]!;
    expect(learningRate).toBeCloseTo((0.01 * 4) / 6, 12);
    for (const figure of [gradNorm, iterTime, flops, remainingTime, tokensPerSecond]) {
      expect(figure).toBeGreaterThan(0);
    }
  });

  it('takes rows without tokens or labels as nothing, and says so if there are no others', async () => {
    const silent = { inputIds: [1, 2, 3], labels: [-100, -100, -100] };
    const model = tiny();
    const before = weightsOf(model);
    const nothing = new Trainer({
      model,
      args: settings({ maxSteps: 2 }),
      trainDataset: [silent, { inputIds: [] }],
    });
    await expect(nothing.train()).rejects.toThrow('No row of trainDataset has a token to predict.');
    expect(weightsOf(model)).toEqual(before);

    const args = settings({ numTrainEpochs: 1, lossAverage: 'tokens' });
    const order = [...trainerOrder(4, 42).next().value];
    const trained = async (window: { inputIds: number[]; labels?: number[] }[]): Promise<CausalLM> => {
      const trainDataset: object[] = [];
      order.forEach((row, i) => {
        trainDataset[row] = window[i] ?? silent;
      });
      const trainer = new Trainer({ model: tiny(), args, trainDataset });
      await trainer.train();
      return trainer.model;
    };
    const alone = await trained([rows[0]!]);
    const among = await trained([rows[0]!, { inputIds: [] }, { inputIds: [7] }]);
    expect(alone.weights.get('embed_out.weight')!.data).toEqual(among.weights.get('embed_out.weight')!.data);
  });

  it('leaves padding out', async () => {
    const padded = rows.map(({ inputIds }) => ({
      inputIds: [...inputIds, 0, 0],
      labels: [...inputIds, 0, 0],
      attentionMask: [...inputIds.map(() => 1), 0, 0],
    }));
    const [plain, masked] = await Promise.all(
      [rows, padded].map(async trainDataset => {
        const trainer = new Trainer({ model: tiny(), args: settings({ maxSteps: 3 }), trainDataset });
        await trainer.train();
        return lossesOf(trainer.state.logHistory);
      }),
    );
    expect(masked).toEqual(plain);
  });

  it('packs texts into rows, of which the steps count, and each text sees only itself', async () => {
    const lengths = rows.map(({ inputIds }) => inputIds.length);
    const packed = packRows(lengths, 10);
    expect(packed.map(texts => texts.map(text => lengths[text]))).toEqual([
      [7, 3],
      [7, 3],
      [6, 4],
      [6, 4],
      [6, 4],
      [5, 5],
      [5, 3],
    ]);
    const args = settings({ numTrainEpochs: 1, packing: true, maxLength: 10, gradientAccumulationSteps: 1 });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows });
    const { globalStep } = await trainer.train();
    expect(globalStep).toBe(7);
    expect(trainer.state.numInputTokensSeen).toBe(lengths.reduce((a, b) => a + b));

    const model = tiny();
    const first = packed[trainerOrder(7, 42).next().value[0]!]!.map(text => rows[text]!.inputIds);
    const losses = [];
    for (const inputIds of first)
      losses.push((await model.forward({ inputIds: [inputIds], labels: [inputIds] })).loss!);
    const counts = first.map(inputIds => inputIds.length - 1);
    const mean = losses.reduce((sum, loss, i) => sum + loss * counts[i]!, 0) / counts.reduce((a, b) => a + b);
    expect(lossesOf(trainer.state.logHistory)[0]).toBeCloseTo(mean, 5);
  });

  it('trains adapters alone', async () => {
    const base = tiny();
    const before = weightsOf(base);
    const model = getPeftModel(
      base,
      new LoraConfig({ r: 4, loraAlpha: 8, targetModules: ['query_key_value'] }),
      { seed: 1 },
    );
    const trainer = new Trainer({
      model,
      args: settings({ maxSteps: 20, learningRate: 0.05 }),
      trainDataset: rows,
      evalDataset: rows,
    });
    const untrained = await trainer.evaluate();
    await trainer.train();
    expect((await trainer.evaluate()).evalLoss).toBeLessThan(untrained.evalLoss - 0.1);
    expect(weightsOf(base)).toEqual(before);
  });

  it('gives the same weights bit for bit with gradient checkpointing, dropout and quantized bases included', async () => {
    for (const quantization of [undefined, 'int8'] as const) {
      const [plain, checkpointed] = await Promise.all(
        [false, true].map(async gradientCheckpointing => {
          const base = AutoModelForCausalLM.fromConfig(TINY, {
            seed: 5,
            ...(quantization && { quantization }),
          });
          const config = new LoraConfig({ r: 2, loraDropout: 0.3, targetModules: 'all-linear' });
          const model = getPeftModel(base, config, { seed: 1 });
          const args = settings({ maxSteps: 4, gradientCheckpointing });
          await new Trainer({ model, args, trainDataset: rows }).train();
          return weightsOf(model);
        }),
      );
      expect(checkpointed).toEqual(plain);
    }
  });

  it('leaves out other numbers with another seed', async () => {
    const first = async (seed: number): Promise<number> => {
      const model = getPeftModel(tiny(), new LoraConfig({ r: 2, loraDropout: 0.5 }), { seed: 1 });
      const one = { inputIds: [1, 2, 3, 4, 5] };
      const args = settings({ maxSteps: 2, seed });
      const trainer = new Trainer({ model, args, trainDataset: [one, one, one, one] });
      await trainer.train();
      return lossesOf(trainer.state.logHistory)[1]!;
    };
    expect(await first(1)).toBe(await first(1));
    expect(await first(1)).not.toBe(await first(2));
  });

  it('takes an optimizer and a schedule of the user', async () => {
    const given = new Trainer({
      model: tiny(),
      args: settings({ maxSteps: 3, maxGradNorm: 0 }),
      trainDataset: rows,
      optimizers: [sgd(), taken => 1 / (taken + 1)],
    });
    await given.train();
    const rates = given.state.logHistory.flatMap(({ learningRate }) => learningRate ?? []);
    expect(rates).toEqual([0.01, 0.005, 0.01 * (1 / 3)]);
    const named = new Trainer({
      model: tiny(),
      args: settings({ maxSteps: 3, maxGradNorm: 0, optim: 'sgd' }),
      trainDataset: rows,
      optimizers: [undefined, taken => 1 / (taken + 1)],
    });
    await named.train();
    expect(weightsOf(named.model)).toEqual(weightsOf(given.model));
  });

  it('logs and evaluates first where it is asked to, and evaluates no sooner than it is asked to', async () => {
    const args = settings({
      maxSteps: 6,
      loggingSteps: 3,
      loggingFirstStep: true,
      evalStrategy: 'steps',
      evalSteps: 2,
      evalOnStart: true,
      evalDelay: 3,
    });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows, evalDataset: test });
    await trainer.train();
    const logged = (name: string): [number, number][] =>
      trainer.state.logHistory.flatMap(line =>
        line[name] === undefined ? [] : [[line.step, Number(line[name].toFixed(3))]],
      );
    const steps = (lines: readonly [number, number][]): number[] => lines.map(([step]) => step);
    // At the steps at which transformers 5.18's Trainer does, and before the first one with its loss.
    expect(steps(logged('loss'))).toEqual([1, 3, 6]);
    expect(steps(logged('evalLoss'))).toEqual([0, 4, 6]);
    expect(logged('evalLoss')[0]).toEqual([0, 4.194]);
    expect(trainer.state.bestGlobalStep).toBeGreaterThan(0);
  });

  it('lets the event loop go round between steps, and ends where a callback says', async () => {
    let turns = 0;
    let isTraining = true;
    const turn = (): void => {
      turns++;
      if (isTraining) setImmediate(turn);
    };
    turn();
    const trainer = new Trainer({
      model: tiny(),
      args: settings({ maxSteps: 1000 }),
      trainDataset: rows,
      callbacks: [
        {
          onStepEnd({ state, control }) {
            control.shouldTrainingStop = state.globalStep === 20;
          },
        },
      ],
    });
    const { globalStep } = await trainer.train();
    isTraining = false;
    expect(globalStep).toBe(20);
    expect(turns).toBeGreaterThan(5);
  });

  it('stops when the loss is no number, says the step, and keeps the last good checkpoint', async () => {
    const outputDir = newFolder();
    const args = settings({
      outputDir,
      maxSteps: 50,
      learningRate: 1e30,
      maxGradNorm: 0,
      optim: 'sgd',
      saveStrategy: 'steps',
      saveSteps: 1,
      warmupSteps: 2,
      saveTotalLimit: 1,
    });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows });
    await expect(trainer.train()).rejects.toThrow(
      /^Training stopped at step 3: the loss is NaN, at .*the last good checkpoint is .*checkpoint-1\.$/,
    );
    expect(readdirSync(outputDir)).toEqual(['checkpoint-1']);
    const { weights } = await AutoModelForCausalLM.fromPretrained(join(outputDir, 'checkpoint-1'));
    for (const { data } of weights.values()) expect(data.every(Number.isFinite)).toBe(true);
  });

  it('names what is missing or does not fit', async () => {
    const args = settings({ maxSteps: 1 });
    const train = (trainDataset: object[]) => new Trainer({ model: tiny(), args, trainDataset }).train();
    await expect(train([{ text: 'a' }])).rejects.toThrow(
      'Row 0 of trainDataset has no list inputIds, only text; tokenize the data set first.',
    );
    await expect(train([{ inputIds: [1, 2], labels: [1] }])).rejects.toThrow(
      'Row 0 of trainDataset has 2 inputIds and 1 labels; they must be as many.',
    );
    await expect(train([])).rejects.toThrow('trainDataset has no rows.');
    const long = { inputIds: new Array(2049).fill(1) };
    await expect(train([...rows, ...rows, long])).rejects.toThrow(
      'Row 28 of trainDataset has 2049 tokens and the model takes 2048 at most; set maxLength to 2048 or less in TrainingArguments',
    );
    const evaluated = new Trainer({
      model: tiny(),
      args: settings({ evalStrategy: 'epoch' }),
      trainDataset: rows,
      evalDataset: [...rows, long],
    });
    await expect(evaluated.train()).rejects.toThrow('Row 14 of evalDataset has 2049 tokens');
    expect(evaluated.state.globalStep).toBe(0);
    await expect(train([...rows, { inputIds: [1, 99] }])).rejects.toThrow(
      "Row 14 of trainDataset has 99 in its inputIds, and the model's tokens go from 0 to 39",
    );
    await expect(train([{ inputIds: [1, 2], labels: [-100, 40] }])).rejects.toThrow(
      'Row 0 of trainDataset has 40 in its labels',
    );
    expect(
      () => new Trainer({ model: tiny(), args: settings({ evalStrategy: 'epoch' }), trainDataset: rows }),
    ).toThrow("evalStrategy 'epoch' needs an evalDataset.");
    const plain = { maxSteps: 1 } as TrainingArguments;
    expect(() => new Trainer({ model: tiny(), args: plain, trainDataset: rows })).toThrow(
      'Trainer needs args: new TrainingArguments({ … })',
    );
  });
});

describe('evaluation', () => {
  it('is the mean over rows of the mean over the tokens of their batch', async () => {
    const model = tiny();
    const losses: number[] = [];
    for (const { inputIds } of test)
      losses.push((await model.forward({ inputIds: [inputIds], labels: [inputIds] })).loss!);
    const counts = test.map(({ inputIds }) => inputIds.length - 1);
    const first = (losses[0]! * counts[0]! + losses[1]! * counts[1]!) / (counts[0]! + counts[1]!);
    const evaluated = async (perDeviceEvalBatchSize: number) =>
      (await new Trainer({ model, args: settings({ perDeviceEvalBatchSize }), evalDataset: test }).evaluate())
        .evalLoss;
    expect(await evaluated(1)).toBeCloseTo(losses.reduce((a, b) => a + b) / 3, 5);
    expect(await evaluated(2)).toBeCloseTo((2 * first + losses[2]!) / 3, 5);
  });
});

describe('more metrics', () => {
  it('are of the likeliest tokens, and can choose the best checkpoint', async () => {
    const accuracies: number[] = [];
    const trainer = new Trainer({
      model: tiny(),
      args: settings({
        numTrainEpochs: 6,
        learningRate: 0.02,
        evalStrategy: 'epoch',
        saveStrategy: 'epoch',
        saveTotalLimit: 1,
        loadBestModelAtEnd: true,
        metricForBestModel: 'accuracy',
      }),
      trainDataset: rows,
      evalDataset: test,
      computeMetrics({ predictions, labelIds }) {
        expect(labelIds).toEqual(test.map(({ inputIds }) => inputIds.slice(1)));
        const right = labelIds.flatMap((labels, row) =>
          labels.map((label, i) => predictions[row]![i] === label),
        );
        accuracies.push(right.filter(Boolean).length / right.length);
        return { accuracy: accuracies.at(-1)! };
      },
    });
    await trainer.train();
    const { bestMetric, logHistory } = trainer.state;
    const logged = logHistory.flatMap(({ evalAccuracy }) => evalAccuracy ?? []);
    expect(logged).toEqual(accuracies);
    expect(bestMetric).toBe(Math.max(...accuracies));
    expect(bestMetric).toBeGreaterThan(accuracies[0]!);

    const { inputIds } = test[0]!;
    const { logits } = await trainer.model.forward({ inputIds: [inputIds] });
    const said = inputIds.slice(1).map((_, at) => {
      const row = Array.from(logits.data.subarray(40 * at, 40 * (at + 1)));
      return row.indexOf(Math.max(...row));
    });
    let predicted: readonly number[] | undefined;
    await new Trainer({
      model: trainer.model,
      args: settings(),
      evalDataset: test,
      computeMetrics({ predictions }) {
        predicted = predictions[0];
        return {};
      },
    }).evaluate();
    expect(predicted).toEqual(said);
  });

  it('are named when the one that chooses is not among them', async () => {
    const args = settings({ maxSteps: 1, evalStrategy: 'steps', metricForBestModel: 'f1' });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows, evalDataset: test });
    await expect(trainer.train()).rejects.toThrow(
      "metricForBestModel 'f1' is not among what evaluation gives: evalLoss, evalRuntime",
    );
  });
});

describe('a run that ends within an epoch', () => {
  it.each([
    ['by its steps', { maxSteps: 2 }, undefined],
    ['by a callback', {}, 2],
  ] as const)(
    '%s is logged, evaluated and saved where that is done at the end of epochs',
    async (_, more, stop) => {
      const args = settings({
        ...more,
        loggingStrategy: 'epoch',
        evalStrategy: 'epoch',
        saveStrategy: 'epoch',
        loadBestModelAtEnd: true,
      });
      const onStepEnd: TrainerCallback['onStepEnd'] = ({ state, control }) => {
        if (state.globalStep === stop) control.shouldTrainingStop = true;
      };
      const callbacks = [{ onStepEnd }];
      const trainer = new Trainer({ model: tiny(), args, trainDataset: rows, evalDataset: rows, callbacks });
      await trainer.train();
      const { logHistory, bestModelCheckpoint } = trainer.state;
      expect(lossesOf(logHistory)).toHaveLength(1);
      expect(logHistory.filter(({ evalLoss }) => evalLoss !== undefined).map(({ step }) => step)).toEqual([
        2,
      ]);
      expect(bestModelCheckpoint).toBe(join(args.outputDir, 'checkpoint-2'));
    },
  );
});

describe('checkpoints', () => {
  const saving = (more: Partial<TrainingArguments> = {}) =>
    settings({ numTrainEpochs: 3, saveStrategy: 'steps', saveSteps: 5, warmupSteps: 2, ...more });

  it('can be written of a run that an error has stopped, and the run goes on from there', async () => {
    const args = saving({ saveStrategy: 'no' });
    const whole = new Trainer({ model: tiny(), args, trainDataset: rows });
    await whole.train();
    const onStepEnd: TrainerCallback['onStepEnd'] = ({ state }) => {
      if (state.globalStep === 3) throw new Error('the disk of the log is full');
    };
    const stopped = new Trainer({ model: tiny(), args, trainDataset: rows, callbacks: [{ onStepEnd }] });
    await expect(stopped.train()).rejects.toThrow('the disk of the log is full');
    expect(await stopped.saveCheckpoint()).toBe(join(args.outputDir, 'checkpoint-3'));
    const resumed = new Trainer({ model: tiny(), args, trainDataset: rows });
    await resumed.train({ resumeFromCheckpoint: true });
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
  });

  it.each(['adamw', 'adafactor', 'sgd'] as const)(
    'a run with %s that goes on from one ends with the weights and the log of one that was never interrupted, bit for bit',
    async optim => {
      const args = saving({ optim, weightDecay: optim === 'adamw' ? 0.1 : 0, loggingSteps: 2 });
      const whole = new Trainer({ model: tiny(), args, trainDataset: rows });
      const expected = await whole.train();
      const resumed = new Trainer({ model: tiny(), args, trainDataset: rows });
      const output = await resumed.train({ resumeFromCheckpoint: join(args.outputDir, 'checkpoint-5') });
      expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
      expect(output.globalStep).toBe(12);
      expect(output.trainingLoss).toBe(expected.trainingLoss);
      expect(output.metrics.totalFlos).toBe(expected.metrics.totalFlos);
      expect(lossesOf(resumed.state.logHistory)).toEqual(lossesOf(whole.state.logHistory));
    },
  );

  it('adapters go on too, and leave out what they would have', async () => {
    const args = saving();
    const config = new LoraConfig({ r: 2, loraAlpha: 4, loraDropout: 0.3, targetModules: ['dense'] });
    const adapted = () => getPeftModel(tiny(), config, { seed: 1 });
    const whole = new Trainer({ model: adapted(), args, trainDataset: rows });
    await whole.train();
    const resumed = new Trainer({ model: adapted(), args, trainDataset: rows });
    await resumed.train({ resumeFromCheckpoint: join(args.outputDir, 'checkpoint-10') });
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
    expect(lossesOf(resumed.state.logHistory)).toEqual(lossesOf(whole.state.logHistory));
  });

  it.each<[string, Partial<TrainingArguments>]>([
    ['texts of equal length together', { groupByLength: true, perDeviceTrainBatchSize: 2 }],
    ['packed rows', { packing: true, maxLength: 9, gradientAccumulationSteps: 1 }],
  ])('a run with %s goes on too', async (_, more) => {
    const args = saving({ saveSteps: 3, ...more });
    const whole = new Trainer({ model: tiny(), args, trainDataset: rows });
    await whole.train();
    const resumed = new Trainer({ model: tiny(), args, trainDataset: rows });
    await resumed.train({ resumeFromCheckpoint: join(args.outputDir, 'checkpoint-3') });
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
  });

  it('a run that stops early stops at the same step when it is resumed', async () => {
    const args = saving({
      numTrainEpochs: 100,
      learningRate: 0.1,
      evalStrategy: 'steps',
      evalSteps: 1,
      saveSteps: 1,
    });
    const start = () =>
      new Trainer({
        model: tiny(),
        args,
        trainDataset: rows,
        evalDataset: test,
        callbacks: [new EarlyStoppingCallback({ earlyStoppingPatience: 3 })],
      });
    const { globalStep } = await start().train();
    expect(globalStep).toBeLessThan(400);
    const resumed = await start().train({
      resumeFromCheckpoint: join(args.outputDir, `checkpoint-${globalStep - 2}`),
    });
    expect(resumed.globalStep).toBe(globalStep);
  });

  it('of the model alone are smaller, and say why they cannot be resumed', async () => {
    const args = saving({ maxSteps: 2, saveOnlyModel: true });
    await new Trainer({ model: tiny(), args, trainDataset: rows }).train();
    const folder = join(args.outputDir, 'checkpoint-2');
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors', 'trainer_state.json']);
    const again = new Trainer({ model: tiny(), args, trainDataset: rows });
    await expect(again.train({ resumeFromCheckpoint: folder })).rejects.toThrow(
      /checkpoint-2 has no resume\.json: it was saved with saveOnlyModel/,
    );
  });

  it("hold what Hugging Face's do", async () => {
    const args = saving({ evalStrategy: 'steps', evalSteps: 5 });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows, evalDataset: test });
    await trainer.train();
    expect(readdirSync(args.outputDir).sort()).toEqual(['checkpoint-10', 'checkpoint-12', 'checkpoint-5']);
    const state = JSON.parse(readFileSync(join(args.outputDir, 'checkpoint-10/trainer_state.json'), 'utf8'));
    expect(state).toMatchObject({
      global_step: 10,
      epoch: 2 + 8 / 14,
      max_steps: 12,
      num_train_epochs: 3,
      train_batch_size: 1,
      eval_steps: 5,
      is_world_process_zero: true,
      stateful_callbacks: {},
    });
    expect(Object.keys(state.log_history[0])).toEqual(
      expect.arrayContaining(['step', 'epoch', 'loss', 'grad_norm', 'learning_rate']),
    );
    expect(state.log_history.at(-1).eval_loss).toBe(state.best_metric);
  });

  it('are as few as the limit says, with the best and the latest among them', async () => {
    // The learning rate is so high that evaluation is best early.
    const args = saving({
      evalStrategy: 'steps',
      evalSteps: 1,
      saveSteps: 1,
      saveTotalLimit: 2,
      learningRate: 3,
      warmupSteps: 0,
      loadBestModelAtEnd: true,
    });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows, evalDataset: test });
    await trainer.train();
    const { bestGlobalStep, bestMetric, bestModelCheckpoint, logHistory } = trainer.state;
    const evaluations = logHistory.filter(({ evalLoss }) => evalLoss !== undefined);
    expect(bestMetric).toBe(Math.min(...evaluations.map(({ evalLoss }) => evalLoss!)));
    expect(bestGlobalStep).toBeLessThan(11);
    expect(bestModelCheckpoint).toBe(join(args.outputDir, `checkpoint-${bestGlobalStep}`));
    expect(readdirSync(args.outputDir).sort()).toEqual(
      ['checkpoint-12', `checkpoint-${bestGlobalStep}`].sort(),
    );
    expect((await trainer.evaluate()).evalLoss).toBe(bestMetric);
  });

  it('refuse what does not fit them', async () => {
    const args = saving({ maxSteps: 2 });
    const trainer = new Trainer({ model: tiny(), args, trainDataset: rows });
    await expect(trainer.train({ resumeFromCheckpoint: true })).rejects.toThrow('there is no checkpoint in');
    const elsewhere = join(args.outputDir, 'none');
    await expect(trainer.train({ resumeFromCheckpoint: elsewhere })).rejects.toThrow(
      /there is no folder .*none; true takes/,
    );
    await trainer.train();
    const resume = (more: Partial<TrainingArguments>, trainDataset = rows) =>
      new Trainer({
        model: tiny(),
        args: new TrainingArguments({ ...args, maxSteps: 4, ...more }),
        trainDataset,
      }).train({ resumeFromCheckpoint: true });
    await expect(resume({ seed: 7 })).rejects.toThrow(
      /^seed was 42 when .*checkpoint-2 was saved and is 7 now/,
    );
    await expect(resume({}, test)).rejects.toThrow(/^The number of training rows was 14 when/);
    await expect(resume({ optim: 'sgd' })).rejects.toThrow(/^optim was "adamw" when/);
    expect((await resume({})).globalStep).toBe(4);
  });
});

describe('the folder of a saved model', () => {
  it('is loaded again with the trained weights and the tokenizer beside it', async () => {
    const tokenizer = {
      saved: '',
      async savePretrained(folder: string) {
        this.saved = folder;
      },
    };
    const trainer = new Trainer({
      model: tiny(),
      args: settings({ maxSteps: 2 }),
      trainDataset: rows,
      tokenizer,
    });
    await trainer.train();
    const folder = newFolder();
    await trainer.saveModel(folder);
    expect(existsSync(join(folder, 'config.json'))).toBe(true);
    expect(tokenizer.saved).toBe(folder);
    const loaded = await AutoModelForCausalLM.fromPretrained(folder);
    expect(weightsOf(loaded)).toEqual(weightsOf(trainer.model));
  });
});

const SPLIT = join(GOLDEN, '../lamini/golden_split_tokens.json');

it.skipIf(!existsSync(SPLIT))(
  `three steps over the course's rows are its 262,933,364,736 operations${reason}`,
  async () => {
    const { split, token_lengths } = JSON.parse(readFileSync(SPLIT, 'utf8')) as {
      split: { train_idx: number[] };
      token_lengths: number[];
    };
    const trainDataset = split.train_idx.map(row => ({
      inputIds: new Array<number>(token_lengths[row]!).fill(7),
    }));
    const model = tiny();
    const { metrics } = await new Trainer({ model, args: settings({ maxSteps: 3 }), trainDataset }).train();
    expect(metrics.totalFlos / model.floatingPointOps(1)).toBe(981);
    // pythia-70m has 44,670,976 parameters outside its embedding.
    expect(6 * 44_670_976 * 981).toBe(262_933_364_736);
  },
);

/**
 * Losses and gradient norms of transformers 5.18's Trainer with PyTorch 2.13, from the weights of `tiny()` and with the
 * arguments of `settings()`.
 */
describe('four steps are those of the Hugging Face Trainer', () => {
  /** The rows so that they come in the order in which that Trainer took them. */
  const inItsOrder = (given: readonly object[]): object[] => {
    const order = trainerOrder(given.length, 42).next().value;
    const its = [8, 9, 6, 2, 10, 7, 4, 12, 5, 0, 1, 3, 11, 13];
    return given.map((_, row) => given[its[order.indexOf(row)]!]!);
  };
  const some = (inputIds: readonly number[]) =>
    rows.map((row, i) => ([1, 5, 9].includes(i) ? { inputIds } : row));
  const rowsOfOne = [
    [3.855541706085205, 3.2208337783813477],
    [3.278594493865967, 2.491342067718506],
    [3.253974676132202, 3.815236806869507],
    [3.0324645042419434, 3.5659992694854736],
  ];
  it.each<[string, object[], Partial<TrainingArguments>, number[][]]>([
    [
      'with completions alone',
      inItsOrder(rows.map(row => ({ ...row, completionMask: row.inputIds.map((_, i) => Number(i >= 2)) }))),
      { completionOnlyLoss: true },
      [
        [3.879304885864258, 3.4007747173309326],
        [2.9945054054260254, 2.7477025985717773],
        [3.5501976013183594, 3.6951870918273926],
        [2.8155150413513184, 3.4406321048736572],
      ],
    ],
    [
      'with texts of equal length together',
      rows,
      { groupByLength: true, perDeviceTrainBatchSize: 2, gradientAccumulationSteps: 2 },
      [
        [3.8332834243774414, 3.3419480323791504],
        [3.2426865100860596, 3.3529930114746094],
        [3.2818381786346436, 2.730192184448242],
        [2.9920780658721924, 3.2019693851470947],
      ],
    ],
    ['with rows of one token', inItsOrder(some([7])), {}, rowsOfOne],
    ['with rows of no token', inItsOrder(some([])), {}, rowsOfOne],
  ])('%s, to 1e-4 and 1e-3', async (_, trainDataset, more, golden) => {
    const trainer = new Trainer({ model: tiny(), args: settings({ maxSteps: 4, ...more }), trainDataset });
    await trainer.train();
    for (const [i, [loss, gradNorm]] of golden.entries()) {
      const line = trainer.state.logHistory[i]!;
      expect(Math.abs(line.loss! - loss!), `loss of step ${i + 1}`).toBeLessThan(1e-4);
      expect(Math.abs(line.gradNorm! - gradNorm!), `norm of step ${i + 1}`).toBeLessThan(1e-3);
    }
  });
});

interface GoldenLine {
  readonly loss: number;
  readonly grad_norm: number;
  readonly epoch?: number;
  readonly learning_rate?: number;
  readonly lr_used: number;
}

describe.skipIf(missing).each(['neox', 'llama'] as const)(
  `ten steps of the Hugging Face Trainer with %s${reason}`,
  kind => {
    it.each<[string, Partial<TrainingArguments>]>([
      ['trainer_adafactor_lr1e-5', { optim: 'adafactor', learningRate: 1e-5 }],
      ['trainer_adamw_torch_lr1e-3', { learningRate: 1e-3 }],
      [
        'manual_old_trainer_adafactor_lr1e-5',
        { optim: 'adafactor', learningRate: 1e-5, lossAverage: 'microBatches' },
      ],
      [
        'manual_old_trainer_adafactor_lr1e-3',
        { optim: 'adafactor', learningRate: 1e-3, lossAverage: 'microBatches' },
      ],
      ['manual_old_trainer_adamw_lr1e-3', { learningRate: 1e-3, lossAverage: 'microBatches' }],
    ])('%s: losses to 1e-4, gradient norms to 1e-3, learning rates and epochs', async (name, more) => {
      const golden = readGolden();
      const run = golden[kind][name];
      const lines = (run.log ?? run.log_history.slice(0, 10)) as GoldenLine[];
      // The reference went through its rows in their order.
      const sequences = golden.train_sequences as number[][];
      const trainDataset: object[] = [];
      trainerOrder(sequences.length, 42)
        .next()
        .value.forEach((row, i) => {
          trainDataset[row] = { inputIds: sequences[i] };
        });
      const trainer = new Trainer({
        model: await loadGolden(kind),
        args: settings({ maxSteps: 10, warmupSteps: 1, ...more }),
        trainDataset,
      });
      const { trainingLoss, metrics } = await trainer.train();
      for (const [i, expected] of lines.entries()) {
        const line = trainer.state.logHistory[i]!;
        expect(Math.abs(line.loss! - expected.loss), `loss of step ${i + 1}`).toBeLessThan(1e-4);
        expect(Math.abs(line.gradNorm! - expected.grad_norm), `norm of step ${i + 1}`).toBeLessThan(1e-3);
        expect(line.learningRate).toBeCloseTo(expected.learning_rate ?? expected.lr_used, 12);
        if (expected.epoch !== undefined) expect(line.epoch).toBeCloseTo(expected.epoch, 10);
      }
      if (run.train_loss !== undefined) {
        expect(Math.abs(trainingLoss - run.train_loss)).toBeLessThan(1e-4);
        expect(metrics.totalFlos).toBe(run.total_flos);
      }
    });
  },
);
