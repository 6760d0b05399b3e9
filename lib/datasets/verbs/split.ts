/** `trainTestSplit`: which rows are for training and which for testing, the same as Python's `datasets` chooses. */
import { checkOptions } from '../../host.ts';
import { featureName } from '../features.ts';
import { RandomGenerator } from '../random/generator.ts';
import { noColumn, type Table } from '../table.ts';

export interface SplitOptions {
  /** A share of the rows, above 0 and below 1, or a number of rows; 0.25 where neither size is given. */
  readonly testSize?: number;
  /** A share or a number of rows; what the test split leaves where it is not given. */
  readonly trainSize?: number;
  /** Whether rows are drawn at random (true, as in Python) or taken in order. */
  readonly shuffle?: boolean;
  /** The same seed gives the same rows, here and in Python. */
  readonly seed?: number;
  /** A class label column whose classes both splits get in the same shares. */
  readonly stratifyByColumn?: string;
}

export interface SplitIndices {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** @throws if a size is not possible for that many rows, or the column to stratify by does not allow it */
export function splitIndices(table: Table, options: SplitOptions): SplitIndices {
  checkOptions('trainTestSplit', options, ['testSize', 'trainSize', 'shuffle', 'seed', 'stratifyByColumn']);
  const { shuffle = true, seed, stratifyByColumn } = options;
  if (table.rowCount === 0) return { train: new Uint32Array(0), test: new Uint32Array(0) };
  const { train, test } = splitSizes(table.rowCount, options);
  if (!shuffle) {
    if (stratifyByColumn !== undefined) {
      throw new TypeError('stratifyByColumn draws rows at random: it cannot go with shuffle: false.');
    }
    const all = Uint32Array.from({ length: train + test }, (_, i) => i);
    return { train: all.slice(0, train), test: all.slice(train) };
  }
  const random = new RandomGenerator(seed);
  if (stratifyByColumn !== undefined) return stratify(table, stratifyByColumn, train, test, random);
  const order = random.permutation(table.rowCount);
  return { train: order.slice(test, test + train), test: order.slice(0, test) };
}

function splitSizes(rows: number, { testSize, trainSize }: SplitOptions): { train: number; test: number } {
  if (rows === 1) throw new RangeError('There is one row, which cannot be split in two.');
  const given = testSize ?? (trainSize === undefined ? 0.25 : undefined);
  const test = given === undefined ? undefined : countOf('testSize', given, rows, Math.ceil);
  const train = trainSize === undefined ? undefined : countOf('trainSize', trainSize, rows, Math.floor);
  const counts = { train: train ?? rows - test!, test: test ?? rows - train! };
  if (counts.train + counts.test > rows) {
    throw new RangeError(
      `testSize ${given} and trainSize ${trainSize} make ${counts.test} and ${counts.train} rows, but there are ${rows}.`,
    );
  }
  if (counts.train === 0) {
    const reason =
      given === undefined
        ? `trainSize ${trainSize} takes none of the ${rows} rows for training; make it greater`
        : `testSize ${given} leaves none of the ${rows} rows for training; make it smaller`;
    throw new RangeError(`${reason}.`);
  }
  return counts;
}

/** Below 1 a size is a share; from 1 a number of rows. */
function countOf(name: string, size: number, rows: number, round: (share: number) => number): number {
  if (size > 0 && size < 1) return round(size * rows);
  if (Number.isInteger(size) && size > 0 && size < rows) return size;
  throw new RangeError(
    `${name} must be a share above 0 and below 1, or a number of rows from 1 to ${rows - 1}, not ${size}.`,
  );
}

/** As scikit-learn's StratifiedShuffleSplit and, after it, `datasets.utils.stratify` do it. */
function stratify(
  table: Table,
  name: string,
  trainCount: number,
  testCount: number,
  random: RandomGenerator,
): SplitIndices {
  const rows = rowsByClass(table, name);
  for (const [what, count] of [
    ['train', trainCount],
    ['test', testCount],
  ] as const) {
    if (count < rows.length) {
      throw new RangeError(
        `The ${what} split gets ${count} rows, fewer than the ${rows.length} classes of "${name}".`,
      );
    }
  }
  const counts = rows.map(own => own.length);
  const trainCounts = mostLikelyCounts(counts, trainCount, random);
  const testCounts = mostLikelyCounts(
    counts.map((count, i) => count - trainCounts[i]!),
    testCount,
    random,
  );
  const train: number[] = [];
  const test: number[] = [];
  rows.forEach((own, i) => {
    const order = random.permutation(own.length);
    const end = trainCounts[i]! + testCounts[i]!;
    order.forEach((place, k) => {
      if (k < end) (k < trainCounts[i]! ? train : test).push(own[place]!);
    });
  });
  random.shuffle(train);
  random.shuffle(test);
  return { train: Uint32Array.from(train), test: Uint32Array.from(test) };
}

function rowsByClass(table: Table, name: string): number[][] {
  const feature = table.features.get(name);
  if (!feature) throw noColumn(name, table.features.keys());
  if (feature.type !== 'classLabel') {
    throw new TypeError(
      `stratifyByColumn needs a class label column, and "${name}" is ${featureName(feature)}; ` +
        `classEncodeColumn("${name}") makes it one.`,
    );
  }
  const column = table.column(name);
  const rows = new Map<number, number[]>();
  for (let i = 0; i < table.rowCount; i++) {
    const label = column.get(i);
    if (label === null) throw new TypeError(`Row ${i} has no "${name}", so it belongs to no class.`);
    const own = rows.get(label as number);
    if (own) own.push(i);
    else rows.set(label as number, [i]);
  }
  const classes = [...rows].sort(([a], [b]) => a - b);
  for (const [label, own] of classes) {
    if (own.length > 1) continue;
    const shown = feature.names[label] ?? label;
    throw new RangeError(
      `Class "${shown}" of "${name}" has one row; a split needs at least 2 of each class.`,
    );
  }
  return classes.map(([, own]) => own);
}

/** How many of each class to draw: their share rounded down, the rest by greatest remainder, ties drawn at random. */
function mostLikelyCounts(counts: readonly number[], draws: number, random: RandomGenerator): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = counts.map(count => (draws * count) / total);
  const drawn = shares.map(Math.floor);
  const remainders = shares.map((share, i) => share - drawn[i]!);
  let missing = Math.trunc(draws - drawn.reduce((sum, count) => sum + count, 0));
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (missing <= 0) break;
    const tied = remainders.flatMap((own, i) => (own === remainder ? [i] : []));
    const count = Math.min(tied.length, missing);
    for (const place of random.sample(tied.length, count)) drawn[tied[place]!]!++;
    missing -= count;
  }
  return drawn;
}
