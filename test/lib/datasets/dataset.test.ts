import { describe, expect, it } from 'vitest';
import { ClassLabel, Dataset, type Feature, range } from '../../../lib/datasets/index.ts';

const ds = Dataset.fromRows([
  { text: 'b', label: 1 },
  { text: 'a', label: 0 },
  { text: 'c', label: 1 },
  { text: 'a', label: 2 },
]);

describe('a data set', () => {
  it('says what it holds', () => {
    expect(ds.columnNames).toEqual(['text', 'label']);
    expect([ds.numRows, ds.length, ds.numColumns, ds.shape]).toEqual([4, 4, 2, [4, 2]]);
    expect(ds.features.get('label')).toEqual({ type: 'value', dtype: 'int64' });
  });

  it('gives rows, columns and batches', () => {
    expect(ds.at(0)).toEqual({ text: 'b', label: 1 });
    expect(ds.at(-1)).toEqual({ text: 'a', label: 2 });
    expect(ds.column('label')).toEqual([1, 0, 1, 2]);
    const { text } = ds.columns;
    expect(text).toEqual(['b', 'a', 'c', 'a']);
    expect([...ds].map(row => row.text)).toEqual(text);
    expect([...ds.iter(3)]).toEqual([
      { text: ['b', 'a', 'c'], label: [1, 0, 1] },
      { text: ['a'], label: [2] },
    ]);
    expect([...ds.iter(3, { dropLastBatch: true })].length).toBe(1);
    expect(ds.batch(3).at(1)).toEqual({ text: ['a'], label: [2] });
    expect(ds.batch(3).features.get('label')).toEqual({
      type: 'list',
      feature: { type: 'value', dtype: 'int64' },
    });
  });

  it('says which rows and columns there are when asked for others', () => {
    expect(() => ds.at(4)).toThrow('There is no row 4; the data set has 4 rows.');
    expect(() => ds.at(-5)).toThrow('There is no row -5');
    expect(() => ds.at(0.5)).toThrow('There is no row 0.5');
    expect(() => ds.column('id')).toThrow('There is no column "id"; the columns are: text, label.');
    expect(() => Dataset.fromRows([]).column('id')).toThrow('the columns are: (none)');
  });

  it('is made of rows, columns, frames and generators', async () => {
    const { table } = await import('arquero');
    expect(Dataset.fromFrame(table({ a: [1, 2], b: ['x', 'y'] })).at(1)).toEqual({ a: 2, b: 'y' });
    const counted = Dataset.fromGenerator(function* () {
      for (let i = 0; i < 3; i++) yield { i };
    });
    expect(counted.column('i')).toEqual([0, 1, 2]);
    const awaited = Dataset.fromGenerator(async function* () {
      yield { i: 5 };
    });
    expect((await awaited).toRows()).toEqual([{ i: 5 }]);
    expect(await counted.toIterableDataset().take(1).toRows()).toEqual([{ i: 0 }]);
    expect(() => new Dataset([{ a: 1 }] as never)).toThrow(
      'Dataset.fromRows makes a data set of an array of rows',
    );
    expect(() => Dataset.fromRows({ a: [1] } as never)).toThrow('fromColumns takes columns');
    expect(() => Dataset.fromColumns(null as never)).toThrow(
      "Dataset.fromColumns needs an object of arrays, such as { text: ['good', 'bad'] }, not null; fromRows takes rows.",
    );
    for (const [values, shown] of [
      [5, '5'],
      [new Set([1]), 'a value of type Set'],
      ['ab', '"ab"'],
    ]) {
      const message = `Column "a" must be an array or a typed array, not ${shown}.`;
      expect(() => Dataset.fromColumns({ a: values } as never)).toThrow(message);
      expect(() => Dataset.fromRows([{ b: 1 }]).addColumn('a', values as never)).toThrow(message);
    }
    expect(() => Dataset.fromGenerator([{ a: 1 }] as never)).toThrow(
      'Dataset.fromGenerator needs a generator function, such as function* () { yield { id: 1 }; }, not a value of type Array; fromRows takes rows.',
    );
    expect(() => Dataset.fromFrame([1, 2] as never)).toThrow('fromRows takes an array of objects');
    expect(() => Dataset.fromColumns({ a: [1], b: [] })).toThrow('"a" 1, "b" 0 values');
  });

  it('becomes a data frame', async () => {
    const frame = await ds.filter(row => row.label > 0).toFrame();
    expect(frame.columnNames()).toEqual(['text', 'label']);
    expect(frame.objects()).toEqual([
      { text: 'b', label: 1 },
      { text: 'c', label: 1 },
      { text: 'a', label: 2 },
    ]);
    const odd = Dataset.fromRows([JSON.parse('{"__proto__": 1}')]);
    await expect(odd.toFrame()).rejects.toThrow('cannot have a column called "__proto__"');
  });
});

describe('choosing rows', () => {
  const numbers = Dataset.fromColumns({ n: [0, 10, 20, 30, 40] });

  it('by index', () => {
    expect(numbers.select([3, 0, 3, -1]).column('n')).toEqual([30, 0, 30, 40]);
    expect(numbers.select(range(1, 5, 2)).column('n')).toEqual([10, 30]);
    expect([...range(3), ...range(5, 0, -2)]).toEqual([0, 1, 2, 5, 3, 1]);
    expect(() => numbers.select([0, 5])).toThrow('There is no row 5; the data set has 5 rows.');
    expect(() => numbers.select([Number.NaN])).toThrow('There is no row NaN');
    expect(() => range(1, 5, 0)).toThrow('range needs integers and a step that is not 0, not 1, 5, 0.');
  });

  it('by position', () => {
    expect(numbers.slice(1, 3).column('n')).toEqual([10, 20]);
    expect(numbers.slice(-2).column('n')).toEqual([30, 40]);
    expect(numbers.slice(3, 1).numRows).toBe(0);
    expect(numbers.take(2).column('n')).toEqual([0, 10]);
    expect(numbers.take(99).numRows).toBe(5);
    expect(numbers.skip(4).column('n')).toEqual([40]);
    expect(numbers.skip(99).numRows).toBe(0);
    expect(numbers.skip(1).take(3).skip(1).column('n')).toEqual([20, 30]);
    for (const rows of [numbers, numbers.toIterableDataset()]) {
      expect(() => rows.take(-1)).toThrow('take needs a whole number of rows from 0, not -1.');
      expect(() => rows.take(1.5)).toThrow('not 1.5.');
      expect(() => rows.take('2' as never)).toThrow('not "2".');
      expect(() => rows.skip(Number.NaN)).toThrow('skip needs a whole number of rows from 0');
    }
    expect(numbers.take(Infinity).length).toBe(numbers.length);
  });

  // Reference: datasets 5.0.1, Dataset.shuffle(seed=42) of 24 rows; exact.
  it('at random, in the order that Python has for the seed', () => {
    const rows = Dataset.fromColumns({ i: [...range(24)] });
    expect(rows.shuffle({ seed: 42 }).column('i')).toEqual([
      16, 15, 18, 19, 9, 7, 17, 23, 6, 10, 3, 0, 20, 12, 5, 11, 14, 22, 2, 4, 21, 1, 13, 8,
    ]);
    expect(rows.shuffle().column('i')).not.toEqual(rows.shuffle().column('i'));
    expect(rows.take(0).shuffle({ seed: 1 }).numRows).toBe(0);
  });

  it('by what is different', () => {
    expect(ds.unique('text')).toEqual(['b', 'a', 'c']);
    expect(Dataset.fromColumns({ a: [null, 1, Number.NaN, Number.NaN, null] }).unique('a')).toEqual([
      null,
      1,
      Number.NaN,
    ]);
    expect(Dataset.fromColumns({ a: [[1], [1], [2]] }).unique('a')).toEqual([[1], [2]]);
    const long = Array.from({ length: 1000 }, () => 0);
    expect(Dataset.fromColumns({ a: [long, [...long, 1], long] }).unique('a').length).toBe(2);
  });
});

// Reference: datasets 5.0.1, Dataset.sort.
describe('sort', () => {
  const numbers = Dataset.fromColumns({ x: [3, null, Number.NaN, 1, 3, -1], i: [0, 1, 2, 3, 4, 5] });

  it('puts NaN and then null last, and keeps the order of equal rows, also in reverse', () => {
    expect(numbers.sort('x').column('i')).toEqual([5, 3, 0, 4, 2, 1]);
    expect(numbers.sort('x', { reverse: true }).column('i')).toEqual([0, 4, 3, 5, 2, 1]);
  });

  it('orders text by code point', () => {
    const texts = Dataset.fromColumns({
      t: ['b', '\u{1F600}', '\uFF21', 'a', 'B', ''],
      i: [0, 1, 2, 3, 4, 5],
    });
    expect(texts.sort('t').column('i')).toEqual([5, 4, 3, 0, 2, 1]);
  });

  it('takes several columns, each in its direction', () => {
    expect(ds.sort(['text', 'label'], { reverse: [true, false] }).toRows()).toEqual([
      { text: 'c', label: 1 },
      { text: 'b', label: 1 },
      { text: 'a', label: 0 },
      { text: 'a', label: 2 },
    ]);
    expect(() => ds.sort(['text', 'label'], { reverse: [true] })).toThrow(
      'reverse has 1 values for 2 columns',
    );
  });

  it('orders dates, booleans and great integers', () => {
    const dates = [new Date(2), new Date(1)];
    expect(Dataset.fromColumns({ d: dates }).sort('d').column('d')).toEqual([dates[1], dates[0]]);
    expect(
      Dataset.fromColumns({ b: [true, false] })
        .sort('b')
        .column('b'),
    ).toEqual([false, true]);
    expect(
      Dataset.fromColumns({ b: [2n ** 60n, 3, -1n] })
        .sort('b')
        .column('b'),
    ).toEqual([-1, 3, 2n ** 60n]);
  });

  it('refuses columns without an order', () => {
    expect(() => ds.sort('id')).toThrow('There is no column "id"');
    expect(() => Dataset.fromColumns({ a: [[1]] }).sort('a')).toThrow(
      'Column "a" is list<int64> and has no order',
    );
    expect(() => Dataset.fromColumns({ a: [1, 'x'] }).sort('a')).toThrow(
      'Column "a" is json and has no order',
    );
  });
});

describe('columns', () => {
  it('are added, renamed, removed and selected', () => {
    const ids = ds.addColumn('id', Int16Array.of(1, 2, 3, 4));
    expect(ids.features.get('id')).toEqual({ type: 'value', dtype: 'int16' });
    expect(ids.at(3)).toEqual({ text: 'a', label: 2, id: 4 });
    expect(ds.renameColumn('text', 'words').columnNames).toEqual(['words', 'label']);
    expect(ds.renameColumns({ text: 'label', label: 'text' }).at(0)).toEqual({ label: 'b', text: 1 });
    expect(ids.removeColumns(['text', 'id']).at(0)).toEqual({ label: 1 });
    expect(ids.removeColumns('text').columnNames).toEqual(['label', 'id']);
    expect(ids.selectColumns(['id', 'text']).at(0)).toEqual({ id: 1, text: 'b' });
    expect(ids.shuffle({ seed: 1 }).selectColumns('id').sort('id').column('id')).toEqual([1, 2, 3, 4]);
  });

  it('are refused with a reason', () => {
    expect(() => ds.addColumn('text', [1, 2, 3, 4])).toThrow('There is a column "text" already');
    expect(() => ds.addColumn('id', [1])).toThrow('Column "id" has 1 values for 4 rows.');
    expect(() => ds.renameColumn('text', 'label')).toThrow(
      'Columns "text" and "label" cannot both be called "label".',
    );
    expect(() => ds.renameColumns({ text: 'x', label: 'x' })).toThrow('cannot both be called "x"');
    expect(() => ds.renameColumn('id', 'x')).toThrow(
      'There is no column "id"; the columns are: text, label.',
    );
    expect(() => ds.removeColumns(['text', 'id'])).toThrow(
      'There is no column "id"; the columns are: text, label.',
    );
    expect(() => ds.selectColumns('id')).toThrow('There is no column "id"');
    expect(() => ds.castColumn('id', 'string')).toThrow('There is no column "id"');
  });
});

describe('castColumn', () => {
  const cast = (values: unknown[], feature: Parameters<Dataset['castColumn']>[1]): unknown[] =>
    Dataset.fromColumns({ a: values }).castColumn('a', feature).column('a');

  it('turns values into others that mean the same', () => {
    expect(cast([1, null, 2.5], 'string')).toEqual(['1', null, '2.5']);
    expect(cast(['1', '-2.5', 'nan', null], 'float64')).toEqual([1, -2.5, Number.NaN, null]);
    expect(cast(['9007199254740993'], 'int64')).toEqual([9007199254740993n]);
    expect(cast([true, false], 'int8')).toEqual([1, 0]);
    expect(cast([1, 0, 2], 'bool')).toEqual([true, false, true]);
    expect(cast(['true', 'False'], 'bool')).toEqual([true, false]);
    expect(cast([0.1], 'float32')).toEqual([Math.fround(0.1)]);
    expect(cast(['2020-01-02T03:04:05Z'], 'timestamp')).toEqual([new Date('2020-01-02T03:04:05Z')]);
    expect(cast(['2020-01-02T03:04:05Z'], 'date')).toEqual([new Date('2020-01-02')]);
    expect(cast([new Date(0)], 'string')).toEqual(['1970-01-01T00:00:00.000Z']);
    expect(cast([1, 'x'], 'json')).toEqual([1, 'x']);
    expect(cast([[1, null], null], { type: 'list', feature: { type: 'value', dtype: 'string' } })).toEqual([
      ['1', null],
      null,
    ]);
    const struct: Feature = { type: 'struct', fields: new Map([['x', { type: 'value', dtype: 'string' }]]) };
    expect(cast([{ x: 1, y: 2 }], struct)).toEqual([{ x: '1' }]);
  });

  // Reference: pyarrow 25.0.1, `pa.array([text]).cast(type)`; exact.
  it('reads the texts that Arrow reads', () => {
    const instants = {
      '2020-01-02': '2020-01-02T00:00:00.000Z',
      '2020-01-02T03': '2020-01-02T03:00:00.000Z',
      '2020-01-02 03:04': '2020-01-02T03:04:00.000Z',
      '2020-01-02T03:04:05.5': '2020-01-02T03:04:05.500Z',
      '2020-01-02T03:04:05.123456789': '2020-01-02T03:04:05.123Z',
      '2020-01-02T03Z': '2020-01-02T03:00:00.000Z',
      '2020-01-02T03:04+05': '2020-01-01T22:04:00.000Z',
      '2020-01-02T03:04+0530': '2020-01-01T21:34:00.000Z',
      '2020-01-02T03:04:05-23:59': '2020-01-03T03:03:05.000Z',
    };
    expect(cast(Object.keys(instants), 'timestamp')).toEqual(
      Object.values(instants).map(text => new Date(text)),
    );
    for (const text of [
      '2024-01-01 24:00',
      '2020-01-02T03:04:60',
      '2020-01-02T03:04:05+24:00',
      '2020-01-02T0304',
      '2020-01-02T03:04.5',
      '2020-01-02T03:04:05.1234567891',
      '2020-01-02t03:04',
      '2020-01-02Z',
    ]) {
      expect(() => cast([text], 'timestamp')).toThrow(`row 0: "${text}" cannot become timestamp.`);
    }
    expect(cast(['-5', '007'], 'int32')).toEqual([-5, 7]);
    expect(cast(['1e2', '+5', '.5', '5.', '-inf', 'Infinity'], 'float64')).toEqual([
      100,
      5,
      0.5,
      5,
      -Infinity,
      Infinity,
    ]);
    expect(cast(['tRuE', '0'], 'bool')).toEqual([true, false]);
    expect(cast([Number.NaN, 2n ** 60n, -0], 'bool')).toEqual([true, true, false]);
    for (const text of ['2020-02-31', '2020-13-01', '1', 'May 2020']) {
      expect(() => cast([text], 'date')).toThrow(`row 0: "${text}" cannot become date.`);
    }
    for (const text of [' 5 ', '1e2', '+5', '5.0', '']) {
      expect(() => cast([text], 'int32')).toThrow(`row 0: "${text}" cannot become int32.`);
    }
    for (const text of [' 5 ', '0x1F', '1_000']) {
      expect(() => cast([text], 'float64')).toThrow('cannot become float64');
    }
    expect(() => cast(['constructor'], 'bool')).toThrow('row 0: "constructor" cannot become bool.');
  });

  it('refuses what is no type', () => {
    for (const [spec, shown] of [
      ['int', '"int"'],
      [{ type: 'nope' }, "{ type: 'nope' }"],
      [{ type: 'value', dtype: 'int' }, "{ type: 'value', dtype: 'int' }"],
      [{ type: 'list' }, "{ type: 'list' }"],
      [{ type: 'list', feature: { type: 'struct', fields: {} } }, "{ type: 'struct', fields: {} }"],
      [undefined, 'undefined'],
    ]) {
      expect(() => cast([1], spec as never)).toThrow(`${shown} is no column type; give one of null, bool,`);
    }
  });

  it('makes class labels, which know names and numbers', () => {
    const topics = new ClassLabel(['World', 'Sports']);
    const cast = Dataset.fromColumns({ a: ['Sports', 'World', '1', null] }).castColumn('a', topics);
    expect(cast.column('a')).toEqual([1, 0, 1, null]);
    const numbers = Dataset.fromColumns({ a: [' 1 ', '-1', '+0'] }).castColumn('a', topics);
    expect(numbers.column('a')).toEqual([1, -1, 0]);
    for (const text of ['0x1', '1.0', '1e0', '2']) {
      expect(() => Dataset.fromColumns({ a: [text] }).castColumn('a', topics)).toThrow(/Column "a", row 0: /);
    }
    expect([topics.str2int('Sports'), topics.int2str(0), topics.numClasses]).toEqual([1, 'World', 2]);
    expect(() => topics.str2int('Art')).toThrow('There is no class "Art"; the classes are: World, Sports.');
    expect(() => topics.int2str(2)).toThrow('There is no class 2; there are 2, from 0.');
    expect(() => new ClassLabel(['a', 'a'])).toThrow('the name "a" is given twice');
    expect(() => new ClassLabel('ab' as never)).toThrow('ClassLabel needs an array of class names');
  });

  it('names the first value that has no equivalent', () => {
    expect(() => cast(['1', 'one'], 'int32')).toThrow('Column "a", row 1: "one" cannot become int32.');
    expect(() => cast([1, 1.5], 'int32')).toThrow('Column "a", row 1: 1.5 is not int32.');
    expect(() => cast([1, 300], 'uint8')).toThrow('Column "a", row 1: 300 is not uint8.');
    expect(() => cast(['Art'], new ClassLabel(['World']))).toThrow(
      'row 0: "Art" cannot become class label (1).',
    );
    expect(() => cast([[1]], 'string')).toThrow('cannot become string');
  });

  // Reference: datasets 5.0.1, Dataset.class_encode_column.
  it('classEncodeColumn makes classes of the different values as text, in order', () => {
    const encoded = Dataset.fromColumns({ c: ['b', 'a', 'b', null] }).classEncodeColumn('c');
    expect(encoded.features.get('c')).toEqual(new ClassLabel(['a', 'b']));
    expect(encoded.column('c')).toEqual([1, 0, 1, null]);
    const numbers = Dataset.fromColumns({ n: [10, 9, 10, 2] }).classEncodeColumn('n');
    expect(numbers.features.get('n')).toEqual(new ClassLabel(['10', '2', '9']));
    expect(numbers.column('n')).toEqual([0, 2, 0, 1]);
    expect(() => Dataset.fromColumns({ c: [[1]] }).classEncodeColumn('c')).toThrow(
      'Column "c" is list<int64>; only text, numbers and booleans become classes.',
    );
  });
});
