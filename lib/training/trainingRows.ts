/** The rows that a model is trained or evaluated on. */
import { IGNORED } from '../graph/index.ts';
import { SequenceClassifier } from '../models/index.ts';
import type { Example } from './pack.ts';
import type { TrainableModel } from './task.ts';
import type { TrainingArguments } from './trainingArguments.ts';

/** A tokenized text. */
export interface TrainingRow {
  /** Token ids. */
  readonly inputIds: ArrayLike<number>;
  /** -100 where no loss is taken; the token ids themselves if not given. */
  readonly labels?: ArrayLike<number> | null;
  /** The class of the text, from 0 on: what a classifier is trained on in the place of labels. */
  readonly label?: number | null;
  /** 0 where a row was padded: padding is left out. */
  readonly attentionMask?: ArrayLike<number> | null;
  /** 0 for the tokens of a prompt, of which `completionOnlyLoss` takes no loss. */
  readonly completionMask?: ArrayLike<number> | null;
}

/** A data set, or an array, of tokenized texts. */
export interface TrainingRows {
  readonly length: number;
  at(index: number): object | undefined;
}

/** Makes the texts of a micro-batch of its rows. */
export type DataCollator = (rows: readonly object[]) => readonly TrainingRow[];

/** Reads the rows of these numbers as the model takes them. */
export type ReadRows = (numbers: readonly number[]) => Example[];

/**
 * Reads the rows of a data set.
 *
 * @param name what errors call it
 * @param model what the rows are for: a classifier needs their class, and no model takes texts of any length
 * @throws when it reads, naming the data set, the row and what is wrong with it
 */
export function rowReader(
  rows: TrainingRows,
  name: string,
  args: TrainingArguments,
  model: TrainableModel,
  dataCollator?: DataCollator,
): ReadRows {
  const read = (numbers: readonly number[]): (object | undefined)[] => numbers.map(row => rows.at(row));
  const exampleAt = (row: object | undefined, where: string): Example =>
    checkExample(exampleOf(row, where, args, model), where, model);
  if (dataCollator === undefined) {
    return numbers => read(numbers).map((row, i) => exampleAt(row, `Row ${numbers[i]} of ${name}`));
  }
  return numbers => {
    const where = `the rows ${numbers.join(', ')} of ${name}`;
    const texts: unknown = dataCollator(read(numbers) as object[]);
    if (!Array.isArray(texts)) {
      throw new TypeError(`dataCollator must return a list of texts, not an ${typeof texts}, for ${where}.`);
    }
    return texts.map((row, i) => exampleAt(row, `Text ${i} of what dataCollator makes of ${where}`));
  };
}

/** A row as the model takes it. */
function exampleOf(
  row: Partial<TrainingRow> | undefined,
  where: string,
  { completionOnlyLoss, maxLength }: TrainingArguments,
  model: TrainableModel,
): Example {
  if (!isList(row?.inputIds)) {
    const columns = Object.keys(row ?? {}).join(', ') || 'nothing';
    throw new TypeError(`${where} has no list inputIds, only ${columns}; tokenize the data set first.`);
  }
  const isClassifier = model instanceof SequenceClassifier;
  const { inputIds, label, attentionMask, completionMask } = row;
  const labels = isClassifier ? undefined : row.labels;
  for (const [part, list] of Object.entries({ labels, attentionMask, completionMask })) {
    if (list === undefined || list === null) continue;
    if (isList(list) && list.length === inputIds.length) continue;
    throw new RangeError(
      `${where} has ${inputIds.length} inputIds and ${isList(list) ? list.length : 'no list of'} ${part}; they must be as many.`,
    );
  }
  if (completionOnlyLoss && !completionMask) {
    throw new TypeError(
      `${where} has no completionMask, which completionOnlyLoss needs; tokenizeCompletion makes one.`,
    );
  }
  const all = Array.from(inputIds, (_, i) => i).filter(i => attentionMask?.[i] !== 0);
  const kept = all.slice(0, maxLength);
  const wanted = labels ?? inputIds;
  if (isClassifier) checkClass(label, where, model);
  return {
    inputIds: kept.map(i => inputIds[i]!),
    ...(isClassifier && { label: label! }),
    ...((labels || completionOnlyLoss) && {
      labels: kept.map(i => (completionOnlyLoss && completionMask![i] === 0 ? IGNORED : wanted[i]!)),
    }),
  };
}

function checkClass(label: unknown, where: string, { numLabels, id2label }: SequenceClassifier): void {
  if (Number.isInteger(label) && Number(label) >= 0 && Number(label) < numLabels) return;
  const found =
    label === undefined || label === null ? 'has no label' : `has the label ${JSON.stringify(label)}`;
  throw new RangeError(
    `${where} ${found}; a classifier needs the number of its class, from 0 (${id2label[0]}) to ${numLabels - 1} (${id2label.at(-1)}).`,
  );
}

function checkExample(example: Example, where: string, { architecture }: TrainableModel): Example {
  const { maxPositions, vocabularySize } = architecture;
  const { inputIds, labels = [] } = example;
  const isToken = (id: number): boolean => Number.isInteger(id) && id >= 0 && id < vocabularySize;
  const wrongId = inputIds.find(id => !isToken(id));
  const wrongLabel = labels.find(label => label !== IGNORED && !isToken(label));
  if (wrongId !== undefined || wrongLabel !== undefined) {
    const part = wrongId === undefined ? 'labels' : 'inputIds';
    throw new RangeError(
      `${where} has ${wrongId ?? wrongLabel} in its ${part}, and the model's tokens go from 0 to ${vocabularySize - 1}; tokenize with the model's own tokenizer.`,
    );
  }
  const { length } = inputIds;
  if (length <= maxPositions) return example;
  throw new RangeError(
    `${where} has ${length} tokens and the model takes ${maxPositions} at most; set maxLength to ${maxPositions} or less in TrainingArguments, which cuts longer rows off, or split the row.`,
  );
}

function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** The labels that a text's loss is taken of: its class, or its tokens, of which nothing predicts the first. */
export function labelsOf({ inputIds, labels, label }: Example): number[] {
  if (label !== undefined) return [label];
  return (labels ?? inputIds).slice(1).filter(label => label !== IGNORED);
}

/** Whether there is a token to predict in any of the texts. */
export function hasLabels(examples: readonly Example[]): boolean {
  return examples.some(example => labelsOf(example).length > 0);
}
