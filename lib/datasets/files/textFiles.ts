/** Writes tables as text: JSON Lines and CSV. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeWhole } from '../../host.ts';
import { setField } from '../columns/nested.ts';
import { type Feature, featureName } from '../features.ts';
import { toJson } from '../formats/jsonValue.ts';
import { type Row, writeJsonl } from '../jsonl.ts';
import type { Table } from '../table.ts';
import { checkWellFormed } from './wellFormed.ts';

/** @throws if a column holds bytes, or a text half a character */
export async function writeTableAsJsonl(path: string, table: Table): Promise<void> {
  checkText(table, 'JSON Lines');
  await writeJsonl(path, rows(table));
}

function* rows(table: Table): Generator<Row, void, undefined> {
  const days = [...table.features].filter(([, feature]) => isDay(feature)).map(([name]) => name);
  for (let i = 0; i < table.rowCount; i++) {
    const row = table.row(i);
    for (const name of days) setField(row, name, dayText(row[name]));
    yield row;
  }
}

function isDay(feature: Feature): boolean {
  return feature.type === 'value' && feature.dtype === 'date';
}

/** A date without a time, as Python writes it. */
function dayText(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().slice(0, 10) : value;
}

/**
 * Commas between fields, or tabs if the path ends in `.tsv`; fields are quoted where they must be. Null is an empty
 * field and empty text a quoted one; lists and objects are written as JSON.
 *
 * @throws if a column holds bytes, or a text half a character
 */
export async function writeCsv(path: string, table: Table): Promise<void> {
  checkText(table, 'CSV');
  const delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',';
  await writeWhole(path, temporary =>
    pipeline(Readable.from(csvLines(table, delimiter)), createWriteStream(temporary, { flags: 'wx' })),
  );
}

function* csvLines(table: Table, delimiter: string): Generator<string, void, undefined> {
  const names = [...table.features.keys()];
  const columns = [...table.features].map(([name, feature]) => {
    const column = table.column(name);
    return isDay(feature) ? { get: (i: number) => dayText(column.get(i)) } : column;
  });
  const special = delimiter === ',' ? /[",\r\n]/ : /["\t\r\n]/;
  const quote = (text: string): string =>
    text === '' || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const line = (fields: readonly string[]): string => `${fields.join(delimiter)}\n`;
  yield line(names.map(quote));
  for (let i = 0; i < table.rowCount; i++) {
    yield line(
      columns.map((column, c) => {
        const value = column.get(i);
        checkWellFormed(names[c]!, i, value);
        return value === null || value === undefined ? '' : quote(fieldText(value));
      }),
    );
  }
}

function fieldText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? toJson(value)! : String(value);
}

function checkText(table: Table, format: string): void {
  for (const [name, feature] of table.features) {
    if (!holdsBytes(feature)) continue;
    throw new TypeError(
      `Column "${name}" is ${featureName(feature)}, and ${format} cannot hold bytes; leave it out with removeColumns, or write Parquet.`,
    );
  }
}

function holdsBytes(feature: Feature): boolean {
  if (feature.type === 'list') return holdsBytes(feature.feature);
  if (feature.type === 'struct') return [...feature.fields.values()].some(holdsBytes);
  return feature.type === 'value' && feature.dtype === 'binary';
}
