/** The rows that a model is trained or evaluated on. */
import { IGNORED } from '../graph/index.ts';
import type { Example } from './pack.ts';
import type { TrainingArguments } from './trainingArguments.ts';

/** A tokenized text. */
export interface TrainingRow {
  /** Token ids. */
  readonly inputIds: ArrayLike<number>;
  /** -100 where no loss is taken; the token ids themselves if not given. */
  readonly labels?: ArrayLike<number> | null;
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
 * @param maxPositions the most tokens that a text may have
 * @throws when it reads, naming the data set, the row and what is wrong with it
 */
export function rowReader(
  rows: TrainingRows,
  name: string,
  args: TrainingArguments,
  maxPositions: number,
  dataCollator?: DataCollator,
): ReadRows {
  const read = (numbers: readonly number[]): (object | undefined)[] => numbers.map(row => rows.at(row));
  const exampleAt = (row: object | undefined, where: string): Example =>
    checkLength(exampleOf(row, where, args), where, maxPositions);
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
): Example {
  if (!isList(row?.inputIds)) {
    const columns = Object.keys(row ?? {}).join(', ') || 'nothing';
    throw new TypeError(`${where} has no list inputIds, only ${columns}; tokenize the data set first.`);
  }
  const { inputIds, labels, attentionMask, completionMask } = row;
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
  return {
    inputIds: kept.map(i => inputIds[i]!),
    ...((labels || completionOnlyLoss) && {
      labels: kept.map(i => (completionOnlyLoss && completionMask![i] === 0 ? IGNORED : wanted[i]!)),
    }),
  };
}

function checkLength(example: Example, where: string, maxPositions: number): Example {
  const { length } = example.inputIds;
  if (length <= maxPositions) return example;
  throw new RangeError(
    `${where} has ${length} tokens and the model takes ${maxPositions} at most; set maxLength to ${maxPositions} or less in TrainingArguments, which cuts longer rows off, or split the row.`,
  );
}

function isList(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** The labels that a text's loss is taken of: nothing predicts the first token. */
export function labelsOf({ inputIds, labels }: Example): number[] {
  return (labels ?? inputIds).slice(1).filter(label => label !== IGNORED);
}

/** Whether there is a token to predict in any of the texts. */
export function hasLabels(examples: readonly Example[]): boolean {
  return examples.some(example => labelsOf(example).length > 0);
}
