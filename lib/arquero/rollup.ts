/** Figures of columns of numbers, group by group, to the last bit those of arquero's own `rollup`. */
import type { ColumnTable } from 'arquero';

/** What is known of a column of numbers, for each group. */
interface Measures {
  /** How many rows there are. */
  readonly count: Uint32Array;
  /** How many numbers there are: null, undefined and NaN are none. */
  readonly valid: Uint32Array;
  readonly sum: Float64Array;
  readonly mean: Float64Array;
  /** The sum of the squared distances from the mean. */
  readonly deviation: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

type Figure = (measures: Measures, group: number) => number | undefined;

/** arquero's aggregates of one column; undefined where a group has too few numbers. */
const FIGURES: Readonly<Record<string, Figure>> = {
  valid: ({ valid }, group) => valid[group],
  invalid: ({ count, valid }, group) => count[group]! - valid[group]!,
  sum: ({ sum, valid }, group) => (valid[group] === 0 ? undefined : sum[group]),
  mean: ({ mean, valid }, group) => (valid[group] === 0 ? undefined : mean[group]),
  min: ({ min, valid }, group) => (valid[group] === 0 ? undefined : min[group]),
  max: ({ max, valid }, group) => (valid[group] === 0 ? undefined : max[group]),
  variance: ({ deviation, valid }, group) =>
    valid[group]! > 1 ? deviation[group]! / (valid[group]! - 1) : undefined,
  stdev: ({ deviation, valid }, group) =>
    valid[group]! > 1 ? Math.sqrt(deviation[group]! / (valid[group]! - 1)) : undefined,
};

/**
 * Those of the figures that `rollup` is asked for that are aggregates of columns of numbers, each with a value for each
 * group. The others are arquero's to answer.
 *
 * arquero compiles functions for each question and calls several of them for each row and column; these are plain loops.
 */
export function figuresOf(table: ColumnTable, asked: object): Map<string, unknown[]> {
  const groups = table.groups() ?? { keys: new Uint32Array(table.totalRows()), size: 1 };
  const figures = new Map<string, unknown[]>();
  const aggregates = Object.entries(asked).map(([name, expression]) => ({
    name,
    ...readAggregate(expression),
  }));
  if (groups.size === 0 || aggregates.every(({ aggregate }) => aggregate === '')) return figures;
  const rows = table.indices() as Uint32Array;
  const count = countRows(rows, groups.keys, groups.size);
  const measured = new Map<string, Measures | undefined>();
  for (const { name, aggregate, column } of aggregates) {
    const figure = Object.hasOwn(FIGURES, aggregate) ? FIGURES[aggregate] : undefined;
    if (aggregate === 'count' && column === undefined) figures.set(name, Array.from(count));
    if (figure === undefined || column === undefined) continue;
    if (!measured.has(column)) {
      measured.set(column, measure(numbersOf(table.column(column)), rows, groups.keys, count));
    }
    const measures = measured.get(column);
    if (measures)
      figures.set(
        name,
        Array.from(count, (_, group) => figure(measures, group)),
      );
  }
  return figures;
}

/** An aggregate of a whole column, as `op.mean('loss')`, `d => op.mean(d.loss)` and `d => op.mean(d['loss'])` say it. */
const AGGREGATE =
  /^\(?\s*([\w$]*)\s*\)?\s*=>\s*(?:[\w$]+\.)?op\.(\w+)\(\s*(?:\1(?:\.([\w$]+)|\[(["'])([^"'\\]+)\4\])\s*)?\)$/;

function readAggregate(expression: unknown): { aggregate: string; column: string | undefined } {
  // Objects other than op's own, such as a window over one, say the same and mean more.
  const isPlain = typeof expression !== 'object' || Object.hasOwn(expression ?? {}, 'params');
  const [, , aggregate = '', short, , long] = (isPlain && AGGREGATE.exec(String(expression))) || [];
  return { aggregate, column: short ?? long };
}

/** A column as numbers, NaN where it has none; undefined if it has values of other kinds. */
function numbersOf(column: unknown): Float64Array | undefined {
  if (column instanceof Float64Array) return column;
  if (!(Array.isArray(column) || ArrayBuffer.isView(column))) return undefined;
  const values = column as ArrayLike<unknown>;
  const numbers = new Float64Array(values.length).fill(NaN);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value === 'number') numbers[row] = value;
    else if (value !== null && value !== undefined) return undefined;
  }
  return numbers;
}

function countRows(rows: Uint32Array, keys: ArrayLike<number>, size: number): Uint32Array {
  const count = new Uint32Array(size);
  for (let i = 0; i < rows.length; i++) count[keys[rows[i]!]!]!++;
  return count;
}

/** The hot path. Every sum is made in the order of the rows, as arquero makes it. */
function measure(
  numbers: Float64Array | undefined,
  rows: Uint32Array,
  keys: ArrayLike<number>,
  count: Uint32Array,
): Measures | undefined {
  if (numbers === undefined) return undefined;
  const size = count.length;
  const valid = new Uint32Array(size);
  const [sum, mean, deviation] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const min = new Float64Array(size).fill(Infinity);
  const max = new Float64Array(size).fill(-Infinity);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = numbers[row]!;
    if (Number.isNaN(value)) continue;
    const group = keys[row]!;
    const difference = value - mean[group]!;
    valid[group]!++;
    sum[group]! += value;
    mean[group]! += difference / valid[group]!;
    deviation[group]! += difference * (value - mean[group]!);
    if (value < min[group]!) min[group] = value;
    if (value > max[group]!) max[group] = value;
  }
  return { count, valid, sum, mean, deviation, min, max };
}
