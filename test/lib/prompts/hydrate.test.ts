import { table } from 'arquero';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  Dataset,
  DatasetDict,
  type IterableDataset,
  IterableDatasetDict,
} from '../../../lib/datasets/index.ts';
import { chooseTemplate, hydrate, PromptTemplate, templates } from '../../../lib/prompts/index.ts';

const rows = [
  { question: 'What is a token?', answer: 'A piece of text.' },
  { question: 'What is padding?', answer: 'Filling up.' },
];
const texts = rows.map(row => templates.questionAnswer.format(row));

describe('hydrate', () => {
  it('adds the text to each row of an array and leaves the array alone', () => {
    const hydrated = hydrate(templates.questionAnswer, rows, { column: 'text' });
    expectTypeOf(hydrated).toEqualTypeOf<
      Iterable<{ question: string; answer: string } & Record<'text', string>>
    >();
    expect([...hydrated]).toEqual(rows.map((row, i) => ({ ...row, text: texts[i] })));
    expect([...hydrated]).toHaveLength(2);
    expect(Object.keys(rows[0]!)).toEqual(['question', 'answer']);
  });

  it('makes no row before it is asked for', () => {
    function* endless() {
      for (let i = 0; ; i++) yield { question: `Number ${i}?` };
    }
    const [first] = hydrate(templates.question, endless(), { column: 'prompt' });
    expect(first?.prompt).toBe('### Question:\nNumber 0?\n\n### Answer:');
  });

  it('follows a stream', async () => {
    async function* stream() {
      yield* rows;
    }
    const seen: string[] = [];
    for await (const row of hydrate(templates.questionAnswer, stream(), { column: 'text' }))
      seen.push(row.text);
    expect(seen).toEqual(texts);
  });

  it('reads the rows of a data frame', () => {
    const frame = table({ question: rows.map(row => row.question) });
    const [first] = hydrate(templates.question, frame as Iterable<object>, { column: 'text' });
    expect(first).toEqual({
      question: 'What is a token?',
      text: '### Question:\nWhat is a token?\n\n### Answer:',
    });
  });

  it('knows the type of the column that it adds to a data set', async () => {
    type Hydrated = { question: string; answer: string; text: string };
    const dataset = Dataset.fromRows(rows);
    const splits = new DatasetDict({ train: dataset, test: dataset });
    const options = { column: 'text' } as const;

    const hydrated = hydrate(templates.questionAnswer, dataset, options);
    expectTypeOf(hydrated).toEqualTypeOf<Dataset<Hydrated>>();
    expect(hydrated.column('text')).toEqual(texts);
    const both = hydrate(templates.questionAnswer, splits, { column: 'text' });
    expectTypeOf(both).toEqualTypeOf<DatasetDict<Hydrated, 'train' | 'test'>>();
    expect(both.test.at(1).text).toBe(texts[1]);
    const lazy = hydrate(templates.questionAnswer, dataset.toIterableDataset(), options);
    expectTypeOf(lazy).toEqualTypeOf<IterableDataset<Hydrated>>();
    for await (const { text } of lazy) expect(texts).toContain(text);
    const streams = new IterableDatasetDict({ train: dataset.toIterableDataset() });
    const lazySplits = hydrate(templates.questionAnswer, streams, options);
    expectTypeOf(lazySplits).toEqualTypeOf<IterableDatasetDict<Hydrated, 'train'>>();
    for await (const { text } of lazySplits.train) expect(texts).toContain(text);
    interface Question {
      question: string;
      answer: string;
    }
    const ofInterface = hydrate(templates.questionAnswer, Dataset.fromRows<Question>(rows), options);
    expectTypeOf(ofInterface.at(0).text).toBeString();
    const replaced = hydrate(templates.questionAnswer, Dataset.fromRows([{ ...rows[0]!, text: 1 }]), options);
    expectTypeOf(replaced.column('text')).toEqualTypeOf<string[]>();
  });

  it('leaves the work to the map of a data set', () => {
    class Table {
      readonly rows: readonly Record<string, unknown>[];
      constructor(rows: readonly Record<string, unknown>[]) {
        this.rows = rows;
      }
      get columnNames(): string[] {
        return Object.keys(this.rows[0] ?? {});
      }
      map(
        add: (row: Record<string, unknown>, index: number) => Record<string, unknown>,
        { withIndices }: { withIndices?: boolean } = {},
      ): Table {
        return new Table(
          this.rows.map((row, index) => ({ ...row, ...add(row, withIndices ? index : Number.NaN) })),
        );
      }
    }
    expect(() => hydrate(templates.question, new Table([rows[0]!, {}]), { column: 'text' })).toThrow(
      'Row 1: ',
    );
    const hydrated = hydrate(templates.questionAnswer, new Table(rows), { column: 'text' });
    expect(hydrated.columnNames).toEqual(['question', 'answer', 'text']);
    expect(hydrated.rows.map(row => row.text)).toEqual(texts);
  });

  it('asks for rows and for a column', () => {
    const path = 'rows.jsonl' as unknown as Iterable<object>;
    expect(() => hydrate(templates.question, path, { column: 'text' })).toThrow('needs rows: a data set');
    const none = undefined as unknown as { column: string };
    expect(() => hydrate(templates.question, rows, none)).toThrow('the name of the column for the text');
  });

  it('names the row that cannot be hydrated', () => {
    const broken = [rows[0]!, { question: 'Why?', answer: null }];
    expect(() => [...hydrate(templates.questionAnswer, broken, { column: 'text' })]).toThrow(
      'Row 1: The value of the slot "answer" is null',
    );
  });
});

describe('chooseTemplate', () => {
  const short = new PromptTemplate('Q: {question}');
  const long = new PromptTemplate('Context: {context}\nQ: {question}');

  it('uses for each row the template that the function returns', () => {
    const either = chooseTemplate((row: { context?: string }) => (row.context ? long : short));
    const hydrated = hydrate(either, [{ question: 'A?' }, { question: 'B?', context: 'c' }], {
      column: 'text',
    });
    expect(Array.from(hydrated, row => row.text)).toEqual(['Q: A?', 'Context: c\nQ: B?']);
  });

  it('gives the template of a row, with the stop strings of that one alone', () => {
    const either = chooseTemplate((row: { context?: string }) =>
      row.context
        ? new PromptTemplate('{context}', { stop: ['Context:'] })
        : new PromptTemplate('Q', { stop: ['Q:'] }),
    );
    expect(either.templateFor({ context: 'c' }).stop).toEqual(['Context:']);
    expect(either.templateFor({}).stop).toEqual(['Q:']);
    expect(templates.alpaca.templateFor({ instruction: 'Go.', input: '' })).toBe(
      templates.alpacaWithoutInput,
    );
  });

  it('says so when the function returns none', () => {
    const none = chooseTemplate(() => undefined as unknown as PromptTemplate);
    expect(() => none.hydrate({ question: 'A?' })).toThrow(
      'The function given to chooseTemplate returned undefined for the row with the columns question',
    );
  });
});
