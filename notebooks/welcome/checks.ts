/** Checks of the exercises in the welcome notebook: each prints what is right, or what is still wrong. */
import { wordCount } from './words.ts';

interface Row {
  readonly question: string;
  readonly answer: string;
}

/** What the check needs of a plot; `plot.histogram` returns more. */
interface Plot {
  readonly spec: {
    readonly data: readonly { readonly type?: unknown; readonly y?: unknown }[];
    readonly layout: {
      readonly title?: { readonly text?: unknown };
      readonly xaxis?: { readonly range?: unknown };
    };
  };
}

/** Exercise 1: the question that has the longest answer, counted in words. */
export function checkLongest(question: unknown, rows: readonly Row[]): void {
  console.log(judgeLongest(question, rows));
}

/** Exercise 2: the mean number of words of an answer, without the rows that refuse. */
export function checkMeanWords(mean: unknown, rows: readonly Row[], refusal: string): void {
  console.log(judgeMeanWords(mean, rows, refusal));
}

/** Exercise 3: a histogram of the lengths of the questions in characters, with a title. */
export function checkHistogram(figure: unknown, rows: readonly Row[]): void {
  console.log(judgeHistogram(figure, rows));
}

function judgeLongest(question: unknown, rows: readonly Row[]): string {
  if (question === undefined) return toDo('longestQuestion has no value yet.');
  if (typeof question !== 'string') {
    return notYet(`longestQuestion should be text, and it is ${kindOf(question)}.`);
  }
  const row = rows.find(candidate => candidate.question === question);
  if (!row) {
    const isAnswer = rows.some(({ answer }) => answer === question);
    return notYet(isAnswer ? 'that is an answer; its question is wanted.' : 'no row has this question.');
  }
  const words = wordCount(row.answer);
  if (rows.every(({ answer }) => wordCount(answer) <= words)) {
    return right('no answer has more words than the one to this question.');
  }
  const mostCharacters = Math.max(...rows.map(({ answer }) => answer.length));
  const reason = row.answer.length === mostCharacters ? ' It has the most characters; count words.' : '';
  return notYet(`its answer has ${words} words, and some answers have more.${reason}`);
}

function judgeMeanWords(mean: unknown, rows: readonly Row[], refusal: string): string {
  if (mean === undefined) return toDo('meanWords has no value yet.');
  if (typeof mean !== 'number') return notYet(`meanWords should be a number, and it is ${kindOf(mean)}.`);
  if (Number.isNaN(mean)) return notYet('meanWords is NaN: something in the sum is not a number.');
  const answers = rows.map(({ answer }) => answer).filter(answer => answer !== refusal);
  const lengths = answers.map(wordCount);
  const isNear = (other: number): boolean => Math.abs(mean - other) < 0.005;
  if (isNear(average(lengths))) return right('that is the mean over the answers that do not refuse.');
  if (isNear(average(rows.map(({ answer }) => wordCount(answer))))) {
    return notYet('that is the mean over all rows; the refusals are still among them.');
  }
  if (isNear(average(answers.map(({ length }) => length)))) {
    return notYet('that is the mean number of characters; words are wanted.');
  }
  if (isNear(average(lengths) * lengths.length)) {
    return notYet('that is the sum; a mean is the sum divided by how many there are.');
  }
  if (Math.abs(mean - average(lengths)) < 0.51) return notYet('very close; do not round the number.');
  return notYet(`${mean} is not the mean over the answers that do not refuse.`);
}

function judgeHistogram(figure: unknown, rows: readonly Row[]): string {
  if (figure === undefined) return toDo('figure has no value yet.');
  if (!isPlot(figure)) return notYet(`figure should be a plot, and it is ${kindOf(figure)}.`);
  const { data, layout } = figure.spec;
  const counts = data.flatMap(({ y }) => (Array.isArray(y) ? (y as number[]) : []));
  const drawn = counts.reduce((sum, count) => sum + count, 0);
  const range = layout.xaxis?.range;
  if (!Array.isArray(range) || drawn !== rows.length) {
    return notYet(`a histogram of all ${rows.length} questions is wanted; this plot shows something else.`);
  }
  const longest = Math.max(...rows.map(({ question }) => question.length));
  if (range[1] < longest) {
    return notYet(`the longest question has ${longest} characters, beyond the end of the axis.`);
  }
  if (range[1] > 2 * longest) return notYet('the axis goes far beyond the longest question.');
  if (/^Distribution of /.test(String(layout.title?.text))) {
    return notYet('the lengths are there; the plot has no title of its own.');
  }
  return right('all questions are in it, measured in characters, under a title of your own.');
}

function isPlot(value: unknown): value is Plot {
  const spec = (value as Partial<Plot> | null)?.spec;
  return Array.isArray(spec?.data) && typeof spec.layout === 'object';
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof Promise) return 'a promise (is an await missing?)';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const toDo = (message: string): string => `○ To do: ${message}`;
const notYet = (message: string): string => `✗ Not yet: ${message}`;
const right = (message: string): string => `✓ Right: ${message}`;
