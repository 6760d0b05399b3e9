/** How far a training run is, in memory and as Hugging Face's trainer_state.json. */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** One line of the log; what a line does not speak of is not there. */
export interface LogLine {
  readonly step: number;
  /** Epochs done, with fractions. */
  readonly epoch: number;
  /** The mean training loss of the steps since the line before. */
  readonly loss?: number;
  /** The learning rate of the last step. */
  readonly learningRate?: number;
  /** The length of all gradients of the last step as one vector, before clipping. */
  readonly gradNorm?: number;
  /** Seconds a step, without evaluating and saving. */
  readonly iterTime?: number;
  /** Floating-point operations a second. */
  readonly flops?: number;
  /** Seconds that the steps to come will take. */
  readonly remainingTime?: number;
  readonly tokensPerSecond?: number;
  readonly evalLoss?: number;
  readonly [metric: string]: number | undefined;
}

/** What an evaluation's line has beside what every evaluation gives. */
const EVERY_EVALUATION = ['evalLoss', 'evalRuntime', 'evalSamplesPerSecond'];

/** What `computeMetrics` gave for a line of the log, under its own names: `evalAccuracy` is `accuracy`. */
export function metricsOf(line: LogLine): [name: string, value: number][] {
  return Object.entries(line).flatMap(([key, value]) => {
    if (!/^eval[A-Z]/.test(key) || EVERY_EVALUATION.includes(key) || value === undefined) return [];
    return [[key.charAt('eval'.length).toLowerCase() + key.slice('eval'.length + 1), value]];
  });
}

export interface TrainerState {
  /** Steps taken. */
  globalStep: number;
  /** Epochs done, with fractions. */
  epoch: number;
  /** Steps to take in all. */
  maxSteps: number;
  numTrainEpochs: number;
  /** Floating-point operations of all steps: 6 for each token and parameter outside the embeddings. */
  totalFlos: number;
  numInputTokensSeen: number;
  logHistory: LogLine[];
  bestMetric: number | undefined;
  bestGlobalStep: number | undefined;
  /** The folder of the checkpoint with the best metric, if one was saved there. */
  bestModelCheckpoint: string | undefined;
}

export const newState = (maxSteps: number, numTrainEpochs: number): TrainerState => ({
  globalStep: 0,
  epoch: 0,
  maxSteps,
  numTrainEpochs,
  totalFlos: 0,
  numInputTokensSeen: 0,
  logHistory: [],
  bestMetric: undefined,
  bestGlobalStep: undefined,
  bestModelCheckpoint: undefined,
});

const STATE_FILE = 'trainer_state.json';

/** Settings that trainer_state.json repeats. */
export interface RepeatedSettings {
  readonly loggingSteps: number;
  readonly evalSteps: number;
  readonly saveSteps: number;
  readonly trainBatchSize: number;
}

/** Writes the state so that Python's TrainerState reads it. */
export async function writeState(
  folder: string,
  state: TrainerState,
  settings: RepeatedSettings,
): Promise<void> {
  const content = {
    ...snakeKeys({ ...state, ...settings }),
    num_train_epochs: Math.ceil(state.numTrainEpochs),
    log_history: state.logHistory.map(snakeKeys),
    best_metric: state.bestMetric ?? null,
    best_global_step: state.bestGlobalStep ?? null,
    best_model_checkpoint: state.bestModelCheckpoint ?? null,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    stateful_callbacks: {},
    trial_name: null,
    trial_params: null,
  };
  const json = `${JSON.stringify(content, null, 2)}\n`;
  await writeFile(join(folder, STATE_FILE), json, { flush: true });
}

/** @throws naming the file if it is missing or is not what `writeState` wrote */
export async function readState(folder: string): Promise<TrainerState> {
  const path = join(folder, STATE_FILE);
  const content = await readJson(path);
  const { globalStep, epoch, maxSteps, numTrainEpochs, totalFlos, numInputTokensSeen, ...rest } =
    camelKeys(content);
  const numbers = { globalStep, epoch, maxSteps, numTrainEpochs, totalFlos, numInputTokensSeen };
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value !== 'number') throw new Error(`${path} has no number ${snake(name)}.`);
  }
  if (!Array.isArray(rest.logHistory)) throw new Error(`${path} has no list log_history.`);
  const best = rest.bestModelCheckpoint;
  return {
    ...(numbers as Record<keyof typeof numbers, number>),
    logHistory: rest.logHistory.map(line => camelKeys(line) as unknown as LogLine),
    bestMetric: (rest.bestMetric ?? undefined) as number | undefined,
    bestGlobalStep: (rest.bestGlobalStep ?? undefined) as number | undefined,
    // The output folder may have been moved since.
    bestModelCheckpoint: typeof best === 'string' ? join(dirname(folder), basename(best)) : undefined,
  };
}

/** @throws naming the file if it is missing or is not a JSON object */
export async function readJson(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${path} is missing or cannot be read.`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${path} is not JSON.`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Error(`${path} is not a JSON object.`);
  }
  return content as Record<string, unknown>;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `evalLoss` → `eval_loss`. */
export const snakeKeys = (record: object): Record<string, unknown> => renameKeys(record, snake);

/** `eval_loss` → `evalLoss`. */
export const camelKeys = (record: object): Record<string, unknown> => renameKeys(record, camel);

function renameKeys(record: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [rename(name), value]));
}
