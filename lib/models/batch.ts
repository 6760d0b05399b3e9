/** Texts as the numbers that a model takes: rows of equal length. */
import { type Dim, float32, IGNORED, input, int32, type Tensor, type Value } from '../graph/index.ts';
import type { BatchTensors } from './architecture.ts';

/** Rows of numbers: token ids, a mask, positions or labels. */
export type Rows = readonly (readonly number[])[];

export interface Batch {
  /** [batch, seq] token ids. */
  readonly inputIds: Rows;
  /** [batch, seq]: 0 for padding; tokens with equal numbers see each other, so that packed texts are 1, 2, …. All 1 if not given. */
  readonly attentionMask?: Rows;
  /** [batch, seq] places of the tokens in their text; 0, 1, … in each row if not given. */
  readonly positionIds?: Rows;
  /** [batch, seq] the token ids again, -100 where no loss is taken; each is what the position before it should predict. */
  readonly labels?: Rows;
}

/** The inputs of a graph for batches. */
export function batchTensors(batch: Dim = 'batch', seq: Dim = 'seq'): BatchTensors {
  const rows = (name: string): Tensor => input(name, [batch, seq], 'int32');
  return {
    inputIds: rows('inputIds'),
    attentionMask: rows('attentionMask'),
    positionIds: rows('positionIds'),
  };
}

/** The inputs of a graph that takes the loss of some positions. */
export interface LabelTensors {
  /** [labelled] int32: rows of the hidden states, counted through the whole batch. */
  readonly labelPositions: Tensor;
  /** [labelled] int32: the tokens that should be predicted there. */
  readonly labelIds: Tensor;
  /** [labelled]: the factor of each position's loss. */
  readonly labelWeights: Tensor;
}

export function labelTensors(): LabelTensors {
  return {
    labelPositions: input('labelPositions', ['labelled'], 'int32'),
    labelIds: input('labelIds', ['labelled'], 'int32'),
    labelWeights: input('labelWeights', ['labelled']),
  };
}

/**
 * The feeds of `batchTensors`.
 *
 * @throws naming the part of the batch whose rows are not all as long as the first row of token ids, or a token id
 * that the vocabulary does not have
 */
export function feedBatch(batch: Omit<Batch, 'labels'>, vocabularySize: number): Record<string, Value> {
  const { inputIds, attentionMask, positionIds } = batch;
  const [first] = inputIds;
  if (first === undefined || first.length === 0) throw new RangeError('inputIds has no tokens.');
  const shape = [inputIds.length, first.length];
  checkTokens(inputIds, vocabularySize, 'inputIds');
  return {
    inputIds: flatten(inputIds, shape, 'inputIds'),
    attentionMask: flatten(attentionMask ?? inputIds.map(row => row.map(() => 1)), shape, 'attentionMask'),
    positionIds: flatten(positionIds ?? inputIds.map(row => row.map((_, i) => i)), shape, 'positionIds'),
  };
}

/**
 * Padding may stand anywhere.
 *
 * @param maxPositions the most tokens that a text may have
 * @throws naming the row that is longer
 */
export function checkPositions(
  { inputIds, attentionMask, positionIds }: Omit<Batch, 'labels'>,
  maxPositions: number,
): void {
  inputIds.forEach((row, i) => {
    const longest = row.reduce((most, _, at) => {
      const isPadding = attentionMask?.[i]?.[at] === 0;
      return isPadding ? most : Math.max(most, (positionIds?.[i]?.[at] ?? at) + 1);
    }, 0);
    if (longest <= maxPositions) return;
    throw new RangeError(
      `Row ${i} of inputIds is ${longest} tokens long and the model takes ${maxPositions} at most; cut it with tokenizer(text, { truncation: true, maxLength: ${maxPositions} }).`,
    );
  });
}

/** A position that predicts a label. */
export interface LabelledPosition {
  readonly position: number;
  readonly label: number;
}

/**
 * The positions whose next token has a label.
 *
 * @throws if the labels are not as many as the token ids, or the vocabulary does not have one
 */
export function labelledPositions(labels: Rows, inputIds: Rows, vocabularySize: number): LabelledPosition[] {
  const length = inputIds[0]!.length;
  flatten(labels, [inputIds.length, length], 'labels');
  checkTokens(labels, vocabularySize, 'labels', IGNORED);
  return labels.flatMap((row, i) =>
    row.slice(1).flatMap((label, at) => (label === IGNORED ? [] : [{ position: i * length + at, label }])),
  );
}

/**
 * The feeds of `labelTensors`.
 *
 * @param weights the factor of each position's loss; without them all are 1 / n, which gives the mean
 */
export function feedLabels(
  labelled: readonly LabelledPosition[],
  weights?: readonly number[],
): Record<string, Value> {
  if (labelled.length === 0) throw new RangeError('No position of the batch has a label to predict.');
  const count = labelled.length;
  return {
    labelPositions: int32(
      labelled.map(({ position }) => position),
      [count],
    ),
    labelIds: int32(
      labelled.map(({ label }) => label),
      [count],
    ),
    labelWeights: float32(weights ?? new Float32Array(count).fill(1 / count), [count]),
  };
}

function flatten(rows: Rows, [count, length]: readonly number[], name: string): Value {
  const wrong = rows.findIndex(row => row.length !== length);
  if (rows.length !== count || wrong >= 0) {
    throw new RangeError(
      wrong >= 0
        ? `Row ${wrong} of ${name} has ${rows[wrong]!.length} entries and the batch is ${length} wide; pad it.`
        : `${name} has ${rows.length} rows and inputIds ${count}.`,
    );
  }
  return int32(rows.flat(), [count!, length!]);
}

function checkTokens(rows: Rows, vocabularySize: number, name: string, allowed?: number): void {
  for (const row of rows) {
    for (const id of row) {
      if ((Number.isInteger(id) && id >= 0 && id < vocabularySize) || id === allowed) continue;
      throw new RangeError(
        `${name} has ${id}, and the model's token ids go from 0 to ${vocabularySize - 1}; use its own tokenizer.`,
      );
    }
  }
}
