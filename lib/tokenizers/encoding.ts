/** What a tokenizer gives back: plain columns that also show themselves. */
import { type InspectOptions, inspect } from 'node:util';
import type { Offset } from './offsets.ts';
import type { EncodeOptions, PadOptions } from './options.ts';
import type { Rows } from './rows.ts';
import { type PieceSource, show } from './show.ts';
import { type IntTensor, toTensor } from './tensors.ts';

/** One text or pair gives flat arrays, a batch gives an array of them, `returnTensors` one typed array. */
type Shape<T, O, Item> = O extends { readonly returnTensors: 'np' }
  ? IntTensor
  : T extends string
    ? O extends { readonly returnOverflowingTokens: true }
      ? Item[][]
      : Item[]
    : Item[][];

type Asked<O, Key extends keyof EncodeOptions, Column> = O extends { readonly [K in Key]: true }
  ? Column
  : unknown;

/** The encoding of a text or a batch `T` under the options `O`: a column for each thing that was asked for. */
export type Encoding<T = readonly string[], O = EncodeOptions> = {
  inputIds: Shape<T, O, number>;
} & (O extends { readonly returnAttentionMask: false } ? unknown : { attentionMask: Shape<T, O, number> }) &
  Asked<O, 'returnTokenTypeIds', { tokenTypeIds: Shape<T, O, number> }> &
  Asked<O, 'returnSpecialTokensMask', { specialTokensMask: Shape<T, O, number> }> &
  Asked<O, 'returnOffsetsMapping', { offsetMapping: Shape<T, O, Offset> }> &
  Asked<
    O,
    'returnOverflowingTokens',
    { overflowToSampleMapping: O extends { readonly returnTensors: 'np' } ? IntTensor : number[] }
  >;

/** Dimensions of the columns; those that `pad` leaves as they are have at least one. */
const RANKS: Readonly<Record<string, number>> = {
  inputIds: 2,
  attentionMask: 2,
  tokenTypeIds: 2,
  specialTokensMask: 2,
  offsetMapping: 3,
};

/** The columns in the shape that was asked for. */
export function toEncoding(
  rows: Rows,
  source: PieceSource,
  single: boolean,
  { returnTensors }: PadOptions,
): Columns {
  const columns: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(rows)) {
    if (returnTensors === 'np') columns[name] = toTensor(column, name, RANKS[name] ?? 1);
    else columns[name] = single ? column[0] : column;
  }
  return new Columns(columns, rows, source);
}

const SHOWN_ROWS = 5;
const SHOWN_IDS = 16;

/** Its own properties are the columns, so that it spreads, lists and serializes as a plain object. */
class Columns {
  readonly #rows: Rows;
  readonly #source: PieceSource;

  constructor(columns: Record<string, unknown>, rows: Rows, source: PieceSource) {
    this.#rows = rows;
    this.#source = source;
    Object.assign(this, columns);
  }

  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return show(this.#rows, this.#source);
  }

  [inspect.custom](_depth: number, options: InspectOptions): string {
    const columns = Object.entries(this).map(([name, column]) => [name, rowALine(column)]);
    const look = { ...options, depth: 3, maxArrayLength: SHOWN_ROWS, compact: 20, breakLength: 110 };
    return `Encoding ${inspect(Object.fromEntries(columns), look)}`;
  }
}

export type { Columns };

/** Numbers as one line, which Node would break into columns; lists of rows by their rows. */
function rowALine(values: unknown): unknown {
  if (!Array.isArray(values)) return values;
  if (typeof values[0] !== 'number') return values.map(rowALine);
  const shown = values.slice(0, SHOWN_IDS).join(', ');
  const more = values.length > SHOWN_IDS ? `, ... ${values.length - SHOWN_IDS} more items` : '';
  return { [inspect.custom]: () => `[ ${shown}${more} ]` };
}
