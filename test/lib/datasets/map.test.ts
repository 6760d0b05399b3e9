import { describe, expect, it } from 'vitest';
import { ClassLabel, Dataset, DatasetDict } from '../../../lib/datasets/index.ts';

const docs = Dataset.fromRows([
  { question: 'Why?', answer: 'Because.' },
  { question: 'How?', answer: 'Slowly.' },
  { question: 'When?', answer: 'Now.' },
]);

function catching(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('map', () => {
  it('puts the returned columns over those of the row', () => {
    const mapped = docs.map(row => ({ answer: row.answer.toUpperCase(), length: row.question.length }));
    expect(mapped.columnNames).toEqual(['question', 'answer', 'length']);
    expect(mapped.at(1)).toEqual({ question: 'How?', answer: 'SLOWLY.', length: 4 });
    expect(docs.at(1).answer).toBe('Slowly.');
  });

  it('leaves out removed columns, but not what the function returns under their names', () => {
    const mapped = docs.map(row => ({ text: row.question, answer: 1 }), { removeColumns: docs.columnNames });
    expect(mapped.toRows()[0]).toEqual({ text: 'Why?', answer: 1 });
    expect(docs.map(() => ({}), { removeColumns: 'answer' }).columnNames).toEqual(['question']);
  });

  it('gives the index as second argument, unless told not to', () => {
    expect(docs.map((_, i) => ({ i })).column('i')).toEqual([0, 1, 2]);
    const withDefault = (_: object, step = 7) => ({ step });
    expect(docs.map(withDefault, { withIndices: false }).column('step')).toEqual([7, 7, 7]);
  });

  it('keeps what a row had where the function returns a column for some rows only', () => {
    const mapped = docs.map(row => (row.question === 'How?' ? { answer: 'x', extra: 1 } : {}));
    expect(mapped.column('answer')).toEqual(['Because.', 'x', 'Now.']);
    expect(mapped.column('extra')).toEqual([null, 1, null]);
  });

  it('waits for promises, one after another', async () => {
    let running = 0;
    const mapped = await docs.map(async row => {
      expect(running++).toBe(0);
      await new Promise(resolve => setTimeout(resolve, 1));
      running--;
      return { length: row.answer.length };
    });
    expect(mapped.column('length')).toEqual([8, 7, 4]);
  });

  it('gives a promise also for an async function and no rows', async () => {
    const pending = docs.take(0).map(async () => ({ a: 1 }));
    expect(pending).toBeInstanceOf(Promise);
    expect((await pending).numRows).toBe(0);
  });

  it('passes on what an async function throws', async () => {
    await expect(docs.map(async () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  });

  it('has no rows of an empty data set, and its columns', () => {
    const mapped = docs.take(0).map(() => ({ never: 1 }));
    expect(mapped.columnNames).toEqual(['question', 'answer']);
    expect(mapped.toRows()).toEqual([]);
  });

  // Reference: datasets 5.0.1, Dataset.map with the same functions.
  it('keeps the types of replaced columns where they hold the new values, as Python does', () => {
    const labelled = Dataset.fromColumns({ label: [0, 1, 0] }).castColumn(
      'label',
      new ClassLabel(['n', 'y']),
    );
    expect(labelled.map(row => ({ label: 1 - row.label })).features.get('label')).toEqual(
      new ClassLabel(['n', 'y']),
    );
    const named = labelled.map(() => ({ label: 'y' }));
    expect(named.features.get('label')).toEqual(new ClassLabel(['n', 'y']));
    expect(named.column('label')).toEqual([1, 1, 1]);
    expect(labelled.map(row => ({ label: row.label / 2 })).features.get('label')).toEqual({
      type: 'value',
      dtype: 'float64',
    });
    const floats = Dataset.fromColumns({ x: [1.5, 2.5] });
    expect(floats.map(() => ({ x: 1 })).features.get('x')).toEqual({ type: 'value', dtype: 'float64' });
  });

  it.each([
    [undefined, /returned undefined for row 0.*needs parentheses around it: row => \(\{ … \}\)/],
    [null, /returned null for row 0; it must return an object/],
    [7, /returned 7 for row 0/],
    ['text', /returned "text" for row 0/],
    [[1, 2], /returned a value of type Array for row 0/],
    [new Map(), /returned a value of type Map for row 0/],
  ])('refuses a function that returns %s', (result, message) => {
    expect(() => docs.map(() => result as unknown as object)).toThrow(message);
  });

  it('takes what keeps its columns as properties, such as the encodings of a tokenizer', async () => {
    class Encoding {
      readonly inputIds: number[][];
      constructor(inputIds: number[][]) {
        this.inputIds = inputIds;
      }
    }
    const ids = [[1], [2, 3]];
    const encoded = docs.take(2).map(() => new Encoding(ids), { batched: true });
    expect(encoded.column('inputIds')).toEqual(ids);
    const streamed = docs
      .take(1)
      .toIterableDataset()
      .map(() => new Encoding(ids));
    expect((await streamed.toRows())[0]).toMatchObject({ inputIds: ids });
  });

  it('says at which row, and among which columns, a function met a value that it cannot take', async () => {
    const misspelt = (row: object) => ({ length: (row as { questoin: string }).questoin.length });
    const sentence = "undefined (reading 'length'); map was at row 0, whose columns are: question, answer.";
    const thrown = catching(() => docs.map(misspelt));
    expect(thrown).toBeInstanceOf(TypeError);
    expect((thrown as Error).message).toContain(sentence);
    expect((thrown as Error).stack).toMatch(/at misspelt .*map\.test\.ts/);
    await expect(docs.map(async row => misspelt(row))).rejects.toThrow(sentence);
    await expect(docs.toIterableDataset().map(misspelt).toRows()).rejects.toThrow(sentence);
    const late = (row: { question: string }) => row.question === 'How?' && misspelt(row);
    const filtered = 'filter was at row 1, whose columns are: question, answer.';
    expect(() => docs.filter(late)).toThrow(filtered);
    await expect(docs.toIterableDataset().filter(late).toRows()).rejects.toThrow(filtered);
    expect(() => docs.map(misspelt as never, { batched: true, batchSize: 2 })).toThrow(
      'map was at the batch at row 0, whose columns are: question, answer.',
    );
  });

  it('leaves errors of other kinds as they are, and those that cannot be changed', () => {
    const stop = new Error('stop');
    const frozen = Object.freeze(new TypeError('frozen'));
    for (const own of [stop, frozen, 'text']) {
      const thrown = catching(() =>
        docs.map(() => {
          throw own;
        }),
      );
      expect(thrown).toBe(own);
    }
    expect(stop.message).toBe('stop');
  });

  it('names a column that is not there, and those that are', () => {
    expect(() => docs.map(row => row, { removeColumns: 'text' })).toThrow(
      'There is no column "text"; the columns are: question, answer.',
    );
    expect(() => docs.map('upper' as never)).toThrow('map needs a function, not "upper".');
  });
});

describe('map with batches', () => {
  const numbers = Dataset.fromColumns({
    n: [0, 1, 2, 3, 4, 5, 6],
    text: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  });

  it('gives and takes columns', () => {
    const seen: number[] = [];
    const mapped = numbers.map(
      batch => {
        seen.push(batch.n.length);
        return { double: batch.n.map(n => 2 * n), half: Float64Array.from(batch.n, n => n / 2) };
      },
      { batched: true, batchSize: 3 },
    );
    expect(seen).toEqual([3, 3, 1]);
    expect(mapped.column('double')).toEqual([0, 2, 4, 6, 8, 10, 12]);
    expect(mapped.at(3)).toEqual({ n: 3, text: 'd', double: 6, half: 1.5 });
  });

  it('leaves out a last batch that is not full, if told to', () => {
    const options = { batched: true, batchSize: 3, dropLastBatch: true } as const;
    expect(numbers.map(batch => ({ m: batch.n }), options).column('text')).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
    ]);
    expect(numbers.map(batch => ({ m: batch.n }), { ...options, batchSize: 1 }).numRows).toBe(7);
    expect(numbers.map(batch => ({ m: batch.n }), { ...options, batchSize: 8 }).numRows).toBe(0);
  });

  it('may make more rows, or fewer, of columns that all come from it', () => {
    const twice = numbers.map(batch => ({ m: batch.n.flatMap(n => [n, n]) }), {
      batched: true,
      batchSize: 2,
      removeColumns: ['n', 'text'],
    });
    expect(twice.column('m')).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    const fewer = numbers.map(batch => ({ n: [batch.n[0]!], text: ['first'] }), {
      batched: true,
      batchSize: 4,
    });
    expect(fewer.toRows()).toEqual([
      { n: 0, text: 'first' },
      { n: 4, text: 'first' },
    ]);
  });

  it('gives the indices of the rows', () => {
    const mapped = numbers.map((_, indices) => ({ i: indices }), {
      batched: true,
      batchSize: 4,
      withIndices: true,
    });
    expect(mapped.column('i')).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('refuses columns of unequal length, and rows that no longer fit the others', () => {
    expect(() => numbers.map(() => ({ a: [1], b: [1, 2] }), { batched: true })).toThrow(
      'columns of unequal length for the batch at row 0: a 1, b 2.',
    );
    expect(() => numbers.map(() => ({ a: [1] }), { batched: true })).toThrow(
      "map's function returned 1 rows for 7 at row 0, and the columns that it does not return keep their rows; name them in removeColumns: n, text.",
    );
    expect(() => numbers.map(() => ({ a: 1 }) as never, { batched: true })).toThrow(
      /returned 1 as column "a"/,
    );
    expect(() => numbers.map(() => ({ a: 'text' }) as never, { batched: true })).toThrow(
      /each column is an array/,
    );
    expect(() => numbers.map(batch => batch, { batched: true, batchSize: 0 })).toThrow(
      'batchSize must be an integer of at least 1, or Infinity, not 0.',
    );
  });

  it('makes one batch of all rows for an infinite size', () => {
    const sizes: number[] = [];
    numbers.filter(
      batch => {
        sizes.push(batch.n.length);
        return batch.n.map(() => true);
      },
      { batched: true, batchSize: Infinity },
    );
    numbers.map(batch => ({ n: Array(sizes.push(batch.n.length) && 7).fill(0) }), {
      batched: true,
      batchSize: Infinity,
    });
    expect(sizes).toEqual([7, 7]);
  });
});

describe('filter', () => {
  it('keeps the rows for which the function says yes', async () => {
    expect(docs.filter(row => row.question.length > 4).column('question')).toEqual(['When?']);
    expect((await docs.filter(async row => row.answer !== 'Now.')).numRows).toBe(2);
    expect(docs.filter((_, i) => i !== 1, { withIndices: true }).column('answer')).toEqual([
      'Because.',
      'Now.',
    ]);
    expect(docs.filter(() => false).toRows()).toEqual([]);
  });

  it('takes batches', async () => {
    const options = { batched: true, batchSize: 2 } as const;
    expect(
      docs.filter(batch => batch.question.map(text => text !== 'How?'), options).column('answer'),
    ).toEqual(['Because.', 'Now.']);
    expect((await docs.filter(async batch => batch.question.map(() => true), options)).numRows).toBe(3);
    expect(() => docs.filter(() => [true], options)).toThrow(
      "filter's function returned 1 values for the batch at row 0; with batched: true it must return an array with a boolean for each of the 2 rows.",
    );
    expect(() => docs.filter('yes' as never)).toThrow('filter needs a function, not "yes".');
  });

  it('filters what was filtered and sorted before', () => {
    const numbers = Dataset.fromColumns({ n: [5, 3, 8, 1, 9, 2] });
    const chosen = numbers
      .sort('n')
      .filter(row => row.n > 1)
      .select([4, 0])
      .filter(row => row.n > 0);
    expect(chosen.column('n')).toEqual([9, 2]);
  });
});

describe('map and filter over splits', () => {
  const splits = new DatasetDict({ train: docs.take(2), test: docs.skip(2) });

  it('apply to every split', async () => {
    const mapped = splits.map(row => ({ n: row.answer.length }), { removeColumns: 'question' });
    expect(mapped.train.column('n')).toEqual([8, 7]);
    expect(mapped.get('test').columnNames).toEqual(['answer', 'n']);
    expect((await splits.map(async () => ({ a: 1 }))).test.column('a')).toEqual([1]);
    expect(splits.filter(row => row.question === 'Why?').numRows).toEqual({ train: 1, test: 0 });
    expect((await splits.filter(async () => false)).train.numRows).toBe(0);
  });
});
