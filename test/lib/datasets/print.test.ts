import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  ClassLabel,
  concatenateDatasets,
  Dataset,
  DatasetDict,
  IterableDataset,
  interleaveDatasets,
} from '../../../lib/datasets/index.ts';

const DISPLAY = Symbol.for('Jupyter.display');
const bundle = (value: object): Record<string, string> =>
  (value as unknown as Record<symbol, () => Record<string, string>>)[DISPLAY]!();

const ds = Dataset.fromRows([
  { question: 'Why?', answer: 'Because.' },
  { question: 'How?', answer: 'Slowly.' },
]);

// Reference: repr of datasets 5.0.1.
describe('in a terminal', () => {
  it('a data set shows its columns and how many rows it has, as in Python', () => {
    expect(inspect(ds)).toBe("Dataset({\n    features: ['question', 'answer'],\n    num_rows: 2\n})");
    expect(inspect(Dataset.fromRows([]))).toBe('Dataset({\n    features: [],\n    num_rows: 0\n})');
    const odd = Dataset.fromRows([{ "it's": 1, 'a"b': 2, 'x\\y': 3, 'n\nl': 4 }]);
    expect(inspect(odd)).toContain(`features: ["it's", 'a"b', 'x\\\\y', 'n\\nl'],`);
  });

  it('text of them is the same', () => {
    const stream = ds.toIterableDataset();
    for (const value of [ds, new DatasetDict({ train: ds }), stream]) expect(`${value}`).toBe(inspect(value));
  });

  it('splits show each other inside, as in Python', () => {
    expect(inspect(new DatasetDict({ train: ds, test: ds.take(1) }))).toBe(
      'DatasetDict({\n' +
        "    train: Dataset({\n        features: ['question', 'answer'],\n        num_rows: 2\n    })\n" +
        "    test: Dataset({\n        features: ['question', 'answer'],\n        num_rows: 1\n    })\n})",
    );
    expect(inspect(new DatasetDict({}))).toBe('DatasetDict({\n    \n})');
  });

  it('a stream shows in how many shards its rows lie, as in Python', () => {
    const stream = (shards: number) => new IterableDataset(() => ds, ds.features, shards);
    expect(inspect(stream(3))).toContain('    num_shards: 3\n');
    expect(inspect(stream(3).map(row => row))).toBe(
      'IterableDataset({\n    features: Unknown,\n    num_shards: 3\n})',
    );
    expect(stream(3).take(2).renameColumn('answer', 'a').numShards).toBe(3);
    expect(concatenateDatasets([stream(3), stream(2)]).numShards).toBe(5);
    expect(interleaveDatasets([stream(3), stream(2)]).numShards).toBe(2);
  });
});

describe('in a notebook', () => {
  it('the first rows are a table with the types of columns', () => {
    const labelled = Dataset.fromColumns({ text: ['a', 'b', 'c', 'd', 'e', 'f'], label: [0, 1, 0, 1, 0, 1] });
    const shown = bundle(labelled.castColumn('label', new ClassLabel(['no', 'yes'])));
    const html = shown['text/html']!;
    expect(html.match(/<tr>/g)?.length).toBe(6);
    expect(html).toContain('text<br><small style="font-weight:normal">string</small>');
    expect(html).toContain('class label (2)');
    expect(html).toContain('>1 (yes)<');
    expect(html).toContain('6 rows, 2 columns');
    expect(shown['text/plain']).toContain('num_rows: 6');
  });

  it('many columns leave each room for its values', () => {
    const html = bundle(Dataset.fromRows([{ loss: 370370367.369, text: 'word '.repeat(30), short: 'ab' }]))[
      'text/html'
    ]!;
    expect(html).toMatch(/white-space:pre">370370367\.369</);
    expect(html).toMatch(/min-width:18em;[^"]*white-space:pre-wrap">word /);
    expect(html).toMatch(/min-width:1em;[^"]*">ab</);
  });

  it('text is escaped, also in names', () => {
    const html = bundle(Dataset.fromRows([{ '<b>"x"</b>': '<script>alert(1)</script> & more' }]))[
      'text/html'
    ]!;
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more');
    expect(html).toContain('&lt;b&gt;&quot;x&quot;&lt;/b&gt;');
  });

  it('stays small however long texts, lists and rows are', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`column ${i}`, 'x'.repeat(10_000)]),
    );
    const rows = Array.from({ length: 20 }, () => ({
      text: '\u{1F600}'.repeat(1_000_000),
      list: Array.from({ length: 100_000 }, (_, i) => i),
      nested: [[{ deep: 'y'.repeat(100_000) }]],
      ...wide,
    }));
    const html = bundle(Dataset.fromRows(rows))['text/html']!;
    expect(html.length).toBeLessThan(80_000);
    expect(html).toContain('the last 483 not shown');
    expect(html).toContain('0, 1, 2');
    expect(html.isWellFormed?.() ?? !/[\ud800-\udbff](?![\udc00-\udfff])/.test(html)).toBe(true);
  });

  it('shows nulls, dates, bytes and objects as what they are', () => {
    const html = bundle(
      Dataset.fromRows([{ n: null, d: new Date(0), b: Uint8Array.of(1, 2), o: { x: [1, 'a'] } }]),
    )['text/html']!;
    for (const text of ['>null<', '1970-01-01T00:00:00.000Z', '2 bytes', '{x: [1, &quot;a&quot;]}']) {
      expect(html).toContain(text);
    }
  });

  it('a stream shows its columns where they are known, and reads no row', () => {
    const refuse = () => {
      throw new Error('A row was read.');
    };
    const shown = bundle(new IterableDataset(refuse, ds.features));
    expect(shown['text/html']).toContain('question<br>');
    expect(shown['text/html']).toContain('A stream of 2 columns; <code>await stream.take(5).toDataset()');
    // Reference: repr of datasets 5.0.1.
    expect(shown['text/plain']).toBe(
      "IterableDataset({\n    features: ['question', 'answer'],\n    num_shards: 1\n})",
    );
    expect(bundle(new IterableDataset(refuse))['text/html']).toContain('known once rows are read');
  });

  it('splits are shown with their names and first rows', () => {
    const shown = bundle(new DatasetDict({ train: ds, 'test<': ds }));
    expect(shown['text/html']).toContain('<b>train</b>');
    expect(shown['text/html']).toContain('<b>test&lt;</b>');
    expect(shown['text/plain']).toContain('DatasetDict({');
  });
});
