/** The rows that a model is trained or evaluated on. */
import { IGNORED } from '../graph/index.ts';
import type { Example } from './pack.ts';

/** A tokenized text. */
export interface TrainingRow {
  /** Token ids. */
  readonly inputIds: ArrayLike<number>;
  /** -100 where no loss is taken; the token ids themselves if not given. */
  readonly labels?: ArrayLike<number> | null;
  /** 0 where a row was padded: padding is left out. */
  readonly attentionMask?: ArrayLike<number> | null;
}

/** A data set, or an array, of tokenized texts. */
export interface TrainingRows {
  readonly length: number;
  at(index: number): object | undefined;
}

/**
 * A row as the model takes it.
 *
 * @throws naming the data set, the row and what is wrong with it
 */
export function exampleOf(rows: TrainingRows, index: number, name: string): Example {
  const row = rows.at(index) as Partial<TrainingRow> | undefined;
  const where = `Row ${index} of ${name}`;
  if (!isList(row?.inputIds)) {
    const columns = Object.keys(row ?? {}).join(', ') || 'nothing';
    throw new TypeError(`${where} has no list inputIds, only ${columns}; tokenize the data set first.`);
  }
  const { inputIds, labels, attentionMask } = row;
  for (const [part, list] of Object.entries({ labels, attentionMask })) {
    if (list === undefined || list === null) continue;
    if (isList(list) && list.length === inputIds.length) continue;
    throw new RangeError(
      `${where} has ${inputIds.length} inputIds and ${isList(list) ? list.length : 'no list of'} ${part}; they must be as many.`,
    );
  }
  const kept = Array.from(inputIds, (_, i) => i).filter(i => attentionMask?.[i] !== 0);
  return {
    inputIds: kept.map(i => inputIds[i]!),
    ...(labels && { labels: kept.map(i => labels[i]!) }),
  };
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
