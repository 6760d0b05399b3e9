/** Checks of the exercises in lesson 2: each prints what is right, or what is still wrong. */
import { kindOf, notYet, quoted, right, toDo } from '../verdict.ts';

interface Page {
  readonly text: string;
  readonly source?: string;
}

interface QuestionAnswer {
  readonly question: string;
  readonly answer: string;
}

interface ContextRow {
  readonly instruction: string;
  readonly context: string;
  readonly response: string;
}

/** What the checks need of a data set. */
interface Rows {
  readonly columnNames: readonly string[];
  toRows(): readonly object[];
}

const WANTED_PAGES = 3;
const LEAST_WORDS = 20;

/** Exercise 1: the first three forum texts of at least 20 words. */
export function checkForum(pages: unknown, sample: readonly Page[]): void {
  console.log(judgeForum(pages, sample));
}

/** Exercise 2: the lighthouse keeper's rows, hydrated with a template of one's own. */
export function checkKeeper(keeper: unknown, rows: Iterable<QuestionAnswer>): void {
  console.log(judgeKeeper(keeper, [...rows]));
}

/** Exercise 3: one training text of instruction, context and response. */
export function checkContextRows(toText: unknown): void {
  console.log(judgeContextRows(toText));
}

function judgeForum(pages: unknown, sample: readonly Page[]): string {
  if (pages === undefined) return toDo('forumRows has no value yet.');
  if (!Array.isArray(pages)) {
    const unread = 'toRows' in Object(pages) ? '; nobody has read its rows yet' : '';
    return notYet(`forumRows should be an array of rows, and it is ${kindOf(pages)}${unread}.`);
  }
  for (const page of pages as Partial<Page>[]) {
    if (typeof page?.text !== 'string') return notYet('each element should be a whole row, with its text.');
    if (page.source !== 'forum') return notYet(`a row of the source "${page.source}" is among them.`);
    const words = wordCount(page.text);
    if (words < LEAST_WORDS) return notYet(`${quoted(page.text)} has ${words} words.`);
  }
  if (pages.length !== WANTED_PAGES) {
    return notYet(`${WANTED_PAGES} rows are wanted, and there are ${pages.length}.`);
  }
  const found = sample.filter(({ text, source }) => source === 'forum' && wordCount(text) >= LEAST_WORDS);
  const wrong = (pages as Page[]).findIndex(({ text }, i) => text !== found[i]?.text);
  if (wrong >= 0) return notYet(`row ${wrong + 1} of yours is not the one that comes first in the stream.`);
  return right('three long texts from forums, the first that there are.');
}

function judgeKeeper(keeper: unknown, rows: readonly QuestionAnswer[]): string {
  if (keeper === undefined) return toDo('keeper has no value yet.');
  if (!isRows(keeper)) return notYet(`keeper should be a data set, and it is ${kindOf(keeper)}.`);
  if (!keeper.columnNames.includes('text')) {
    return notYet(`keeper has no column text; its columns are ${keeper.columnNames.join(', ')}.`);
  }
  const others = keeper.columnNames.filter(name => name !== 'text');
  if (others.length > 0) return notYet(`only text is wanted, and there is also ${others.join(', ')}.`);
  const texts = keeper.toRows().map(row => String((row as { text?: unknown }).text));
  if (texts.length !== rows.length) {
    return notYet(`the set has ${rows.length} rows, and keeper has ${texts.length}.`);
  }
  const open = texts.find(text => /\{(question|answer)\}/.test(text));
  if (open !== undefined) return notYet(`a slot was not filled: ${quoted(open)}.`);
  const parts = texts.map((text, i) => partsOf(text, rows[i]!));
  const broken = parts.indexOf(undefined);
  if (broken >= 0) {
    return notYet(`row ${broken} does not hold its question and then its answer: ${quoted(texts[broken]!)}.`);
  }
  const [marks] = parts;
  if (parts.some(part => part!.before !== marks!.before || part!.between !== marks!.between)) {
    return notYet('the marks differ from row to row; a model learns them when they are always the same.');
  }
  if (marks!.before.trim() === '') return notYet('there is no mark before the question.');
  if (marks!.between.trim() === '') return notYet('there is no mark between question and answer.');
  if (texts[0]!.includes('### Question:')) return notYet('these are the marks of the course; make your own.');
  return right(`${texts.length} texts, and in each the marks say who is speaking.`);
}

/** What stands before the question and between question and answer; undefined if they are not there in this order. */
function partsOf(
  text: string,
  { question, answer }: QuestionAnswer,
): { before: string; between: string } | undefined {
  const start = text.indexOf(question);
  const end = start + question.length;
  const next = text.indexOf(answer, end);
  if (start < 0 || next < 0) return undefined;
  return { before: text.slice(0, start), between: text.slice(end, next) };
}

const FULL = { instruction: 'Which colour has the boat?', context: 'The red boat leaks.', response: 'Red.' };
const SHORT = { instruction: 'Name a vegetable.', context: '', response: 'Leek.' };

function judgeContextRows(toText: unknown): string {
  if (toText === undefined) return toDo('toText has no value yet.');
  if (typeof toText !== 'function')
    return notYet(`toText should be a function, and it is ${kindOf(toText)}.`);
  const texts: string[] = [];
  for (const row of [FULL, SHORT]) {
    let text: unknown;
    try {
      text = toText({ ...row });
    } catch (error) {
      return notYet(
        `with ${shown(row)} it failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (typeof text !== 'string') {
      return notYet(`with ${shown(row)} it should return text, and it returns ${kindOf(text)}.`);
    }
    const problem = problemOf(text, row);
    if (problem !== undefined) return notYet(`with ${shown(row)} ${problem}`);
    texts.push(text);
  }
  const [full, short] = texts as [string, string];
  if (linesOf(short).includes(markBefore(full, FULL.context)!)) {
    return notYet('where the context is empty, its mark is in the text all the same.');
  }
  for (const part of ['instruction', 'response'] as const) {
    if (markBefore(full, FULL[part]) !== markBefore(short, SHORT[part])) {
      return notYet(`the mark before the ${part} is not the same with and without a context.`);
    }
  }
  return right('every part has its mark, and an empty context leaves no trace.');
}

function problemOf(text: string, row: ContextRow): string | undefined {
  if (/\b(undefined|null)\b/.test(text)) return `the text contains "${/undefined|null/.exec(text)![0]}".`;
  let from = 0;
  for (const part of ['instruction', 'context', 'response'] as const) {
    if (row[part] === '') continue;
    if (!text.includes(row[part])) return `the ${part} is not in the text.`;
    const at = text.indexOf(row[part], from);
    if (at < 0) return `the ${part} stands too early in the text.`;
    from = at + row[part].length;
    if (!linesOf(text).includes(row[part])) return `the ${part} has no line of its own.`;
    const mark = markBefore(text, row[part]);
    if (mark === undefined || Object.values(row).includes(mark)) {
      return `there is no mark in the line before the ${part}.`;
    }
  }
  return undefined;
}

/** The lines of a text that are not blank. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}

function markBefore(text: string, part: string): string | undefined {
  const lines = linesOf(text);
  return lines[lines.indexOf(part) - 1];
}

function shown(row: ContextRow): string {
  return row.context === '' ? 'an empty context' : 'a context';
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}

function isRows(value: unknown): value is Rows {
  const { columnNames, toRows } = Object(value) as Partial<Rows>;
  return Array.isArray(columnNames) && typeof toRows === 'function';
}
