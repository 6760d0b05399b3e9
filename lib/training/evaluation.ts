/** What a model makes of a data set, without gradients. */

import { gather, graph, Session, type Value } from '../graph/index.ts';
import { gracefully, nextTurn } from '../host.ts';
import { batchTensors, labelTensors } from '../models/index.ts';
import type { Example } from './pack.ts';
import { packFor, type TrainableModel } from './task.ts';
import type { TrainingArguments } from './trainingArguments.ts';

import { hasLabels, labelsOf, type ReadRows } from './trainingRows.ts';

/** What the model would have said where a row has labels: a list for each row, of a classifier's row its class alone. */
export interface EvalPrediction {
  /** The likeliest token at each labelled place, given the tokens before it, or the likeliest class. */
  readonly predictions: readonly (readonly number[])[];
  /** The tokens that stand there, or the class of the row. */
  readonly labelIds: readonly (readonly number[])[];
}

export interface Evaluation {
  /**
   * The mean loss as transformers' Trainer takes it: the mean of a batch's tokens, and of these the mean over all rows.
   */
  readonly loss: number;
  readonly prediction: EvalPrediction;
}

/**
 * Runs a model over a data set.
 *
 * @param count how many rows there are to read
 * @param predict whether predictions are asked for; without, they are empty
 * @throws if no row has a token to predict
 */
export function evaluateModel(
  model: TrainableModel,
  read: ReadRows,
  count: number,
  args: TrainingArguments,
  predict: boolean,
): Promise<Evaluation> {
  return gracefully(() => evaluate(model, read, count, args, predict));
}

async function evaluate(
  model: TrainableModel,
  read: ReadRows,
  count: number,
  args: TrainingArguments,
  predict: boolean,
): Promise<Evaluation> {
  const session = await createSession(model, args, predict);
  const predictions: number[][] = [];
  const labelIds: number[][] = [];
  try {
    let sum = 0;
    let texts = 0;
    const size = args.perDeviceEvalBatchSize;
    for (let from = 0; from < count; from += size) {
      const to = Math.min(from + size, count);
      const batch = read(Array.from({ length: to - from }, (_, i) => from + i));
      if (!hasLabels(batch)) continue;
      const result = await session.run(packFor(model, [batch], 'tokens'));
      sum += batch.length * Number(result.loss!.data[0]);
      texts += batch.length;
      if (predict) {
        labelIds.push(...batch.map(labelsOf));
        predictions.push(...byExample(likeliest(result.logits as Value<'float32'>), batch));
      }
      await nextTurn();
    }
    if (texts === 0) throw new RangeError('No row of evalDataset has a token to predict.');
    return { loss: sum / texts, prediction: { predictions, labelIds } };
  } finally {
    await session.release();
  }
}

function createSession(model: TrainableModel, args: TrainingArguments, predict: boolean): Promise<Session> {
  const layers = model.layers();
  const [batch, labels] = [batchTensors(), labelTensors()];
  const loss = model.lossOf(layers, batch, labels);
  const hidden = gather(model.architecture.hiddenStates(layers, batch), labels.labelPositions);
  const evaluated = graph({
    loss,
    ...(predict && { logits: layers.linear(hidden, model.architecture.head) }),
  });
  const used = [...model.weights].filter(([name]) => name in evaluated.inputs);
  return Session.create(evaluated, {
    ...model.options,
    ...(args.device && { device: args.device }),
    ...(args.fp16 && { dtype: 'float16' }),
    constants: Object.fromEntries(used),
  });
}

/** The place of the largest number of each row. */
function likeliest({ shape, data }: Value<'float32'>): number[] {
  const width = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, row) => {
    let best = 0;
    for (let i = 1; i < width; i++) if (data[row * width + i]! > data[row * width + best]!) best = i;
    return best;
  });
}

/** The tokens of a batch's labelled places, a list for each text. */
function byExample(tokens: readonly number[], batch: readonly Example[]): number[][] {
  let from = 0;
  return batch.map(example => {
    const to = from + labelsOf(example).length;
    const part = tokens.slice(from, to);
    from = to;
    return part;
  });
}
