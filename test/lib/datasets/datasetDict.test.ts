import { describe, expect, it } from 'vitest';
import { ClassLabel, Dataset, DatasetDict } from '../../../lib/datasets/index.ts';

const train = Dataset.fromRows([
  { text: 'b', topic: 'x' },
  { text: 'a', topic: 'y' },
]);
const test = Dataset.fromRows([{ text: 'c', topic: 'z' }]);
const splits = new DatasetDict({ train, test });

describe('a data set dictionary', () => {
  it('has its splits as properties and by name', () => {
    expect(splits.train).toBe(train);
    expect(splits.get('test')).toBe(test);
    expect(splits.keys()).toEqual(['train', 'test']);
    expect([...splits].map(([name, dataset]) => [name, dataset.numRows])).toEqual([
      ['train', 2],
      ['test', 1],
    ]);
    expect(Object.keys(splits)).toEqual(['train', 'test']);
    expect([splits.has('train'), splits.has('dev')]).toEqual([true, false]);
    expect(() => splits.get('dev' as never)).toThrow('There is no split "dev"; the splits are: train, test.');
  });

  it('keeps its verbs where a split is called as one', () => {
    const odd = new DatasetDict({ map: train, ['__proto__']: test, constructor: train });
    expect(typeof odd.map).toBe('function');
    expect(odd.get('map')).toBe(train);
    expect(odd.get('__proto__')).toBe(test);
    expect(
      odd
        .map(() => ({ n: 1 }))
        .get('map')
        .at(0),
    ).toEqual({ text: 'b', topic: 'x', n: 1 });
    expect(odd.keys()).toEqual(['map', '__proto__', 'constructor']);
  });

  it('says how many rows and columns the splits have', () => {
    expect(splits.numRows).toEqual({ train: 2, test: 1 });
    expect(splits.shape).toEqual({ train: [2, 2], test: [1, 2] });
    expect(splits.columnNames).toEqual({ train: ['text', 'topic'], test: ['text', 'topic'] });
    expect(splits.unique('topic')).toEqual({ train: ['x', 'y'], test: ['z'] });
  });

  it('applies verbs to every split', () => {
    expect(splits.sort('text').train.column('text')).toEqual(['a', 'b']);
    expect(splits.shuffle({ seed: 42 }).train.column('text')).toEqual(
      train.shuffle({ seed: 42 }).column('text'),
    );
    expect(splits.renameColumn('text', 'words').test.columnNames).toEqual(['words', 'topic']);
    expect(splits.renameColumns({ text: 'topic', topic: 'text' }).test.at(0)).toEqual({
      topic: 'c',
      text: 'z',
    });
    expect(splits.removeColumns('topic').test.at(0)).toEqual({ text: 'c' });
    expect(splits.selectColumns(['topic']).test.at(0)).toEqual({ topic: 'z' });
    expect(splits.castColumn('topic', new ClassLabel(['z', 'y', 'x'])).train.column('topic')).toEqual([2, 1]);
  });

  it('gives all splits the same classes', () => {
    const encoded = splits.classEncodeColumn('topic');
    expect(encoded.train.features.get('topic')).toEqual(new ClassLabel(['x', 'y', 'z']));
    expect(encoded.test.column('topic')).toEqual([2]);
  });

  it('is made of data sets', () => {
    expect(() => new DatasetDict({ train: [{ a: 1 }] } as never)).toThrow(
      'DatasetDict: split "train" is no Dataset; Dataset.fromRows makes one of rows.',
    );
    expect(() => new DatasetDict(null as never)).toThrow(
      'needs an object of splits: new DatasetDict({ train, test })',
    );
  });
});
