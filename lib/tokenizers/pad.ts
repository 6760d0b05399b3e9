/** Fills the rows of a batch up to one length. */
import type { PadPlan } from './options.ts';
import type { Rows } from './rows.ts';
import { kindOf } from './texts.ts';

/** One encoded text, with what else its row holds. */
export interface EncodedRow {
  readonly inputIds: readonly number[];
  readonly [column: string]: unknown;
}

/** Encoded texts as a list of rows or as columns. */
export type PadInput =
  | readonly EncodedRow[]
  | { readonly inputIds: readonly (readonly number[])[]; readonly [column: string]: unknown };

/** The columns of what is to be padded, copied, so that the caller's stay as they are. */
export function rowsToPad(input: PadInput, withMask: boolean): Rows {
  const columns: Record<string, unknown[]> = {};
  if (Array.isArray(input)) {
    columns.inputIds = [];
    for (const name of Object.keys(input[0] ?? {})) columns[name] = input.map(row => row[name]);
  } else {
    for (const [name, column] of Object.entries(input))
      columns[name] = Array.isArray(column) ? [...column] : [];
  }
  const { inputIds = [] } = columns;
  inputIds.forEach((row, index) => {
    if (Array.isArray(row)) return;
    throw new TypeError(`pad needs rows of inputIds; row ${index} has ${kindOf(row)} instead.`);
  });
  if (!withMask) delete columns.attentionMask;
  else columns.attentionMask ??= (inputIds as number[][]).map(row => new Array<number>(row.length).fill(1));
  return columns as unknown as Rows;
}

/** Each column's rows, filled up on one side: ids with the padding token, masks so that they say it is padding. */
export function padRows(rows: Rows, plan: PadPlan, padId: number): void {
  const length = targetLength(rows.inputIds, plan);
  const fill = <T>(column: T[][] | undefined, value: T) =>
    column?.forEach((row, index) => {
      column[index] = filled(row, length, value, plan.side);
    });
  fill(rows.inputIds, padId);
  fill(rows.attentionMask, 0);
  fill(rows.tokenTypeIds, 0);
  fill(rows.specialTokensMask, 1);
  fill(rows.offsetMapping, [0, 0]);
}

function targetLength(rows: readonly (readonly number[])[], { to, maxLength, multipleOf }: PadPlan): number {
  const length = to === 'longest' ? rows.reduce((most, row) => Math.max(most, row.length), 0) : maxLength;
  return Math.ceil(length / multipleOf) * multipleOf;
}

function filled<T>(row: T[], length: number, value: T, side: PadPlan['side']): T[] {
  if (row.length >= length) return row;
  const padding = new Array<T>(length - row.length).fill(value);
  return side === 'right' ? row.concat(padding) : padding.concat(row);
}
