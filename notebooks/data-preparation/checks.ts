/** Checks of the exercises in lesson 4: each prints what is right, or what is still wrong. */
import { kindOf, notYet, quoted, right, toDo } from '../verdict.ts';

/** What the check needs of a tokenizer. */
interface Tokenizer {
  readonly padTokenId: number | null;
  encode(text: string): Promise<number[]>;
}

/** The longest row that exercise 2 allows, in tokens. */
const LONGEST = 8;
/** The share of rows that exercise 3 allows to be cut. */
const CUT_SHARE = 0.05;
/** UTF-8 read as Windows-1252: the first byte of a letter or of a punctuation mark, and the character after it. */
const WRONG_LETTERS = /[ÃÂÄÅ][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]|â€/;

/** Exercise 1: a check that finds the texts that were decoded wrongly. */
export function checkWronglyDecoded(check: unknown, texts: readonly string[]): void {
  console.log(judgeWronglyDecoded(check, texts));
}

/** Exercise 2: a batch of texts to go on with, of at most eight tokens each. */
export async function checkBatch(
  batch: unknown,
  texts: readonly string[],
  tokenizer: Tokenizer,
): Promise<void> {
  console.log(await judgeBatch(batch, texts, tokenizer));
}

/** Exercise 3: the smallest length that cuts at most 5 % of the rows. */
export function checkLimit(limit: unknown, rows: readonly (readonly number[])[]): void {
  console.log(judgeLimit(limit, rows));
}

function judgeWronglyDecoded(check: unknown, texts: readonly string[]): string {
  if (check === undefined) return toDo('wronglyDecoded has no value yet.');
  if (typeof check !== 'function') {
    return notYet(`wronglyDecoded should be a function, and it is ${kindOf(check)}.`);
  }
  const found: boolean[] = [];
  for (const text of texts) {
    const answer: unknown = check(text);
    if (typeof answer !== 'boolean') {
      return notYet(`it should return true or false; for ${quoted(text)} it returns ${kindOf(answer)}.`);
    }
    // A regular expression with the flag g remembers where it stopped, and goes on from there.
    if (check(text) !== answer) {
      return notYet(`asked twice about ${quoted(text)}, it gives two answers; does it keep a state?`);
    }
    found.push(answer);
  }
  const wrong = texts.filter(text => WRONG_LETTERS.test(text));
  const falseAlarm = texts.find((text, i) => found[i] && !WRONG_LETTERS.test(text));
  if (falseAlarm !== undefined) return notYet(`a false alarm: ${quoted(falseAlarm)} is decoded rightly.`);
  const hits = wrong.filter(text => found[texts.indexOf(text)]).length;
  if (hits < wrong.length)
    return notYet(`no false alarms, but it finds ${hits} of the ${wrong.length} texts.`);
  return right(`it finds all ${wrong.length} texts and gives no false alarm.`);
}

async function judgeBatch(batch: unknown, texts: readonly string[], tokenizer: Tokenizer): Promise<string> {
  if (batch === undefined) return toDo('batch has no value yet.');
  const { inputIds, attentionMask } = Object(batch) as { inputIds?: unknown; attentionMask?: unknown };
  if (!isRows(inputIds)) {
    return notYet(
      `batch should be what the tokenizer gives for a list of texts, and it is ${kindOf(batch)}.`,
    );
  }
  if (inputIds.length !== texts.length) {
    return notYet(`there are ${texts.length} texts, and the batch has ${inputIds.length} rows.`);
  }
  const longest = Math.max(...inputIds.map(row => row.length));
  if (longest > LONGEST) return notYet(`a row has ${longest} tokens; ${LONGEST} are allowed.`);
  if (inputIds.some(row => row.length !== longest)) {
    return notYet('the rows have different lengths, so they make no rectangle.');
  }
  if (!isRows(attentionMask)) return notYet('without attentionMask nobody knows what is padding.');
  const encoded = await Promise.all(texts.map(text => tokenizer.encode(text)));
  const needed = Math.min(LONGEST, Math.max(...encoded.map(ids => ids.length)));
  if (longest < needed) return notYet(`the rows have ${longest} tokens, and ${needed} would be allowed.`);
  for (const [i, ids] of encoded.entries()) {
    const row = inputIds[i]!;
    const kept = ids.slice(-longest);
    if (same(row, [...padding(longest - kept.length, tokenizer), ...kept])) continue;
    const name = quoted(texts[i]!);
    if (same(row, [...kept, ...padding(longest - kept.length, tokenizer)])) {
      return notYet(`the row of ${name} ends with padding; a model could not go on from there.`);
    }
    if (same(row, ids.slice(0, longest))) return notYet(`of ${name} the beginning was kept, not the end.`);
    return notYet(`row ${i} is not made of ${name}.`);
  }
  return right('every row ends with the end of its text, and all have the same length.');
}

function judgeLimit(limit: unknown, rows: readonly (readonly number[])[]): string {
  if (limit === undefined) return toDo('limit has no value yet.');
  if (typeof limit !== 'number') return notYet(`limit should be a number, and it is ${kindOf(limit)}.`);
  if (!Number.isInteger(limit)) return notYet(`a length is a whole number of tokens, not ${limit}.`);
  const cutBy = (length: number): number => rows.filter(row => row.length > length).length;
  const allowed = Math.floor(CUT_SHARE * rows.length);
  const cut = cutBy(limit);
  const said = `with ${limit}, ${cut} of ${rows.length} rows are cut`;
  if (cut > allowed) {
    return notYet(`${said}; that is ${((100 * cut) / rows.length).toFixed(1)} %, more than 5 %.`);
  }
  if (cutBy(limit - 1) <= allowed) return notYet(`${said}; a smaller limit would do as well.`);
  return right(`${said}, and one token less would cut too many.`);
}

function padding(count: number, { padTokenId }: Tokenizer): (number | null)[] {
  return new Array<number | null>(count).fill(padTokenId);
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function isRows(value: unknown): value is number[][] {
  return Array.isArray(value) && value.every(row => Array.isArray(row));
}
