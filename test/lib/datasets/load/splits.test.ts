import { describe, expect, it } from 'vitest';
import { dataNames, splitsOf } from '../../../../lib/datasets/load/splitNames.ts';
import { parseSplit, rowsOf } from '../../../../lib/datasets/load/splitSpec.ts';

describe('split expressions', () => {
  // Python's ReadInstruction.from_spec(…).to_absolute({'train': n, 'test': 37}), datasets 5.0.1.
  it.each([
    ['train[:10%]', 264, [['train', 0, 26]]],
    ['train[:33%]', 5, [['train', 0, 2]]],
    ['train[10:20]', 264, [['train', 10, 20]]],
    ['train[-5%:]', 264, [['train', 251, 264]]],
    ['train[-5%:]', 1400, [['train', 1330, 1400]]],
    ['train[:50%]', 5, [['train', 0, 2]]],
    ['train[:50%]', 7, [['train', 0, 4]]],
    [
      'train+test',
      264,
      [
        ['train', 0, 264],
        ['test', 0, 37],
      ],
    ],
    [
      'train[10%:20%] + test[:5]',
      264,
      [
        ['train', 26, 53],
        ['test', 0, 5],
      ],
    ],
    ['train[:-10]', 264, [['train', 0, 254]]],
    ['train[300:]', 264, [['train', 264, 264]]],
    ['train[:25%](pct1_dropremainder)', 264, [['train', 0, 50]]],
    ['train[-300:10]', 264, [['train', 0, 10]]],
    ['train[1_0:]', 264, [['train', 10, 264]]],
  ])('%s of %d rows are those that Python takes', (expression, rows, expected) => {
    const counts: Record<string, number> = { train: rows, test: 37 };
    const parts = parseSplit(expression).map(part => [part.split, ...rowsOf(part, counts[part.split]!)]);
    expect(parts).toEqual(expected);
  });

  it('takes no rows where the end comes first', () => {
    expect(rowsOf(parseSplit('train[20:10]')[0]!, 100)).toEqual([20, 20]);
  });

  it.each(['train[:2.5%]', 'train[ :10%]', 'train[', 'train[5]', '', 'a b', 'train[:5%](nearest)'])(
    'refuses %j',
    expression => {
      expect(() => parseSplit(expression)).toThrow(
        'is no split; write a name, or a part such as train[:10%]',
      );
    },
  );

  it('refuses percentages beyond 100, and hundredths of too few rows', () => {
    expect(() => parseSplit('train[:101%]')).toThrow('goes beyond 100 percent');
    expect(() => rowsOf(parseSplit('train[:5%](pct1_dropremainder)')[0]!, 99)).toThrow(
      'makes no sense for "train", which has 99 rows',
    );
  });
});

describe('splits by file name', () => {
  const of = (...names: string[]) => Object.fromEntries(splitsOf(names));

  it.each([
    [['train.jsonl', 'test.jsonl'], { train: ['train.jsonl'], test: ['test.jsonl'] }],
    [
      ['my_train-2.csv', 'dev.csv', 'eval data.csv'],
      { train: ['my_train-2.csv'], validation: ['dev.csv'], test: ['eval data.csv'] },
    ],
    [['training/a.csv', 'val/test.csv'], { train: ['training/a.csv'], validation: ['val/test.csv'] }],
    [['constrained.csv', 'latest.csv'], { train: ['constrained.csv', 'latest.csv'] }],
    [
      [
        'data/extra-00000-of-00001-abc.parquet',
        'data/test-00000-of-00001.parquet',
        'data/train-00000-of-00002.parquet',
        'data/train-00001-of-00002.parquet',
      ],
      {
        train: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
        test: ['data/test-00000-of-00001.parquet'],
        extra: ['data/extra-00000-of-00001-abc.parquet'],
      },
    ],
  ])('%j', (names, expected) => {
    expect(of(...names)).toEqual(expected);
    expect(Object.keys(of(...names))).toEqual(Object.keys(expected));
  });

  it('look at data of the commonest format alone, never at hidden files or settings', () => {
    expect(
      dataNames([
        'README.md',
        'config.json',
        '.hidden.csv',
        '__pycache__/x.csv',
        'b.csv',
        'a.csv.gz',
        'notes.txt',
        'dataset_info.json',
      ]),
    ).toEqual(['a.csv.gz', 'b.csv']);
  });
});
