/** Checks of the exercises on data frames: each prints what is right, or what is still wrong. */
import { type Tabular, toRows } from 'tunelab';
import { kindOf, notYet, quoted, right, toDo } from '../verdict.ts';

interface Page {
  readonly text: string;
  readonly source: string;
}

interface Item {
  readonly text: string;
  readonly label: number;
}

const TOPICS = ['World', 'Sports', 'Business', 'Science/Technology'];
const FEWEST_CHARACTERS = 20;

/** Exercise 1: the source whose texts have the largest median length in characters. */
export function checkLongestSource(source: unknown, pages: Tabular): void {
  console.log(judgeLongestSource(source, toRows(pages) as unknown as Page[]));
}

/** Exercise 2: a table of topics and the share of their items that contain a digit, the largest first. */
export function checkDigits(table: unknown, news: Tabular): void {
  console.log(judgeDigits(table, toRows(news) as unknown as Item[]));
}

/** Exercise 3: the pages without exact copies and without short texts. */
export function checkCleaned(table: unknown, pages: Tabular): void {
  console.log(judgeCleaned(table, toRows(pages) as unknown as Page[]));
}

function judgeLongestSource(source: unknown, pages: readonly Page[]): string {
  if (source === undefined) return toDo('longestSource has no value yet.');
  if (typeof source !== 'string')
    return notYet(`longestSource should be the name of a source, and it is ${kindOf(source)}.`);
  const lengths = new Map<string, number[]>();
  for (const page of pages) {
    lengths.set(page.source, [...(lengths.get(page.source) ?? []), page.text.length]);
  }
  const own = lengths.get(source);
  if (!own) return notYet(`no page has the source ${quoted(source)}.`);
  const isFirst = (measure: (of: readonly number[]) => number): boolean =>
    [...lengths.values()].every(others => measure(others) <= measure(own));
  if (isFirst(median)) return right(`no source has a larger median than ${quoted(source)}.`);
  if (isFirst(mean)) return notYet('that one has the largest mean; the median is wanted.');
  if (isFirst(of => of.length)) return notYet('that one has the most texts; the longest are wanted.');
  return notYet(
    `the texts of ${quoted(source)} have a median of ${median(own)}, and some have a larger one.`,
  );
}

function judgeDigits(table: unknown, news: readonly Item[]): string {
  if (table === undefined) return toDo('digits has no value yet.');
  const rows = rowsOf(table, ['topic', 'share']);
  if (typeof rows === 'string') return notYet(`digits ${rows}`);
  const topics = rows.map(row => row.topic);
  if (topics.some(topic => typeof topic === 'number'))
    return notYet('topic holds numbers; join the names of the topics.');
  const stray = topics.find(topic => !TOPICS.includes(String(topic)));
  if (stray !== undefined) return notYet(`there is no topic ${quoted(String(stray))}.`);
  if (rows.length > TOPICS.length)
    return notYet(`there are ${rows.length} rows; one for each topic is wanted.`);
  const absent = TOPICS.find(topic => !topics.includes(topic));
  if (absent !== undefined) return notYet(`the topic ${absent} is missing.`);

  const shares = rows.map(row => Number(row.share));
  const expected = topics.map(topic => shareWithDigits(news, TOPICS.indexOf(String(topic))));
  const agrees = (scale: (share: number) => number): boolean =>
    shares.every((share, i) => Math.abs(share - scale(expected[i] as number)) < 1e-9);
  if (agrees(share => 1 - share)) return notYet('these are the shares without a digit.');
  if (agrees(share => share * 100))
    return notYet('these are percentages or counts; a share goes from 0 to 1.');
  if (!agrees(share => share)) {
    const wrong = shares.findIndex((share, i) => !(Math.abs(share - (expected[i] as number)) < 1e-9));
    const close = Math.abs((shares[wrong] as number) - (expected[wrong] as number)) < 0.051;
    return notYet(
      `the share of ${topics[wrong]} is not ${shares[wrong]}${close ? '; do not round it.' : '.'} A digit is 0 to 9, anywhere in the text.`,
    );
  }
  if (shares.some((share, i) => i > 0 && share > (shares[i - 1] as number)))
    return notYet('the shares are right; the largest should come first.');
  return right('four topics, their shares, and the largest first.');
}

function judgeCleaned(table: unknown, pages: readonly Page[]): string {
  if (table === undefined) return toDo('cleaned has no value yet.');
  const rows = rowsOf(table, ['text', 'source']);
  if (typeof rows === 'string') return notYet(`cleaned ${rows}`);
  const texts = rows.map(row => String(row.text));
  const known = new Set(pages.map(page => page.text));
  const changed = texts.find(text => !known.has(text));
  if (changed !== undefined)
    return notYet(`no page has the text ${quoted(changed)}; texts should stay as they are.`);
  const short = texts.filter(text => text.length < FEWEST_CHARACTERS).length;
  const copies = texts.length - new Set(texts).size;
  if (short > 0 && copies > 0)
    return notYet(`${count(copies, 'copy', 'copies')} and ${count(short, 'short text')} are still there.`);
  if (copies > 0)
    return notYet(`no text is short, but ${count(copies, 'copy', 'copies')} of others are still there.`);
  if (short > 0) return notYet(`no text comes twice, but ${count(short, 'short text')} are still there.`);
  const wanted = [...known].filter(text => text.length >= FEWEST_CHARACTERS);
  const lost = wanted.find(text => !texts.includes(text));
  if (lost !== undefined) {
    const reason = lost.length === FEWEST_CHARACTERS ? ' It has exactly 20 characters.' : '';
    return notYet(
      `${count(wanted.length - texts.length, 'text')} too many are gone, such as ${quoted(lost)}.${reason}`,
    );
  }
  if (wanted.some((text, i) => text !== texts[i]))
    return notYet('the rows are right, but their order has changed.');
  const sources = new Map<string, string>();
  for (const page of pages) if (!sources.has(page.text)) sources.set(page.text, page.source);
  const moved = rows.find(row => row.source !== sources.get(String(row.text)));
  if (moved) return notYet(`the source of ${quoted(String(moved.text))} is not that of its first copy.`);
  return right(`${texts.length} of ${pages.length} pages are left, each text once and none of them short.`);
}

/** The rows of a table that has these columns; else what is wrong with it, as the rest of a sentence. */
function rowsOf(table: unknown, columns: readonly string[]): Record<string, unknown>[] | string {
  let rows: Record<string, unknown>[];
  try {
    rows = toRows(table as Tabular);
  } catch {
    return `should be a table, and it is ${kindOf(table)}.`;
  }
  if (rows.length === 0) return 'has no rows.';
  const absent = columns.find(column => !Object.hasOwn(rows[0] as object, column));
  return absent === undefined
    ? rows
    : `has no column ${quoted(absent)}; its columns are ${Object.keys(rows[0] as object).join(', ')}.`;
}

function shareWithDigits(news: readonly Item[], label: number): number {
  const own = news.filter(item => item.label === label);
  return own.filter(item => /[0-9]/.test(item.text)).length / own.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
