/** The exercises of lesson 2: what their checks say to right answers and to the usual wrong ones. */
import { describe, expect, it } from 'vitest';
import { type Dataset, loadDataset } from '../../lib/datasets/index.ts';
import { PromptTemplate, templates } from '../../lib/prompts/index.ts';
import { checkContextRows, checkForum, checkKeeper } from '../../notebooks/where-fine-tuning-fits/checks.ts';
import { printed } from './printed.ts';

interface Page {
  text: string;
  source: string;
}

interface QuestionAnswer {
  question: string;
  answer: string;
}

const pages = await loadDataset<Page>('pretrain_sample', { split: 'train' });
const lighthouse = await loadDataset<QuestionAnswer>('lighthouse_keeper', { split: 'train' });
const words = ({ text }: Page): number => text.split(/\s+/).filter(Boolean).length;

describe('exercise 1: ask the stream', () => {
  const forum = pages.filter(page => page.source === 'forum');
  const long = forum.filter(page => words(page) >= 20);
  const judged = (value: unknown): Promise<string> => printed(() => checkForum(value, pages.toRows()));

  it('takes the first three', async () => {
    expect(await judged(long.take(3).toRows())).toMatch(/^✓ Right/);
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['a promise', Promise.resolve([]), /a promise \(is an await missing\?\)/],
    ['a stream', long.take(3).toIterableDataset(), /of the class IterableDataset; nobody has read its rows/],
    ['texts', long.take(3).column('text'), /a whole row/],
    ['short texts', forum.take(3).toRows(), /has 1 words/],
    ['any source', pages.take(3).toRows(), /the source "web" is among them/],
    ['too many', long.toRows(), /3 rows are wanted/],
    ['later ones', long.skip(1).take(3).toRows(), /row 1 of yours is not the one/],
  ])('says what is wrong with %s', async (_, value, message) => {
    expect(await judged(value)).toMatch(message);
  });
});

describe('exercise 2: a template of your own', () => {
  const hydrated = (text: string): Dataset<{ text: string }> => {
    const template = new PromptTemplate(text);
    return lighthouse.map(row => ({ text: template.hydrate(row) }), {
      removeColumns: ['question', 'answer'],
    });
  };
  const judged = (value: unknown): Promise<string> => printed(() => checkKeeper(value, lighthouse));

  it('takes marks of one’s own', async () => {
    expect(await judged(hydrated('### Visitor:\n{question}\n\n### Keeper:\n{answer}'))).toMatch(/^✓ Right/);
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['an array', [], /a data set, and it is an array/],
    ['other columns', lighthouse, /no column text; its columns are question, answer/],
    [
      'columns that stay',
      lighthouse.map(row => ({ text: templates.questionAnswer.format(row) })),
      /there is also question, answer/,
    ],
    ['missing rows', hydrated('V: {question} K: {answer}').take(5), /has 210 rows, and keeper has 5/],
    ['open slots', hydrated('V: {{question}} K: {{answer}}'), /a slot was not filled/],
    ['the answer first', hydrated('K: {answer}\nV: {question}'), /row 0 does not hold its question and then/],
    ['no mark at all', hydrated('{question}\n{answer}'), /no mark before the question/],
    ['no mark between', hydrated('V: {question}\n{answer}'), /no mark between/],
    ['the course’s marks', hydrated(templates.questionAnswer.text), /make your own/],
    [
      'numbered marks',
      lighthouse.map((row, i) => ({ text: `V${i}: ${row.question} K: ${row.answer}` }), {
        removeColumns: ['question', 'answer'],
        withIndices: true,
      }),
      /differ from row to row/,
    ],
  ])('says what is wrong with %s', async (_, value, message) => {
    expect(await judged(value)).toMatch(message);
  });
});

describe('exercise 3: rows with a third column', () => {
  interface ContextRow {
    instruction: string;
    context: string;
    response: string;
  }
  const withContext = 'I:\n{instruction}\nC:\n{context}\nR:\n{response}';
  const filled =
    (text: string) =>
    (row: ContextRow): string =>
      new PromptTemplate(text).hydrate(row);
  const judged = (value: unknown): Promise<string> => printed(() => checkContextRows(value));

  it('takes two templates, and parts that are joined', async () => {
    const two = (row: ContextRow): string =>
      filled(row.context ? withContext : 'I:\n{instruction}\nR:\n{response}')(row);
    expect(await judged(two)).toMatch(/^✓ Right/);
    const joined = (row: ContextRow): string =>
      Object.entries(row)
        .filter(([, part]) => part !== '')
        .map(([name, part]) => `### ${name}\n${part}`)
        .join('\n\n');
    expect(await judged(joined)).toMatch(/^✓ Right/);
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['a text', 'I: {instruction}', /a function, and it is a string/],
    ['no result', () => undefined, /with a context it should return text, and it returns undefined/],
    [
      'a failure',
      () => {
        throw new Error('oh');
      },
      /with a context it failed: oh/,
    ],
    ['a lost context', filled('I:\n{instruction}\nR:\n{response}'), /the context is not in the text/],
    [
      'another order',
      filled('C:\n{context}\nI:\n{instruction}\nR:\n{response}'),
      /the context stands too early/,
    ],
    [
      'marks on the same line',
      filled('I: {instruction}\nC: {context}'),
      /instruction has no line of its own/,
    ],
    [
      'no marks',
      filled('{instruction}\n{context}\n{response}'),
      /no mark in the line before the instruction/,
    ],
    ['a mark of nothing', filled(withContext), /its mark is in the text all the same/],
    [
      'what JavaScript makes of a missing value',
      ({ instruction, context, response }: ContextRow) =>
        `I:\n${instruction}\nC:\n${context || undefined}\nR:\n${response}`,
      /with an empty context the text contains "undefined"/,
    ],
    [
      'other marks without context',
      (row: ContextRow) => filled(row.context ? withContext : 'Do:\n{instruction}\nR:\n{response}')(row),
      /the mark before the instruction is not the same/,
    ],
  ])('says what is wrong with %s', async (_, value, message) => {
    expect(await judged(value)).toMatch(message);
  });
});
