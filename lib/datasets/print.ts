/** How data sets are shown: as Python prints them in a terminal, with their first rows in a notebook. */
import { displayResult, plural } from '../host.ts';
import { type FeatureMap, featureName } from './features.ts';
import type { Table } from './table.ts';

const SHOWN_ROWS = 5;
const SHOWN_COLUMNS = 20;
const SHOWN_CHARACTERS = 200;
const SHOWN_ITEMS = 20;
/** Characters, of half an em, that a cell has room for on a line; the rest may go to the next. */
const LEAST_CHARACTERS = 36;

/** `Dataset({ features: ['question', 'answer'], num_rows: 1400 })`, laid out as in Python. */
export function datasetText(table: Table): string {
  return bracketed('Dataset', [
    `features: ${namesText(table.features.keys())},`,
    `num_rows: ${table.rowCount}`,
  ]);
}

/** What is told of rows that come one by one. */
interface Stream {
  readonly features: FeatureMap | undefined;
  readonly numShards: number;
}

export function iterableText({ features, numShards }: Stream): string {
  return bracketed('IterableDataset', [
    `features: ${features ? namesText(features.keys()) : 'Unknown'},`,
    `num_shards: ${numShards}`,
  ]);
}

/** `DatasetDict({ train: Dataset({ … }) })`, laid out as in Python. */
export function dictText(name: string, splits: ReadonlyMap<string, string>): string {
  // Python has a line for the splits also where there are none.
  if (splits.size === 0) return bracketed(name, ['']);
  return bracketed(
    name,
    [...splits].map(([split, text]) => `${split}: ${text.replaceAll('\n', '\n    ')}`),
  );
}

function bracketed(name: string, lines: readonly string[]): string {
  return `${name}({\n${lines.map(line => `    ${line}\n`).join('')}})`;
}

/** Names in a list as Python writes it: single quotes, where a name has none. */
function namesText(names: Iterable<string>): string {
  const quoted = [...names].map(name =>
    name.includes("'") && !name.includes('"')
      ? `"${name}"`
      : `'${name.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`,
  );
  return `[${quoted.join(', ')}]`;
}

/** What a notebook stores of a data set. */
export function datasetBundle(table: Table): Record<string, unknown> {
  return displayResult({
    data: { 'text/html': datasetHtml(table), 'text/plain': datasetText(table) },
    metadata: {},
  });
}

/**
 * What a notebook stores of rows that come one by one: their columns, and how to see the first. To read them here could
 * start a download, call a function of the user's, or take rows from a source that gives each once.
 */
export function iterableBundle(stream: Stream): Record<string, unknown> {
  const { features } = stream;
  const advice = '<code>await stream.take(5).toDataset()</code> reads and shows the first rows';
  const html = features
    ? tableHtml(features, '', `A stream of ${columnsNote(features)}; ${advice}`)
    : noteHtml(`A stream whose columns are known once rows are read; ${advice}`);
  return displayResult({
    data: { 'text/html': `<div>${html}</div>`, 'text/plain': iterableText(stream) },
    metadata: {},
  });
}

/** What a notebook stores of the splits: each with its first rows. */
export function dictBundle(splits: ReadonlyMap<string, Table>): Record<string, unknown> {
  const html = [...splits]
    .map(([split, table]) => `<p><b>${escapeHtml(split)}</b></p>${datasetHtml(table, 2)}`)
    .join('');
  const text = new Map([...splits].map(([split, table]) => [split, datasetText(table)]));
  return displayResult({
    data: { 'text/html': `<div>${html}</div>`, 'text/plain': dictText('DatasetDict', text) },
    metadata: {},
  });
}

function datasetHtml(table: Table, rowLimit = SHOWN_ROWS): string {
  const shown = [...table.features.keys()].slice(0, SHOWN_COLUMNS);
  const rows = Math.min(rowLimit, table.rowCount);
  const body = Array.from({ length: rows }, (_, row) => {
    const cells = shown.map(name => `<td>${cellHtml(table, name, row)}</td>`).join('');
    return `<tr><th>${row}</th>${cells}</tr>`;
  }).join('');
  return `<div>${tableHtml(table.features, body, `${plural(table.rowCount, 'row')}, ${columnsNote(table.features)}`)}</div>`;
}

/** A table with a head of names and types, rows, and a line below. */
function tableHtml(features: FeatureMap, body: string, note: string): string {
  const head = [...features]
    .slice(0, SHOWN_COLUMNS)
    .map(
      ([name, feature]) =>
        `<th style="text-align:left">${escapeHtml(cut(name))}<br><small style="font-weight:normal">${escapeHtml(cut(featureName(feature)))}</small></th>`,
    )
    .join('');
  return (
    '<table style="text-align:left;vertical-align:top">' +
    `<thead><tr><th></th>${head}</tr></thead><tbody>${body}</tbody></table>${noteHtml(note)}`
  );
}

function noteHtml(note: string): string {
  return `<p style="color:var(--jp-content-font-color2, #727882)">${note}</p>`;
}

function columnsNote({ size }: FeatureMap): string {
  const hidden = size - SHOWN_COLUMNS;
  return `${plural(size, 'column')}${hidden > 0 ? `, the last ${hidden} not shown` : ''}`;
}

function cellHtml(table: Table, name: string, row: number): string {
  const value = table.column(name).get(row);
  const feature = table.features.get(name);
  const label = feature?.type === 'classLabel' ? feature.names[value as number] : undefined;
  const text = cut(label === undefined ? valueText(value) : `${value} (${label})`);
  // Many columns scroll: none becomes so narrow that its text turns into a tower of letters.
  const room =
    typeof value === 'string' || text.length > LEAST_CHARACTERS
      ? `min-width:${Math.min(text.length, LEAST_CHARACTERS) / 2}em;max-width:30em;overflow-wrap:anywhere;white-space:pre-wrap`
      : 'white-space:pre';
  return `<div style="text-align:left;${room}">${escapeHtml(text)}</div>`;
}

/** A value in about 200 characters, of however many items it consists. */
function valueText(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) {
    const items = value.slice(0, SHOWN_ITEMS).map(itemText);
    return `[${[...items, ...(value.length > SHOWN_ITEMS ? ['…'] : [])].join(', ')}]`;
  }
  if (typeof value === 'object') {
    const fields = Object.entries(value as object).slice(0, SHOWN_ITEMS);
    return `{${fields.map(([name, field]) => `${name}: ${itemText(field)}`).join(', ')}}`;
  }
  return String(value);
}

function itemText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(cut(value)) : valueText(value);
}

function cut(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  // Not through the middle of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text[SHOWN_CHARACTERS - 1]!) ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS;
  return `${text.slice(0, end)}…`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);
}
