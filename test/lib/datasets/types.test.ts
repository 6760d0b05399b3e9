import { expect, expectTypeOf, it } from 'vitest';
import { ClassLabel, Dataset, type DatasetDict } from '../../../lib/datasets/index.ts';

const typed = Dataset.fromRows([
  { text: 'a', n: 1 },
  { text: 'bb', n: 2 },
]);

// The compiler checks these; what runs checks that the values are what the types say.
it('verbs know the types of their rows', async () => {
  const mapped = typed.map(row => ({ length: row.text.length }));
  expectTypeOf(mapped.at(0)).toEqualTypeOf<{ text: string; n: number; length: number }>();
  expect(mapped.at(0)).toEqual({ text: 'a', n: 1, length: 1 });

  const replaced = typed.map(row => ({ text: row.n }), { removeColumns: 'n' });
  expectTypeOf(replaced.column('text')).toEqualTypeOf<number[]>();
  const alone = typed.map(row => ({ prompt: row.text }), { removeColumns: typed.columnNames });
  expectTypeOf(alone.at(0)).toEqualTypeOf<{ prompt: string }>();
  const batched = typed.map(batch => ({ ids: batch.text.map(text => [text.length]) }), { batched: true });
  expectTypeOf(batched.column('ids')).toEqualTypeOf<number[][]>();
  const awaited = typed.map(async row => ({ answer: row.text }));
  expectTypeOf(awaited).resolves.toEqualTypeOf<Dataset<{ text: string; n: number; answer: string }>>();
  expect((await awaited).at(1).answer).toBe('bb');

  expectTypeOf(typed.renameColumn('text', 'words').column('words')).toEqualTypeOf<string[]>();
  expectTypeOf(typed.renameColumns({ text: 'words' }).column('words')).toEqualTypeOf<string[]>();
  expectTypeOf(typed.selectColumns('n').at(0)).toEqualTypeOf<{ n: number }>();
  expectTypeOf(typed.removeColumns('n').at(0)).toEqualTypeOf<{ text: string }>();
  expectTypeOf(typed.castColumn('n', 'string').column('n')).toEqualTypeOf<string[]>();
  expectTypeOf(typed.castColumn('n', new ClassLabel(['a', 'b', 'c'])).column('n')).toEqualTypeOf<number[]>();
  expectTypeOf(typed.addColumn('flag', [true, false]).column('flag')).toEqualTypeOf<boolean[]>();
  expectTypeOf(typed.batch(2).at(0)).toEqualTypeOf<{ text: string[]; n: number[] }>();
  expectTypeOf(Dataset.fromColumns({ a: [1], b: ['x'] }).at(0)).toEqualTypeOf<{ a: number; b: string }>();
});

it('splits know the types of their rows', () => {
  const splits = typed.trainTestSplit({ testSize: 1, seed: 1 });
  expectTypeOf(splits).toEqualTypeOf<DatasetDict<{ text: string; n: number }, 'train' | 'test'>>();
  expectTypeOf(splits.map(row => ({ m: row.n })).test.column('m')).toEqualTypeOf<number[]>();
  expect(splits.map(row => ({ m: row.n })).test.column('m')).toEqual(splits.test.column('n'));
});

it('a data set of known rows serves where one of any rows is asked for', () => {
  const count = (dataset: Dataset): number => dataset.numRows;
  const any: Dataset = typed;
  expectTypeOf(any.column('text')).toEqualTypeOf<unknown[]>();
  const made = any.map(row => ({ text: String(row.text) }), { removeColumns: any.columnNames });
  expectTypeOf(made.column('text')).toEqualTypeOf<string[]>();
  expect([count(typed), made.column('text')]).toEqual([2, ['a', 'bb']]);
});
