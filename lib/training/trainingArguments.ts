/** What a training run is told, with Hugging Face's names, defaults and checks. */
import { inspect } from 'node:util';
import type { DeviceChoice } from '../graph/index.ts';
import type { LossAverage } from './pack.ts';
import type { ScheduleName } from './schedule.ts';

/** When something is done: never, every so many steps, or after each epoch. */
export type IntervalStrategy = 'no' | 'steps' | 'epoch';

/**
 * Where log lines go: a bar and a live curve in a notebook or lines in a terminal; and in the output folder `log.jsonl`,
 * `log.csv`, and a folder `runs` that TensorBoard shows.
 */
export type Report = 'console' | 'jsonl' | 'csv' | 'tensorboard';

/** What some schedules leave open. */
export interface ScheduleSettings {
  /** How often `cosine_with_restarts` falls to 0; once if not given. */
  readonly numCycles?: number;
  /** The exponent of `polynomial`; 1 if not given. */
  readonly power?: number;
  /** The learning rate that `polynomial` ends with; 1e-7 if not given. */
  readonly lrEnd?: number;
}

/**
 * The settings of a training run. Defaults are those of transformers.
 *
 * @see https://huggingface.co/docs/transformers/main_classes/trainer#transformers.TrainingArguments
 */
export class TrainingArguments {
  /** The folder for checkpoints and logs. */
  readonly outputDir: string = 'trainer_output';
  /** How often the training rows are gone through; may be a fraction. */
  readonly numTrainEpochs: number = 3;
  /** How many steps are taken; -1 for as many as the epochs have. */
  readonly maxSteps: number = -1;
  /** Rows in a micro-batch. */
  readonly perDeviceTrainBatchSize: number = 8;
  /** Rows in a batch of an evaluation. */
  readonly perDeviceEvalBatchSize: number = 8;
  /** Micro-batches in a step. */
  readonly gradientAccumulationSteps: number = 1;
  /** How the losses of a step's micro-batches become one. */
  readonly lossAverage: LossAverage = 'tokens';
  /** The learning rate after the warm-up. */
  readonly learningRate: number = 5e-5;
  /** How the learning rate changes after the warm-up. */
  readonly lrSchedulerType: ScheduleName | 'constant' = 'linear';
  readonly lrSchedulerKwargs: ScheduleSettings = {};
  /** Steps over which the learning rate rises from 0; with a warm-up the first step has the rate 0. */
  readonly warmupSteps: number = 0;
  /** The same as a share of all steps, for when `warmupSteps` is 0. */
  readonly warmupRatio: number = 0;
  readonly optim: 'adamw' | 'adafactor' | 'sgd' = 'adamw';
  /** How much of each matrix AdamW takes away at a step, times the learning rate; biases and norms are left out. */
  readonly weightDecay: number = 0;
  /** The longest that all gradients as one vector may be; 0 for no limit. */
  readonly maxGradNorm: number = 1;
  readonly adamBeta1: number = 0.9;
  readonly adamBeta2: number = 0.999;
  readonly adamEpsilon: number = 1e-8;
  /** The most tokens of a text, which is cut off behind them; all if not given. With `packing`, those of a packed row. */
  readonly maxLength: number | undefined = undefined;
  /**
   * Puts short texts together in rows of at most `maxLength` tokens, in which each sees only itself. The batch size then
   * counts these rows. As TRL's `packing` by best fit decreasing.
   */
  readonly packing: boolean = false;
  /** Puts texts of about equal length in a step, in the order of transformers' LengthGroupedSampler. */
  readonly groupByLength: boolean = false;
  /** Takes the loss of completions alone: of the tokens whose `completionMask` is 1. As TRL has it. */
  readonly completionOnlyLoss: boolean = false;
  /** Keeps less in memory for the gradient and computes it again instead: slower, for longer texts or larger batches. */
  readonly gradientCheckpointing: boolean = false;
  /**
   * Computes layers in float16, on a GPU that has it; weights, their gradients, the optimizer and the loss stay in float32. The
   * loss is scaled as torch.amp.GradScaler does: a step whose gradients do not fit into float16 is left out.
   */
  readonly fp16: boolean = false;
  readonly loggingStrategy: IntervalStrategy = 'steps';
  readonly loggingSteps: number = 500;
  /** Logs the first step too. */
  readonly loggingFirstStep: boolean = false;
  readonly evalStrategy: IntervalStrategy = 'no';
  /** As `loggingSteps` if not given. */
  readonly evalSteps: number | undefined = undefined;
  /** Steps, or epochs if that is the strategy, before which nothing is evaluated. */
  readonly evalDelay: number = 0;
  /** Evaluates before the first step too. */
  readonly evalOnStart: boolean = false;
  readonly saveStrategy: IntervalStrategy = 'steps';
  readonly saveSteps: number = 500;
  /** How many checkpoints are kept, the best and the latest among them; all if not given. */
  readonly saveTotalLimit: number | undefined = undefined;
  /** Leaves out of checkpoints what training would go on from: they are smaller, and cannot be resumed. */
  readonly saveOnlyModel: boolean = false;
  /** Ends with the weights of the checkpoint that was best in evaluation. */
  readonly loadBestModelAtEnd: boolean = false;
  /** Of what evaluation returns, with or without `eval` before it. */
  readonly metricForBestModel: string = 'loss';
  /** Whether more of that metric is better; yes if not given, unless its name ends in `loss`. */
  readonly greaterIsBetter: boolean | undefined = undefined;
  /** Says the order of the training rows. */
  readonly seed: number = 42;
  /** Where the model is trained; where it was told to run if not given. */
  readonly device: DeviceChoice | undefined = undefined;
  readonly reportTo: readonly Report[] = ['console'];

  /**
   * @throws naming argument and value if one is not known or cannot be
   * @example new TrainingArguments({ outputDir: 'out', maxSteps: 3, learningRate: 1e-5, optim: 'adafactor' });
   */
  constructor(options: Partial<TrainingArguments> = {}) {
    const known = Object.keys(this);
    for (const [name, value] of Object.entries(options)) {
      if (name === 'bf16' && value === true) {
        throw new TypeError(
          "TrainingArguments: bf16 cannot be had, since neither WebGPU nor ONNX Runtime's CPU engine computes in bfloat16; leave it out, or set fp16 with a GPU.",
        );
      }
      if (!known.includes(name)) {
        throw new TypeError(`TrainingArguments has no ${name}; it has ${known.join(', ')}.`);
      }
      if (value !== undefined) Object.assign(this, { [name]: value });
    }
    this.evalSteps ??= this.loggingSteps;
    check(this);
  }
}

/** A condition on one argument, and what it asks for in words. */
type Check = readonly [holds: (value: unknown) => boolean, wanted: string];

const count = (least: number): Check => [
  value => Number.isSafeInteger(value) && (value as number) >= least,
  `a whole number from ${least} on`,
];
const positive: Check = [value => Number.isFinite(value) && (value as number) > 0, 'a number above 0'];
const notNegative: Check = [value => Number.isFinite(value) && (value as number) >= 0, 'a number from 0 on'];
const share: Check = [value => (value as number) >= 0 && (value as number) < 1, 'a number from 0 to below 1'];
const boolean: Check = [value => typeof value === 'boolean', 'true or false'];
const text: Check = [value => typeof value === 'string' && value !== '', 'a text that is not empty'];
const oneOf = (...values: readonly string[]): Check => [
  value => values.includes(value as string),
  `one of ${values.map(value => `'${value}'`).join(', ')}`,
];
const optional = ([holds, wanted]: Check): Check => [value => value === undefined || holds(value), wanted];
const strategy = oneOf('no', 'steps', 'epoch');

const CHECKS: Readonly<Record<keyof TrainingArguments, Check>> = {
  outputDir: text,
  numTrainEpochs: positive,
  maxSteps: [value => value === -1 || count(1)[0](value), '-1 or a whole number from 1 on'],
  perDeviceTrainBatchSize: count(1),
  perDeviceEvalBatchSize: count(1),
  gradientAccumulationSteps: count(1),
  lossAverage: oneOf('tokens', 'microBatches'),
  learningRate: notNegative,
  lrSchedulerType: oneOf(
    'linear',
    'cosine',
    'cosine_with_restarts',
    'polynomial',
    'inverse_sqrt',
    'constant',
    'constant_with_warmup',
  ),
  lrSchedulerKwargs: [
    value =>
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value).every(
        ([name, number]) => ['numCycles', 'power', 'lrEnd'].includes(name) && notNegative[0](number),
      ),
    'an object with some of the numbers numCycles, power and lrEnd, from 0 on',
  ],
  warmupSteps: count(0),
  warmupRatio: share,
  optim: oneOf('adamw', 'adafactor', 'sgd'),
  weightDecay: notNegative,
  maxGradNorm: notNegative,
  adamBeta1: share,
  adamBeta2: share,
  adamEpsilon: positive,
  maxLength: optional(count(1)),
  packing: boolean,
  groupByLength: boolean,
  completionOnlyLoss: boolean,
  gradientCheckpointing: boolean,
  fp16: boolean,
  loggingStrategy: strategy,
  loggingSteps: count(1),
  loggingFirstStep: boolean,
  evalStrategy: strategy,
  evalSteps: count(1),
  evalDelay: notNegative,
  evalOnStart: boolean,
  saveStrategy: strategy,
  saveSteps: count(1),
  saveTotalLimit: optional(count(1)),
  saveOnlyModel: boolean,
  loadBestModelAtEnd: boolean,
  metricForBestModel: text,
  greaterIsBetter: optional(boolean),
  seed: [
    value => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32,
    'a whole number from 0 to below 2³²',
  ],
  device: optional(oneOf('cpu', 'webgpu', 'auto')),
  reportTo: [
    value => Array.isArray(value) && value.every(oneOf('console', 'jsonl', 'csv', 'tensorboard')[0]),
    "a list of some of 'console', 'jsonl', 'csv' and 'tensorboard'",
  ],
};

function check(args: TrainingArguments): void {
  for (const [name, [holds, wanted]] of Object.entries(CHECKS)) {
    const value = args[name as keyof TrainingArguments];
    if (holds(value)) continue;
    throw new RangeError(`TrainingArguments: ${name} must be ${wanted}, not ${inspect(value)}.`);
  }
  const { lrSchedulerType, learningRate, warmupSteps, warmupRatio, optim, weightDecay } = args;
  if (lrSchedulerType === 'constant' && (warmupSteps > 0 || warmupRatio > 0)) {
    throw new RangeError(
      "TrainingArguments: lrSchedulerType 'constant' has no warm-up; choose 'constant_with_warmup' or leave warmupSteps and warmupRatio at 0.",
    );
  }
  if (weightDecay > 0 && optim !== 'adamw') {
    throw new RangeError(
      `TrainingArguments: weightDecay ${weightDecay} is for optim 'adamw'; '${optim}' has none here.`,
    );
  }
  const { lrEnd = 1e-7 } = args.lrSchedulerKwargs;
  if (lrSchedulerType === 'polynomial' && learningRate <= lrEnd) {
    throw new RangeError(
      `TrainingArguments: learningRate, ${learningRate}, must be above the lrEnd of lrSchedulerKwargs, ${lrEnd}.`,
    );
  }
  if (args.fp16 && args.device === 'cpu') {
    throw new RangeError(
      "TrainingArguments: fp16 needs a GPU, and device is 'cpu'; choose the device 'webgpu' or leave fp16 out.",
    );
  }
  if (args.packing && args.maxLength === undefined) {
    throw new RangeError('TrainingArguments: packing needs maxLength, the tokens of a packed row.');
  }
  if (args.packing && args.groupByLength) {
    throw new RangeError(
      'TrainingArguments: packing makes rows of about equal length already; leave groupByLength out.',
    );
  }
  if (args.loadBestModelAtEnd) checkBest(args);
}

function checkBest({ evalStrategy, evalSteps, saveStrategy, saveSteps }: TrainingArguments): void {
  if (evalStrategy === 'no' || evalStrategy !== saveStrategy) {
    throw new RangeError(
      `TrainingArguments: loadBestModelAtEnd needs evalStrategy and saveStrategy to be the same, not '${evalStrategy}' and '${saveStrategy}'.`,
    );
  }
  if (saveStrategy === 'steps' && saveSteps % evalSteps! !== 0) {
    throw new RangeError(
      `TrainingArguments: loadBestModelAtEnd needs saveSteps, ${saveSteps}, to be a multiple of evalSteps, ${evalSteps}.`,
    );
  }
}
