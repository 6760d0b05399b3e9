/** Checks CSV text for what a parser would swallow: rows that do not fit the header. */
import { basename } from 'node:path';

const QUOTE = '"';

/**
 * Returns CSV text without its byte order mark and blank lines.
 *
 * @throws naming file and line if it is empty, a quote is left open, the header repeats a name, or a row has more
 *   fields than the header
 */
export function cleanCsv(text: string, delimiter: string, path: string): string {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const name = basename(path);
  const kept: string[] = [];
  let header: string[] | undefined;
  for (const { from, to, fields, line } of records(source, delimiter, name)) {
    const record = source.slice(from, to);
    if (record.trim() === '') continue;
    kept.push(record);
    if (!header) header = checkHeader(record, delimiter, name);
    else if (fields > header.length) {
      throw new SyntaxError(
        `${name}, line ${line} has ${fields} fields, but the header names ${header.length}.`,
      );
    }
  }
  if (!header)
    throw new SyntaxError(
      `${name} is empty: a ${delimiter === '\t' ? 'TSV' : 'CSV'} file begins with column names.`,
    );
  return `${kept.join('\n')}\n`;
}

function checkHeader(record: string, delimiter: string, name: string): string[] {
  const columns = record.split(delimiter).map(column => column.replace(/^"|"$/g, ''));
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (repeated !== undefined)
    throw new SyntaxError(`${name} has two columns called "${repeated}"; rename one.`);
  return columns;
}

interface CsvRecord {
  readonly from: number;
  readonly to: number;
  readonly fields: number;
  /** The line that the record begins on, from 1. */
  readonly line: number;
}

/** One pass over the characters: a newline inside quotes does not end a record. */
function* records(text: string, delimiter: string, name: string): Generator<CsvRecord, void, undefined> {
  let [from, fields, line, recordLine] = [0, 1, 1, 1];
  let quoted = false;
  let fieldStart = true;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') line++;
    if (quoted) {
      if (char === QUOTE) quoted = false; // a doubled quote opens again at once
    } else if (char === QUOTE && (fieldStart || text[at - 1] === QUOTE)) quoted = true;
    else if (char === delimiter) fields++;
    else if (char === '\n') {
      yield { from, to: text[at - 1] === '\r' ? at - 1 : at, fields, line: recordLine };
      [from, fields, recordLine] = [at + 1, 1, line];
    }
    fieldStart = !quoted && (char === delimiter || char === '\n');
  }
  if (quoted) throw new SyntaxError(`${name}, line ${recordLine} opens a quote that nothing closes.`);
  if (from < text.length) yield { from, to: text.length, fields, line: recordLine };
}
