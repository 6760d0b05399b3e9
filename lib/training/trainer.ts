/** Trains a model on a data set, as Hugging Face's Trainer does. */
import { gracefully, Interrupted, nextTurn } from '../host.ts';
import { type CausalLM, SequenceClassifier } from '../models/index.ts';
import { stepRows } from './batches.ts';
import {
  checkpointFolder,
  listCheckpoints,
  prepareFolder,
  removeCheckpoint,
  rotateCheckpoints,
  stepOfCheckpoint,
  writeCheckpoint,
} from './checkpoints.ts';
import { type EvalPrediction, evaluateModel } from './evaluation.ts';
import { evaluationName, isBetter } from './metric.ts';
import { optimizerOf, trainingStep } from './modelStep.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { factorOf, planOf } from './plan.ts';
import { openReports, type TrainingReport } from './reports.ts';
import { type LossSums, loadWeights, readResume, writeResume } from './resume.ts';

import type { OptimizerState, StepResult, TrainingStep } from './step.ts';
import { packFor, type TrainableModel } from './task.ts';
import { type LogLine, newState, readState, type TrainerState, writeState } from './trainerState.ts';
import { type IntervalStrategy, TrainingArguments } from './trainingArguments.ts';
import { type DataCollator, hasLabels, type ReadRows, rowReader, type TrainingRows } from './trainingRows.ts';

/** What a callback can ask for. */
export interface TrainerControl {
  /** Ends training after this step. */
  shouldTrainingStop: boolean;
}

export interface CallbackEvent<M extends TrainableModel = CausalLM> {
  readonly args: TrainingArguments;
  readonly state: Readonly<TrainerState>;
  readonly model: M;
  readonly control: TrainerControl;
}

/** Is called as training goes; what a callback returns is awaited. */
export interface TrainerCallback<M extends TrainableModel = CausalLM> {
  onTrainBegin?(event: CallbackEvent<M>): unknown;
  onStepEnd?(event: CallbackEvent<M>): unknown;
  onLog?(event: CallbackEvent<M> & { readonly line: LogLine }): unknown;
  onEvaluate?(event: CallbackEvent<M> & { readonly metrics: EvaluationMetrics }): unknown;
  /** @param event.folder of the checkpoint that was saved */
  onSave?(event: CallbackEvent<M> & { readonly folder: string }): unknown;
  onTrainEnd?(event: CallbackEvent<M>): unknown;
}

export interface TrainerOptions<M extends TrainableModel = CausalLM> {
  readonly model: M;
  readonly args: TrainingArguments;
  /** Rows with inputIds, and labels unless they are the same; for a classifier with a label, the number of their class. */
  readonly trainDataset?: TrainingRows;
  readonly evalDataset?: TrainingRows;
  /** Is saved beside the model. */
  readonly tokenizer?: { savePretrained(folder: string): Promise<unknown> };
  readonly callbacks?: readonly TrainerCallback<M>[];
  /** Makes the texts of a micro-batch of its rows; without it each row is a text. */
  readonly dataCollator?: DataCollator;
  /**
   * An optimizer in the place of the one that `optim` names, and the factor of the learning rate after so many steps in the
   * place of `lrSchedulerType`; undefined leaves either as it is.
   *
   * @example optimizers: [sgd({ momentum: 0.9 }), schedule('cosine', { steps: 100 })]
   */
  readonly optimizers?: readonly [Optimizer | undefined, ((taken: number) => number)?];
  /**
   * More figures of an evaluation, by name: `accuracy` is logged as `evalAccuracy`.
   *
   * @example computeMetrics: ({ predictions, labelIds }) => ({ accuracy: accuracyOf(predictions, labelIds) })
   */
  readonly computeMetrics?: (prediction: EvalPrediction) => Readonly<Record<string, number>>;
}

export interface TrainOptions {
  /** The folder of a checkpoint, or true for the latest in the output folder. */
  readonly resumeFromCheckpoint?: string | boolean;
}

export interface TrainOutput {
  readonly globalStep: number;
  /** The mean loss of all steps. */
  readonly trainingLoss: number;
  readonly metrics: TrainMetrics;
}

export interface TrainMetrics {
  /** Seconds. */
  readonly trainRuntime: number;
  readonly trainSamplesPerSecond: number;
  readonly trainStepsPerSecond: number;
  /** Floating-point operations of all steps. */
  readonly totalFlos: number;
  readonly trainLoss: number;
  readonly epoch: number;
}

export interface EvaluationMetrics {
  readonly evalLoss: number;
  /** Seconds. */
  readonly evalRuntime: number;
  readonly evalSamplesPerSecond: number;
  readonly epoch: number;
  /** What `computeMetrics` gives. */
  readonly [metric: string]: number;
}

/** What a run keeps while it goes. */
interface Run {
  readonly step: TrainingStep;
  /** How many rows there are to train on. */
  readonly rows: number;
  readonly losses: LossSums;
  /** Of this run alone, not of what it was resumed from. */
  readonly spent: { seconds: number; steps: number; rows: number; tokens: number; flos: number };
  /** This run's checkpoints, the latest last. */
  checkpoints: string[];
  /** The latest of them, as long as no loss has shown that its weights are good. */
  unproven: string | undefined;
}

/**
 * Trains and evaluates a model.
 *
 * @example
 * const trainer = new Trainer({ model, args, trainDataset: train, evalDataset: test });
 * const { trainingLoss } = await trainer.train();
 * await trainer.saveModel('my-model/final');
 * @see https://huggingface.co/docs/transformers/main_classes/trainer
 */
export class Trainer<M extends TrainableModel = CausalLM> {
  readonly model: M;
  readonly args: TrainingArguments;
  /** How far training is; `logHistory` has what was logged. */
  state: TrainerState;
  readonly #options: TrainerOptions<M>;
  readonly #control: TrainerControl = { shouldTrainingStop: false };
  #reports: readonly TrainingReport[] = [];
  /** What trains at the moment, and may have newer weights on a GPU. */
  #step: TrainingStep | undefined;
  /** Where training was when it stopped before its end. */
  #stopped: { readonly run: Run; readonly optimizer: OptimizerState } | undefined;

  /** @throws if `args` are not TrainingArguments, or a data set is missing that they ask for */
  constructor(options: TrainerOptions<M>) {
    const { model, args, evalDataset } = options;
    if (!(args instanceof TrainingArguments)) {
      throw new TypeError(
        'Trainer needs args: new TrainingArguments({ … }), which fills in what is not given.',
      );
    }
    if (args.evalStrategy !== 'no' && evalDataset === undefined) {
      throw new TypeError(`evalStrategy '${args.evalStrategy}' needs an evalDataset.`);
    }
    if (model instanceof SequenceClassifier && (args.packing || args.completionOnlyLoss)) {
      throw new TypeError(
        'packing and completionOnlyLoss are for models that continue texts, not for classifiers.',
      );
    }
    this.model = model;
    this.args = args;
    this.#options = options;
    this.state = newState(Math.max(0, args.maxSteps), args.numTrainEpochs);
  }

  /**
   * Trains the model. In a notebook an interrupt ends it at the next step; the model keeps what it has learned, and
   * `saveCheckpoint` keeps where training was.
   *
   * @param options.resumeFromCheckpoint goes on as if training had not been interrupted
   * @throws if the loss or a weight stops being a number, naming the step and the last checkpoint; if there is nothing to
   * train on; or if the checkpoint is not there or does not fit
   * @example
   * const { globalStep, trainingLoss, metrics } = await trainer.train();
   * @example
   * await trainer.train({ resumeFromCheckpoint: true });
   */
  train({ resumeFromCheckpoint = false }: TrainOptions = {}): Promise<TrainOutput> {
    return gracefully(() => this.#train(resumeFromCheckpoint));
  }

  async #train(resumeFromCheckpoint: string | boolean): Promise<TrainOutput> {
    const { model, args } = this;
    this.#stopped = undefined;
    const rows = this.#trainingRows();
    this.#checkRows();
    const read = this.#reader(rows, 'trainDataset');
    const lengthOf = (row: number): number =>
      read([row]).reduce((sum, { inputIds }) => sum + inputIds.length, 0);
    const { maxSteps, epochs, batches, packed } = planOf(args, rows.length, lengthOf);
    const readBatch: ReadRows = batch => read(packed ? batch.flatMap(row => packed[row]!) : batch);
    const from = await this.#checkpointToResume(resumeFromCheckpoint);
    const resumed = from === undefined ? undefined : await readResume(from, args, rows.length);
    this.state = from === undefined ? newState(maxSteps, epochs) : await readState(from);
    Object.assign(this.state, { maxSteps, numTrainEpochs: epochs });
    if (from !== undefined) await loadWeights(model, from);
    if (args.saveStrategy !== 'no') await prepareFolder(args.outputDir);

    const [optimizer = optimizerOf(args), factor = factorOf(args, maxSteps)] = this.#options.optimizers ?? [];
    const { maxGradNorm, device, fp16, seed, gradientCheckpointing } = args;
    const step = await trainingStep(model, optimizer, {
      maxGradNorm,
      device,
      dtype: fp16 ? 'float16' : undefined,
      seed,
      gradientCheckpointing,
      resumed: resumed?.optimizer,
    });
    this.#step = step;
    const run: Run = {
      step,
      rows: rows.length,
      losses: resumed?.losses ?? { recent: 0, recentSteps: 0, all: 0, allSteps: 0 },
      spent: { seconds: 0, steps: 0, rows: 0, tokens: 0, flos: 0 },
      checkpoints: from === undefined ? [] : await this.#checkpointsUpTo(from),
      unproven: undefined,
    };
    const started = performance.now();
    this.#control.shouldTrainingStop = false;
    this.#reports = openReports(args, this.state);
    try {
      await this.#tell(callback => callback.onTrainBegin?.(this.#event()));
      if (args.evalOnStart && this.state.globalStep === 0) await this.evaluate();
      const steps = stepRows(batches, this.state.globalStep);
      while (this.state.globalStep < maxSteps && !this.#control.shouldTrainingStop) {
        const { microBatches, epoch, endsEpoch } = steps.next().value;
        const rate = args.learningRate * factor(this.state.globalStep);
        const result = await this.#takeStep(run, readBatch, microBatches, rate);
        this.state.epoch = epoch;
        for (const report of this.#reports) report.step?.(this.state);
        await this.#tell(callback => callback.onStepEnd?.(this.#event()));
        const isEnd = this.state.globalStep === maxSteps || this.#control.shouldTrainingStop;
        await this.#afterStep(run, result, rate, endsEpoch || isEnd);
        await nextTurn();
      }
      if (run.losses.allSteps === 0) throw new RangeError('No row of trainDataset has a token to predict.');
      await step.sync();
      const output = await this.#finish(run, started);
      await this.#tell(callback => callback.onTrainEnd?.(this.#event()));
      return output;
    } catch (error) {
      try {
        await step.sync();
        this.#stopped = { run, optimizer: await step.state() };
      } catch {
        // An engine that has failed has nothing newer to give, and its first error says more than this one.
        throw error;
      }
      // A callback that a cell defines is interrupted by the kernel, with an error of its own.
      if ((error as Error | null)?.name !== 'Interrupted') throw error;
      throw new Interrupted(
        `training was interrupted at step ${this.state.globalStep} of ${maxSteps} and the model keeps what it has learned: write it with trainer.saveModel('folder'), or call trainer.saveCheckpoint() so that trainer.train({ resumeFromCheckpoint: true }) goes on from here.`,
      );
    } finally {
      this.#step = undefined;
      await step.release();
      for (const report of this.#reports) await report.close?.();
      this.#reports = [];
    }
  }

  /**
   * The loss of the model on the evaluation rows, and what `computeMetrics` makes of them; it is logged too.
   *
   * @throws if there are no such rows
   * @example const { evalLoss } = await trainer.evaluate();
   */
  async evaluate(evalDataset = this.#options.evalDataset): Promise<EvaluationMetrics> {
    if (evalDataset === undefined) throw new TypeError('trainer.evaluate() needs an evalDataset.');
    const started = performance.now();
    await this.#step?.sync();
    const { computeMetrics } = this.#options;
    const { loss, prediction } = await evaluateModel(
      this.model,
      this.#reader(evalDataset, 'evalDataset'),
      evalDataset.length,
      this.args,
      computeMetrics !== undefined,
    );
    const more = Object.entries(computeMetrics?.(prediction) ?? {});
    const evalRuntime = (performance.now() - started) / 1000;
    const evalSamplesPerSecond = evalDataset.length / evalRuntime;
    const metrics = {
      evalLoss: loss,
      ...Object.fromEntries(more.map(([name, value]) => [evaluationName(name), value])),
      evalRuntime,
      evalSamplesPerSecond,
      epoch: this.state.epoch,
    };
    await this.#log(metrics);
    await this.#tell(callback => callback.onEvaluate?.({ ...this.#event(), metrics }));
    return metrics;
  }

  /**
   * Writes the model, and the tokenizer if the trainer has one, into a folder.
   *
   * @param folder the output folder if not given
   * @example await trainer.saveModel('my-model/final');
   */
  async saveModel(folder: string = this.args.outputDir): Promise<void> {
    await this.#step?.sync();
    await this.model.savePretrained(folder);
    await this.#options.tokenizer?.savePretrained(folder);
  }

  /**
   * Writes a checkpoint of a training that an interrupt or an error has stopped, from which it goes on as if nothing had
   * happened.
   *
   * @returns the checkpoint's folder
   * @throws if the last training has run to its end, or if the checkpoint cannot be written
   * @example
   * await trainer.saveCheckpoint();
   * await trainer.train({ resumeFromCheckpoint: true });
   */
  async saveCheckpoint(): Promise<string> {
    if (this.#stopped === undefined)
      throw new Error('saveCheckpoint: there is no training that has stopped before its end.');
    return this.#save(this.#stopped.run, this.#stopped.optimizer, false);
  }

  async #takeStep(
    run: Run,
    read: ReadRows,
    rows: readonly (readonly number[])[],
    rate: number,
  ): Promise<StepResult | undefined> {
    const { state, model, args } = this;
    const { step, losses, spent } = run;
    const started = performance.now();
    const microBatches = rows.map(read);
    const examples = microBatches.flat();
    const result = hasLabels(examples)
      ? await step.run(packFor(model, microBatches, args.lossAverage), rate)
      : undefined;
    state.globalStep++;
    if (result !== undefined) {
      if (!Number.isFinite(result.loss) || !(Number.isFinite(result.gradNorm) || result.skipped))
        await this.#failStep(run, result, rate);
      await this.#rotate(run);
      losses.recent += result.loss;
      losses.recentSteps++;
      losses.all += result.loss;
      losses.allSteps++;
    }
    const tokens = examples.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
    const flos = model.floatingPointOps(tokens);
    state.numInputTokensSeen += tokens;
    state.totalFlos += flos;
    spent.seconds += (performance.now() - started) / 1000;
    spent.steps++;
    spent.rows += rows.flat().length;
    spent.tokens += tokens;
    spent.flos += flos;
    return result;
  }

  /** Logs, evaluates and saves where it is time to. */
  async #afterStep(
    run: Run,
    result: StepResult | undefined,
    rate: number,
    endsEpoch: boolean,
  ): Promise<void> {
    const { args, state } = this;
    const isLast = state.globalStep === state.maxSteps;
    const isTime = (strategy: IntervalStrategy, steps: number): boolean =>
      strategy === 'epoch' ? endsEpoch : strategy === 'steps' && state.globalStep % steps === 0;

    const isFirst = args.loggingFirstStep && state.globalStep === 1;
    if (isFirst || isTime(args.loggingStrategy, args.loggingSteps)) await this.#logStep(run, result, rate);
    let isBest = false;
    const delayed = (args.evalStrategy === 'epoch' ? state.epoch : state.globalStep) < args.evalDelay;
    if (!delayed && isTime(args.evalStrategy, args.evalSteps!)) {
      const metrics = await this.evaluate();
      if (!Number.isFinite(metrics.evalLoss)) await this.#fail(`the evaluation loss is ${metrics.evalLoss}`);
      isBest = this.#noteMetric(metrics);
    }
    if (isTime(args.saveStrategy, args.saveSteps) || (isLast && args.saveStrategy === 'steps')) {
      await run.step.sync();
      this.#stopped = { run, optimizer: await run.step.state() };
      await this.#save(run, this.#stopped.optimizer, isBest);
      this.#stopped = undefined;
    }
  }

  async #logStep(
    { losses, spent }: Run,
    result: StepResult | undefined,
    learningRate: number,
  ): Promise<void> {
    const iterTime = spent.seconds / spent.steps;
    await this.#log({
      ...(losses.recentSteps > 0 && { loss: losses.recent / losses.recentSteps }),
      ...(result && !result.skipped && { gradNorm: result.gradNorm }),
      learningRate,
      iterTime,
      flops: spent.flos / spent.seconds,
      remainingTime: (this.state.maxSteps - this.state.globalStep) * iterTime,
      tokensPerSecond: spent.tokens / spent.seconds,
    });
    losses.recent = 0;
    losses.recentSteps = 0;
  }

  /** @returns whether the metric is better than all before */
  #noteMetric(metrics: EvaluationMetrics): boolean {
    const { metricForBestModel } = this.args;
    const name = evaluationName(metricForBestModel);
    const value = metrics[name];
    if (value === undefined) {
      throw new RangeError(
        `metricForBestModel '${metricForBestModel}' is not among what evaluation gives: ${Object.keys(metrics).join(', ')}.`,
      );
    }
    const { state } = this;
    if (!isBetter(this.args, value, state.bestMetric)) return false;
    state.bestMetric = value;
    state.bestGlobalStep = state.globalStep;
    return true;
  }

  async #save(run: Run, optimizer: OptimizerState, isBest: boolean): Promise<string> {
    const { args, state, model } = this;
    for (const name of model.trainable) {
      if (!areFinite(model.weights.get(name)!.data))
        await this.#fail(`${name} has numbers that are not finite`);
    }
    const { globalStep } = state;
    // Of a model with adapters these alone are saved.
    const saved = 'peftConfig' in model ? model.trainable : [...model.weights.keys()];
    const arrays = [...saved.map(name => model.weights.get(name)!), ...optimizer.values.values()];
    const bytes = arrays.reduce((sum, { data }) => sum + data.byteLength, 0);
    const folder = await writeCheckpoint(args.outputDir, globalStep, bytes, async unfinished => {
      await this.saveModel(unfinished);
      if (isBest) state.bestModelCheckpoint = checkpointFolder(args.outputDir, globalStep);
      await writeState(unfinished, state, {
        loggingSteps: args.loggingSteps,
        evalSteps: args.evalSteps!,
        saveSteps: args.saveSteps,
        trainBatchSize: args.perDeviceTrainBatchSize,
      });
      if (!args.saveOnlyModel) await writeResume(unfinished, optimizer, run.losses, args, run.rows);
    });
    run.checkpoints = [...run.checkpoints.filter(other => other !== folder), folder];
    run.unproven = folder;
    await this.#tell(callback => callback.onSave?.({ ...this.#event(), folder }));
    return folder;
  }

  /** Removes checkpoints beyond the limit, once the latest is known to be good. */
  async #rotate(run: Run): Promise<void> {
    if (run.unproven === undefined) return;
    run.unproven = undefined;
    const { saveTotalLimit } = this.args;
    run.checkpoints = await rotateCheckpoints(
      run.checkpoints,
      saveTotalLimit,
      this.state.bestModelCheckpoint,
    );
  }

  async #finish(run: Run, started: number): Promise<TrainOutput> {
    const { state, args } = this;
    await this.#rotate(run);
    if (args.loadBestModelAtEnd && state.bestModelCheckpoint !== undefined) {
      await loadWeights(this.model, state.bestModelCheckpoint);
    }
    const trainRuntime = (performance.now() - started) / 1000;
    const trainingLoss = run.losses.all / run.losses.allSteps;
    const metrics = {
      trainRuntime,
      trainSamplesPerSecond: run.spent.rows / trainRuntime,
      trainStepsPerSecond: run.spent.steps / trainRuntime,
      totalFlos: state.totalFlos,
      trainLoss: trainingLoss,
      epoch: state.epoch,
    };
    await this.#log(metrics);
    return { globalStep: state.globalStep, trainingLoss, metrics };
  }

  async #log(figures: Readonly<Record<string, number>>): Promise<void> {
    const line: LogLine = { step: this.state.globalStep, epoch: this.state.epoch, ...figures };
    this.state.logHistory.push(line);
    for (const report of this.#reports) await report.log(line, this.state);
    await this.#tell(callback => callback.onLog?.({ ...this.#event(), line }));
  }

  async #tell(call: (callback: TrainerCallback<M>) => unknown): Promise<void> {
    for (const callback of this.#options.callbacks ?? []) await call(callback);
  }

  #event(): CallbackEvent<M> {
    return { args: this.args, state: this.state, model: this.model, control: this.#control };
  }

  #reader(rows: TrainingRows, name: string): ReadRows {
    return rowReader(rows, name, this.args, this.model, this.#options.dataCollator);
  }

  /** @throws naming the first row that cannot be trained on or evaluated, which would show only after hours otherwise */
  #checkRows(): void {
    const { trainDataset, evalDataset, dataCollator } = this.#options;
    // What a collator makes of rows may differ each time.
    if (dataCollator !== undefined) return;
    const datasets = { trainDataset, ...(this.args.evalStrategy !== 'no' && { evalDataset }) };
    for (const [name, rows] of Object.entries(datasets)) {
      const read = this.#reader(rows!, name);
      for (let row = 0; row < rows!.length; row++) read([row]);
    }
  }

  #trainingRows(): TrainingRows {
    const { trainDataset } = this.#options;
    if (trainDataset === undefined) throw new TypeError('trainer.train() needs a trainDataset.');
    if (trainDataset.length === 0) throw new RangeError('trainDataset has no rows.');
    return trainDataset;
  }

  async #checkpointToResume(asked: string | boolean): Promise<string | undefined> {
    if (asked === false) return undefined;
    if (typeof asked === 'string') return asked;
    const last = (await listCheckpoints(this.args.outputDir)).at(-1);
    if (last !== undefined) return last;
    throw new Error(
      `resumeFromCheckpoint: there is no checkpoint in ${this.args.outputDir}; train from the beginning first.`,
    );
  }

  /** What a resumed run may remove: not those of another run that went further. */
  async #checkpointsUpTo(from: string): Promise<string[]> {
    const all = await listCheckpoints(this.args.outputDir);
    return all.filter(folder => stepOfCheckpoint(folder) <= stepOfCheckpoint(from));
  }

  async #failStep(run: Run, { loss, gradNorm }: StepResult, rate: number): Promise<never> {
    if (Number.isFinite(loss))
      return this.#fail(`the gradient norm is ${gradNorm}, at learning rate ${rate}`);
    // The weights that gave this loss are what was saved just before.
    if (run.unproven !== undefined) await removeCheckpoint(run.unproven);
    return this.#fail(`the loss is ${loss}, at learning rate ${rate}`);
  }

  async #fail(what: string): Promise<never> {
    const last = (await listCheckpoints(this.args.outputDir)).at(-1);
    const kept = last === undefined ? 'no checkpoint was saved' : `the last good checkpoint is ${last}`;
    const wider = this.args.fp16 ? ', or leave fp16 out, whose numbers end at 65504,' : '';
    throw new Error(
      `Training stopped at step ${this.state.globalStep}: ${what}. Lower learningRate or maxGradNorm${wider} and load the model again; ${kept}.`,
    );
  }
}

/** Whether all numbers are finite: 0 times any other is not 0. */
function areFinite(data: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += 0 * data[i]!;
  return sum === 0;
}
