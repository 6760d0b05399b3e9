import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ClassLabel, Dataset, range } from '../../../lib/datasets/index.ts';

const GOLDEN = fileURLToPath(
  new URL('../../../../shared/data/lamini/golden_split_tokens.json', import.meta.url),
);
const rows = Dataset.fromColumns({ i: [...range(24)] });
const labelled = rows
  .map(({ i }) => ({ label: (i * i + Math.floor(i / 3)) % 3 }))
  .castColumn('label', new ClassLabel(['0', '1', '2']));

// Reference: datasets 5.0.1 with NumPy 2.4.6, Dataset.train_test_split; exact.
describe('trainTestSplit chooses the rows that Python chooses', () => {
  it('for numbers of rows', () => {
    const { train, test } = rows.trainTestSplit({ testSize: 5, trainSize: 7, seed: 1 });
    expect(train.column('i')).toEqual([23, 22, 15, 20, 11, 2, 12]);
    expect(test.column('i')).toEqual([1, 21, 7, 17, 16]);
  });

  it('in order, where nothing is shuffled', () => {
    const { train, test } = rows.trainTestSplit({ testSize: 0.25, shuffle: false });
    expect(train.column('i')).toEqual([...range(18)]);
    expect(test.column('i')).toEqual([...range(18, 24)]);
  });

  it('with classes in the same shares', () => {
    const { train, test } = labelled.trainTestSplit({ testSize: 0.3, seed: 7, stratifyByColumn: 'label' });
    expect(train.column('i')).toEqual([0, 10, 20, 16, 13, 3, 1, 5, 22, 18, 21, 8, 19, 23, 17, 14]);
    expect(test.column('i')).toEqual([15, 11, 2, 7, 4, 9, 6, 12]);
  });

  it.skipIf(!existsSync(GOLDEN))('for the 1400 rows of the course (needs ../shared)', () => {
    const { split } = JSON.parse(readFileSync(GOLDEN, 'utf8')) as {
      split: { train_idx: number[]; test_idx: number[] };
    };
    const all = Dataset.fromColumns({ i: [...range(1400)] });
    const { train, test } = all.trainTestSplit({ testSize: 0.1, shuffle: true, seed: 123 });
    expect(train.column('i')).toEqual(split.train_idx);
    expect(test.column('i')).toEqual(split.test_idx);
    expect([train.numRows, test.numRows]).toEqual([1260, 140]);
  });
});

describe('trainTestSplit', () => {
  it('rounds the test split up and the train split down, and tests on a quarter unless told', () => {
    expect(rows.trainTestSplit({ testSize: 0.1 }).numRows).toEqual({ train: 21, test: 3 });
    expect(rows.trainTestSplit({ trainSize: 0.55 }).numRows).toEqual({ train: 13, test: 11 });
    expect(rows.trainTestSplit().numRows).toEqual({ train: 18, test: 6 });
    expect(rows.trainTestSplit({ testSize: 1 }).numRows).toEqual({ train: 23, test: 1 });
  });

  it('splits every row into one of both', () => {
    const { train, test } = rows.trainTestSplit({ testSize: 0.3 });
    expect([...train.column('i'), ...test.column('i')].sort((a, b) => a - b)).toEqual([...range(24)]);
  });

  it('splits no rows into none', () => {
    expect(rows.take(0).trainTestSplit({ testSize: 0.1 }).numRows).toEqual({ train: 0, test: 0 });
    for (const sizes of [{}, { trainSize: 0.5 }, { testSize: 1 }]) {
      expect(() => rows.take(1).trainTestSplit(sizes)).toThrow(
        'There is one row, which cannot be split in two.',
      );
    }
  });

  it.each([
    [
      { testSize: 0 },
      'testSize must be a share above 0 and below 1, or a number of rows from 1 to 23, not 0.',
    ],
    [{ testSize: 24 }, 'from 1 to 23, not 24.'],
    [{ testSize: 1.5 }, 'not 1.5.'],
    [{ testSize: -0.1 }, 'not -0.1.'],
    [{ trainSize: Number.NaN }, 'trainSize must be a share'],
    [
      { testSize: 0.6, trainSize: 0.6 },
      'testSize 0.6 and trainSize 0.6 make 15 and 14 rows, but there are 24.',
    ],
    [{ testSize: 0.99 }, 'testSize 0.99 leaves none of the 24 rows for training'],
    [{ trainSize: 0.01 }, 'trainSize 0.01 takes none of the 24 rows for training; make it greater.'],
    [{ seed: -1 }, 'seed must be 0 or greater, not -1.'],
    [{ shuffle: false, stratifyByColumn: 'label' }, 'it cannot go with shuffle: false'],
    [{ stratifyByColumn: 'topic' }, 'There is no column "topic"'],
    [
      { stratifyByColumn: 'i' },
      'needs a class label column, and "i" is int64; classEncodeColumn("i") makes it one.',
    ],
    [
      { testSize: 2, stratifyByColumn: 'label' },
      'The test split gets 2 rows, fewer than the 3 classes of "label".',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => labelled.trainTestSplit(options)).toThrow(message);
  });

  it('refuses to stratify by a class of one row, or rows without a class', () => {
    const label = new ClassLabel(['no', 'yes']);
    const lone = Dataset.fromColumns({ a: [0, 0, 0, 1] }).castColumn('a', label);
    expect(() => lone.trainTestSplit({ stratifyByColumn: 'a' })).toThrow('Class "yes" of "a" has one row');
    const none = Dataset.fromColumns({ a: [0, 0, 1, 1, null] }).castColumn('a', label);
    expect(() => none.trainTestSplit({ stratifyByColumn: 'a' })).toThrow('Row 4 has no "a"');
  });
});
