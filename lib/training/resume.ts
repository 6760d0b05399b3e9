/** What a checkpoint holds beside the model, and going on from it. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AutoModelForCausalLM,
  AutoModelForSequenceClassification,
  PeftModel,
  readSafetensors,
  SequenceClassifier,
  writeSafetensors,
} from '../models/index.ts';
import { checkFiles, checksumsOf } from './checksums.ts';
import type { LossScale } from './lossScale.ts';
import type { OptimizerState } from './step.ts';
import type { TrainableModel } from './task.ts';
import { readJson } from './trainerState.ts';
import type { TrainingArguments } from './trainingArguments.ts';

const OPTIMIZER_FILE = 'optimizer.safetensors';
const RESUME_FILE = 'resume.json';

/** Sums of losses, of which the log has means. */
export interface LossSums {
  /** Of the steps since the last line of the log. */
  recent: number;
  recentSteps: number;
  all: number;
  allSteps: number;
}

/** What the file has beside the settings below. */
interface ResumeContent {
  readonly optimizerSteps: number;
  readonly lossScale?: LossScale;
  readonly losses: LossSums;
  readonly checksums: Readonly<Record<string, string>>;
}

/** Settings that a run cannot change half-way: others would give other rows, or another optimizer. */
const FIXED = [
  'seed',
  'perDeviceTrainBatchSize',
  'gradientAccumulationSteps',
  'lossAverage',
  'groupByLength',
  'packing',
  'maxLength',
  'completionOnlyLoss',
  'optim',
] as const satisfies readonly (keyof TrainingArguments)[];

/** Writes what training goes on from, once the model and the trainer's state are there: it has checksums of all files. */
export async function writeResume(
  folder: string,
  optimizer: OptimizerState,
  losses: LossSums,
  args: TrainingArguments,
  rows: number,
): Promise<void> {
  const fixed = Object.fromEntries(FIXED.map(name => [name, args[name]]));
  await writeSafetensors(join(folder, OPTIMIZER_FILE), optimizer.values);
  const checksums = await checksumsOf(folder);
  const { steps: optimizerSteps, lossScale } = optimizer;
  const content = { rows, ...fixed, optimizerSteps, lossScale, losses, checksums };
  await writeFile(join(folder, RESUME_FILE), `${JSON.stringify(content, null, 2)}\n`, { flush: true });
}

/**
 * Reads what `writeResume` wrote.
 *
 * @throws naming the file that is missing or damaged, or the argument that has changed since
 */
export async function readResume(
  folder: string,
  args: TrainingArguments,
  rows: number,
): Promise<{ readonly optimizer: OptimizerState; readonly losses: LossSums }> {
  const path = join(folder, RESUME_FILE);
  if (!existsSync(folder)) {
    throw new Error(
      `resumeFromCheckpoint: there is no folder ${folder}; true takes the latest checkpoint in ${args.outputDir}.`,
    );
  }
  if (!existsSync(path)) {
    throw new Error(
      `${folder} has no ${RESUME_FILE}: it was saved with saveOnlyModel, and training cannot go on from it.`,
    );
  }
  const content = await readJson(path);
  const now: Record<string, unknown> = { rows, ...Object.fromEntries(FIXED.map(name => [name, args[name]])) };
  for (const [name, value] of Object.entries(now)) {
    if (content[name] === value) continue;
    const what = name === 'rows' ? 'The number of training rows' : name;
    throw new Error(
      `${what} was ${JSON.stringify(content[name])} when ${folder} was saved and is ${JSON.stringify(value)} now; resume with the same.`,
    );
  }
  const { optimizerSteps, lossScale, losses, checksums } = content as unknown as ResumeContent;
  await checkFiles(folder, checksums);
  const values = await readSafetensors(join(folder, OPTIMIZER_FILE));
  return { optimizer: { steps: optimizerSteps, values, lossScale }, losses };
}

/** Puts the weights that were saved in a folder into a model of the same kind. */
export async function loadWeights(model: TrainableModel, folder: string): Promise<void> {
  const saved =
    'peftConfig' in model
      ? await savedAdapter(model as PeftModel<TrainableModel>, folder)
      : model instanceof SequenceClassifier
        ? await AutoModelForSequenceClassification.fromPretrained(folder)
        : await AutoModelForCausalLM.fromPretrained(folder);
  for (const name of model.trainable) {
    const value = saved.weights.get(name);
    const wanted = model.weights.get(name)!;
    if (value?.shape.join() !== wanted.shape.join()) {
      throw new Error(`${name} in ${folder} does not fit the model: load the model that was trained there.`);
    }
    model.weights.set(name, value);
  }
}

/** The adapter in use as it was saved: `default` in the folder itself, another in a folder of its name. */
function savedAdapter(
  { base, activeAdapter }: PeftModel<TrainableModel>,
  folder: string,
): Promise<PeftModel<TrainableModel>> {
  if (activeAdapter === undefined)
    throw new Error('The model has no adapter in use; call its setAdapter first.');
  const path = activeAdapter === 'default' ? folder : join(folder, activeAdapter);
  return PeftModel.fromPretrained(base, path, activeAdapter);
}
