/** CSV and TSV, read by csv-parse: quotes, quoted line breaks and doubled quotes as in RFC 4180. */
import { isUtf8 } from 'node:buffer';
import type { Parser } from 'csv-parse';
import { setField } from '../columns/nested.ts';
import { featureName } from '../features.ts';
import type { Row } from '../jsonl.ts';
import { type Table, tableOfColumns } from '../table.ts';
import { BadLine, leaveOut, type OnBadLine, start } from './badLine.ts';
import { CsvType } from './csvTypes.ts';
import { wholeLines } from './lines.ts';

export interface CsvOptions {
  /** Between fields; a comma, or a tab for `.tsv`, where nothing is said. */
  readonly delimiter?: string;
  /** Around fields that hold a delimiter or a line break; `"` where nothing is said. */
  readonly quote?: string;
  /** False if the first line is a row already; the columns are then called `0`, `1` and so on. */
  readonly header?: boolean;
  /** The columns' names, instead of a first line that names them. */
  readonly columnNames?: readonly string[];
}

interface CsvRecord {
  readonly fields: string[];
  /** On which it ends, from 1. */
  readonly line: number;
  /** The first of its lines that is not UTF-8. */
  readonly garbled: Garbled | undefined;
}

interface Garbled {
  readonly line: number;
  readonly text: string;
}

const LF = 0x0a;
const CR = 0x0d;

/** While streaming, the types of the columns are those of so many rows. */
const TYPED_ROWS = 1000;

/** Reads all rows; a column's type is the narrowest that holds all its values. */
export async function readCsv(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  options: CsvOptions,
  onBadLine: OnBadLine,
): Promise<Table> {
  let columns: { name: string; type: CsvType; texts: string[] }[] | undefined;
  for await (const { names, records } of tidyRecords(bytes, name, options, onBadLine)) {
    columns ??= names.map(name => ({ name, type: new CsvType(), texts: [] }));
    for (const { fields } of records) {
      for (const [i, { type, texts }] of columns.entries()) {
        const text = fields[i] ?? '';
        type.add(text);
        texts.push(text);
      }
    }
  }
  return tableOfColumns(
    new Map(columns?.map(({ name, type, texts }) => [name, texts.map(text => type.parse(text))])),
    new Map(columns?.map(({ name, type }) => [name, type.feature])),
  );
}

/**
 * The rows one by one.
 *
 * @throws if a later value is not of the type that its column has in the first thousand rows
 */
export async function* streamCsv(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  options: CsvOptions,
  onBadLine: OnBadLine,
): AsyncGenerator<Row, void, undefined> {
  let types: CsvType[] | undefined;
  let waiting: CsvRecord[] = [];
  for await (const { names, records, isLast } of tidyRecords(bytes, name, options, onBadLine)) {
    waiting.push(...records);
    if (!types && waiting.length < TYPED_ROWS && !isLast) continue;
    types ??= names.map((_, i) => {
      const type = new CsvType();
      for (const { fields } of waiting.slice(0, TYPED_ROWS)) type.add(fields[i] ?? '');
      return type;
    });
    for (const { fields, line } of waiting) {
      const row: Row = {};
      for (const [i, column] of names.entries()) {
        const text = fields[i] ?? '';
        const type = types[i]!;
        // A column of missing values alone gets its type from the first one that is there.
        if (type.isOpen) type.add(text);
        const value = type.parse(text);
        if (value === undefined) {
          throw new SyntaxError(
            `${name}, line ${line}: "${start(text)}" in the column "${column}" is no ${featureName(type.feature)}, as the values before it are; read the file without streaming, which looks at all values first.`,
          );
        }
        setField(row, column, value);
      }
      yield row;
    }
    waiting = [];
  }
}

interface TidyRecords {
  readonly names: readonly string[];
  readonly records: CsvRecord[];
  readonly isLast: boolean;
}

/** Records that fit the header, and the header. */
async function* tidyRecords(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  options: CsvOptions,
  onBadLine: OnBadLine,
): AsyncGenerator<TidyRecords, void, undefined> {
  let names = options.columnNames;
  if (names) checkNames(names, name);
  for await (const records of parseRecords(bytes, name, options)) {
    if (!names && records.length > 0) {
      const { garbled } = records[0]!;
      if (garbled) throw notUtf8(name, garbled);
      names =
        options.header === false
          ? records[0]!.fields.map((_, i) => String(i))
          : // As pandas calls them; spreadsheets leave such columns at the end.
            records.shift()!.fields.map((field, i) => field || `Unnamed: ${i}`);
      checkNames(names, name);
    }
    const fitting = records.filter(({ fields, line, garbled }) => {
      // As in pandas, a line of blanks is an empty line.
      if (fields.length === 1 && names!.length > 1 && fields[0]!.trim() === '') return false;
      if (!garbled && fields.length <= names!.length) return true;
      leaveOut(garbled ? notUtf8(name, garbled) : tooLong(name, line, fields, names!, options), onBadLine);
      return false;
    });
    if (fitting.length > 0) yield { names: names!, records: fitting, isLast: false };
  }
  if (!names) throw new SyntaxError(`${name} is empty: a CSV file begins with column names.`);
  yield { names, records: [], isLast: true };
}

async function* parseRecords(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  { delimiter = ',', quote = '"' }: CsvOptions,
): AsyncGenerator<CsvRecord[], void, undefined> {
  const { Parser } = await import('csv-parse');
  let records: CsvRecord[] = [];
  const lines = new LineMap();
  class Records extends Parser {
    /** Takes each record as it comes; on_record would take twice as long, since it copies what is known of the place. */
    override push(fields: string[] | null): boolean {
      if (fields === null) return super.push(null);
      const garbled = lines.passTo(this.info.bytes);
      records.push({ fields, line: lines.line, garbled });
      return true;
    }
  }
  const parser = new Records({
    delimiter,
    quote,
    escape: quote,
    // All, since a file may have several; without this the first one that is seen counts.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  try {
    for await (const { piece } of wholeLines(bytes, name)) {
      lines.add(piece);
      await feed(parser, piece);
      yield records;
      records = [];
    }
    await finish(parser);
    yield records;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    throw new SyntaxError(`${name}, line ${lines.line + 1} opens a quote that nothing closes.`);
  } finally {
    parser.destroy();
  }
}

function feed(parser: Parser, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject);
    parser.write(piece, error => {
      parser.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

function finish(parser: Parser): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject).once('end', resolve);
    parser.end();
    parser.resume();
  });
}

function checkNames(names: readonly string[], name: string): void {
  const repeated = names.find((column, i) => names.indexOf(column) !== i);
  if (repeated !== undefined)
    throw new SyntaxError(`${name} has two columns called "${repeated}"; rename one.`);
}

/**
 * Which line a byte is on, and which lines are not UTF-8: csv-parse counts a quoted CRLF twice, and reads what is not UTF-8
 * as U+FFFD.
 */
class LineMap {
  /** Of the last byte that was passed, from 1. */
  line = 1;
  #bytes = 0;
  #breaks: number[] = [];
  #passed = 0;
  #garbled: (Garbled & { readonly from: number })[] = [];
  #reported = 0;

  /** @param piece whole lines */
  add(piece: Buffer): void {
    this.#breaks = this.#breaks.slice(this.#passed);
    this.#passed = 0;
    this.#garbled = this.#garbled.slice(this.#reported);
    this.#reported = 0;
    const isValid = isUtf8(piece);
    for (const { from, to } of linesOf(piece)) {
      const line = this.line + this.#breaks.push(this.#bytes + to) - 1;
      const bytes = isValid ? undefined : piece.subarray(from, to);
      if (bytes && !isUtf8(bytes))
        this.#garbled.push({ from: this.#bytes + from, line, text: bytes.toString() });
    }
    this.#bytes += piece.length;
  }

  /** Goes on to the last byte before `end`, and gives the first line on the way that is not UTF-8. */
  passTo(end: number): Garbled | undefined {
    while (this.#breaks[this.#passed]! < end - 1) {
      this.#passed++;
      this.line++;
    }
    const first = this.#reported;
    while (this.#reported < this.#garbled.length && this.#garbled[this.#reported]!.from < end) {
      this.#reported++;
    }
    return this.#reported > first ? this.#garbled[first] : undefined;
  }
}

/** Where the lines of a text begin and end, without their line breaks: LF, CRLF, or CR. */
function* linesOf(bytes: Buffer): Generator<{ from: number; to: number }> {
  let from = 0;
  for (let to = 0; to < bytes.length; to++) {
    const byte = bytes[to];
    if (byte !== LF && (byte !== CR || bytes[to + 1] === LF)) continue;
    yield { from, to };
    from = to + 1;
  }
  if (from < bytes.length) yield { from, to: bytes.length };
}

function tooLong(
  name: string,
  line: number,
  fields: readonly string[],
  columns: readonly string[],
  { delimiter = ',' }: CsvOptions,
): BadLine {
  const there =
    columns.length === 1
      ? `is 1 column; if ${JSON.stringify(delimiter)} does not part the columns, name what does: loadDataset('csv', { dataFiles, delimiter: ';' })`
      : `are ${columns.length} columns`;
  return new BadLine(
    `${name}, line ${line} has ${fields.length} fields, but there ${there}. It starts: ${start(fields.join(delimiter))}`,
  );
}

function notUtf8(name: string, { line, text }: Garbled): BadLine {
  return new BadLine(`${name}, line ${line} is not UTF-8; save the file as UTF-8. It starts: ${start(text)}`);
}
