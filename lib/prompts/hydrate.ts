/** Hydration: a template over all rows of a data set. */
import type {
  Dataset,
  DatasetDict,
  IterableDataset,
  IterableDatasetDict,
  Merged,
} from '../datasets/index.ts';
import type { Hydrator } from './template.ts';

/** A data set whose map() adds the columns that its function returns. */
export interface Mappable {
  readonly columnNames: unknown;
  map(
    // biome-ignore lint/suspicious/noExplicitAny: of rows that an interface describes, too, which are no Record
    add: (row: any, index: number) => Record<string, string>,
    options: { readonly withIndices: true },
  ): unknown;
}

export interface HydrateOptions<Column extends string> {
  /** The column that receives the text; one of the same name is replaced. */
  readonly column: Column;
}

/** A data set with a column of text more. */
export type Hydrated<Data extends Mappable, Column extends string> =
  Data extends Dataset<infer Row>
    ? Dataset<Merged<Row, Record<Column, string>>>
    : Data extends DatasetDict<infer Row, infer Split>
      ? DatasetDict<Merged<Row, Record<Column, string>>, Split>
      : Data extends IterableDataset<infer Row>
        ? IterableDataset<Merged<Row, Record<Column, string>>>
        : Data extends IterableDatasetDict<infer Row, infer Split>
          ? IterableDatasetDict<Merged<Row, Record<Column, string>>, Split>
          : ReturnType<Data['map']>;

/**
 * Adds to each row the text that a template makes of it: by the data set's own map(), or lazily, row by row.
 *
 * @returns for a data set what its map() returns; else an iterable that makes the rows anew each time it is read
 * @throws if there is no column name or nothing to iterate over; naming the row when it is reached, if it lacks a column
 *   or holds no text in it
 * @example
 * const rows = [{ question: 'What is a token?', answer: 'A piece of text.' }];
 * const [first] = hydrate(templates.questionAnswer, rows, { column: 'text' });
 */
export function hydrate<Row extends object, Data extends Mappable, Column extends string>(
  template: Hydrator<Row>,
  rows: Data,
  options: HydrateOptions<Column>,
): Hydrated<Data, Column>;
export function hydrate<Row extends object, Column extends string>(
  template: Hydrator<NoInfer<Row>>,
  rows: Iterable<Row>,
  options: HydrateOptions<Column>,
): Iterable<Row & Record<Column, string>>;
export function hydrate<Row extends object, Column extends string>(
  template: Hydrator<NoInfer<Row>>,
  rows: AsyncIterable<Row>,
  options: HydrateOptions<Column>,
): AsyncIterable<Row & Record<Column, string>>;
export function hydrate(
  template: Hydrator,
  rows: Mappable | Iterable<object> | AsyncIterable<object>,
  options: HydrateOptions<string>,
): unknown {
  const column = options?.column;
  if (typeof column !== 'string')
    throw new TypeError(
      "hydrate needs the name of the column for the text: hydrate(template, rows, { column: 'text' }).",
    );
  if (
    typeof rows !== 'object' ||
    rows === null ||
    !(isMappable(rows) || Symbol.iterator in rows || Symbol.asyncIterator in rows)
  )
    throw new TypeError(
      `hydrate needs rows: a data set, an array or another iterable, not ${typeof rows === 'object' ? 'this object' : String(rows)}.`,
    );
  if (isMappable(rows)) {
    const add = (row: object, index: number) => ({ [column]: hydrateRow(template, row, index) });
    return rows.map(add, { withIndices: true });
  }
  if (Symbol.iterator in rows) {
    return {
      *[Symbol.iterator]() {
        let index = 0;
        for (const row of rows) yield { ...row, [column]: hydrateRow(template, row, index++) };
      },
    };
  }
  return {
    async *[Symbol.asyncIterator]() {
      let index = 0;
      for await (const row of rows) yield { ...row, [column]: hydrateRow(template, row, index++) };
    },
  };
}

function isMappable(rows: object): rows is Mappable {
  return 'columnNames' in rows && 'map' in rows && typeof rows.map === 'function';
}

function hydrateRow(template: Hydrator, row: object, index: number): string {
  try {
    return template.hydrate(row);
  } catch (error) {
    throw new Error(`Row ${index}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
