/** The exercises of the welcome notebook: what their checks say to right answers and to the usual wrong ones. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plot, readJsonl } from '../../lib/index.ts';
import { checkHistogram, checkLongest, checkMeanWords } from '../../notebooks/welcome/checks.ts';
import { wordCount } from '../../notebooks/welcome/words.ts';
import { printed } from './printed.ts';

interface Row {
  readonly question: string;
  readonly answer: string;
}

const rows = await readJsonl<Row>(
  fileURLToPath(new URL('../../datasets/tunelab_docs.jsonl', import.meta.url)),
);
const refusal = "Let's keep the discussion relevant to tunelab.";
const longestBy = (size: (row: Row) => number): Row => rows.reduce((a, b) => (size(b) > size(a) ? b : a));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('exercise 1, the longest answer', () => {
  const judge = (question: unknown): Promise<string> => printed(() => checkLongest(question, rows));
  const longest = longestBy(row => wordCount(row.answer));

  it('takes the question whose answer has the most words', async () => {
    expect(await judge(longest.question)).toMatch(/^✓ Right/);
  });

  it('waits where nothing is there', async () => {
    expect(await judge(undefined)).toMatch(/^○ To do/);
  });

  it.each([
    ['an answer', longest.answer, /that is an answer; its question is wanted/],
    ['a row', longest, /should be text, and it is an object/],
    ['a question of nobody', 'What?', /no row has this question/],
    ['another question', rows[0]?.question, /has \d+ words, and some answers have more/],
  ])('notices %s', async (_, value, message) => {
    expect(await judge(value)).toMatch(/^✗ Not yet/);
    expect(await judge(value)).toMatch(message);
  });
});

describe('exercise 2, the mean without the refusals', () => {
  const judge = (value: unknown): Promise<string> => printed(() => checkMeanWords(value, rows, refusal));
  const answers = rows.map(row => row.answer).filter(answer => answer !== refusal);
  const right = mean(answers.map(wordCount));

  it('takes the mean', async () => {
    expect(await judge(right)).toMatch(/^✓ Right/);
  });

  it('waits where nothing is there', async () => {
    expect(await judge(undefined)).toMatch(/^○ To do/);
  });

  it.each([
    ['the refusals', mean(rows.map(row => wordCount(row.answer))), /the refusals are still among them/],
    ['characters', mean(answers.map(answer => answer.length)), /words are wanted/],
    ['the sum', right * answers.length, /that is the sum/],
    ['rounding', Math.round(right), /do not round/],
    ['NaN', Number.NaN, /is NaN/],
    ['a text', String(right), /should be a number, and it is a string/],
  ])('notices %s', async (_, value, message) => {
    expect(await judge(value)).toMatch(/^✗ Not yet/);
    expect(await judge(value)).toMatch(message);
  });
});

describe('exercise 3, how long the questions are', () => {
  const judge = (figure: unknown): Promise<string> => printed(() => checkHistogram(figure, rows));
  const sizes = rows.map(row => row.question.length);

  it('takes a histogram with a title, with any number of bins', async () => {
    expect(await judge(plot.histogram(sizes, { title: 'Questions' }))).toMatch(/^✓ Right/);
    expect(await judge(plot.histogram(sizes, { title: 'Questions', bins: 10 }))).toMatch(/^✓ Right/);
  });

  it('waits where nothing is there', async () => {
    expect(await judge(undefined)).toMatch(/^○ To do/);
  });

  it.each([
    ['a missing title', plot.histogram(sizes), /no title of its own/],
    ['some of the rows', plot.histogram(sizes.slice(0, 99), { title: 'Questions' }), /all 700 questions/],
    [
      'words',
      plot.histogram(
        rows.map(row => wordCount(row.question)),
        { title: 'Q' },
      ),
      /beyond the end of the axis/,
    ],
    [
      'the answers',
      plot.histogram(
        rows.map(row => row.answer.length),
        { title: 'Q' },
      ),
      /goes far beyond/,
    ],
    ['numbers', sizes, /should be a plot, and it is an array/],
  ])('notices %s', async (_, figure, message) => {
    expect(await judge(figure)).toMatch(/^✗ Not yet/);
    expect(await judge(figure)).toMatch(message);
  });
});
