/** Renders the first rows of a table, whatever kind of frame it came from, as HTML and as text. */
import { bundleOf, type MimeBundle } from './bundle.ts';
import { type Cell, columnType, formatColumn, isNumeric } from './cells.ts';
import { grouped } from './numbers.ts';
import { tableStyle } from './table-style.ts';
import { textTable } from './table-text.ts';

/** Rows that a frame shows; adapters read no more than these. */
export const shownRows = 20;
/** Columns that a frame shows. */
export const shownColumns = 50;
/** Cells that are looked at to count the gaps of a frame: a tenth of a second of plain loops. */
export const maxCounted = 20_000_000;

/** One column of the shown rows. */
export interface TableColumn {
  readonly name: string;
  /** The frame's own name for the type; inferred from the values where it has none. */
  readonly type?: string | undefined;
  readonly values: readonly unknown[];
  /** Missing values of the whole column, where they were counted. */
  readonly nulls?: number | undefined;
}

/** The top left part of a frame, and how large the whole is. */
export interface TableView {
  /** Rows of the whole frame; undefined where it does not say. */
  readonly rows: number | undefined;
  /** Columns of the whole frame. */
  readonly columns: number;
  readonly shown: readonly TableColumn[];
  /** Labels of the shown rows, for frames that name their rows. */
  readonly index?: readonly unknown[] | undefined;
}

/** A column made ready for either renderer. */
export interface FormattedColumn {
  readonly name: string;
  readonly type: string;
  readonly numeric: boolean;
  readonly cells: readonly Cell[];
}

/** Both forms of a table. */
export function tableBundle(view: TableView): MimeBundle {
  const columns = view.shown.map(formatted);
  const index = view.index && formatted({ name: '', type: ' ', values: view.index });
  const note = countLine(view);
  return bundleOf({
    'text/html': htmlTable(columns, index, note),
    'text/plain': `${textTable(columns, index)}\n${note}`,
  });
}

/** The HTML form of a table alone. */
export function tableHtml(view: TableView): string {
  const index = view.index && formatted({ name: '', type: ' ', values: view.index });
  return htmlTable(view.shown.map(formatted), index, countLine(view));
}

function formatted(column: TableColumn): FormattedColumn {
  const { name, values } = column;
  const type = column.type ?? columnType(values);
  return {
    name: name.slice(0, 200),
    type: type.slice(0, 60) + (column.nulls ? `, ${count(column.nulls, 'null')}` : ''),
    numeric: isNumeric(values),
    cells: formatColumn(values),
  };
}

/** Whether a cell holds nothing: null, undefined or NaN. */
export function isGap(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value);
}

/** `1,400 rows × 5 columns … first 20 shown` */
function countLine(view: TableView): string {
  const shown = view.shown[0]?.values.length ?? 0;
  const parts =
    view.rows === undefined
      ? `${count(view.columns, 'column')}`
      : `${count(view.rows, 'row')} × ${count(view.columns, 'column')}`;
  const cut: string[] = [];
  if (view.rows === undefined || view.rows > shown) cut.push(`first ${count(shown, 'row')}`);
  if (view.columns > view.shown.length) cut.push(`first ${count(view.shown.length, 'column')}`);
  if (cut.length === 0) return parts;
  // The usual case, a long table, reads shorter without the word "rows".
  if (cut.length === 1 && view.rows !== undefined && view.rows > shown)
    return `${parts} … first ${shown} shown`;
  return `${parts} … ${cut.join(' and ')} shown`;
}

function count(number: number, unit: string): string {
  return `${grouped(number)} ${unit}${number === 1 ? '' : 's'}`;
}

function htmlTable(
  columns: readonly FormattedColumn[],
  index: FormattedColumn | undefined,
  note: string,
): string {
  const head = columns.map(column => {
    const name = `<th${align(column)}${title(column.name.length > 30 ? column.name : undefined)}>${escapeHtml(column.name)}`;
    return `${name}<br><small>${escapeHtml(column.type)}</small></th>`;
  });
  const rows = Array.from({ length: columns[0]?.cells.length ?? 0 }, (_, row) => {
    const label = index ? `<th${align(index)}>${escapeHtml(index.cells[row]?.text ?? '')}</th>` : '';
    return `<tr>${label}${columns.map(column => htmlCell(column, column.cells[row]!)).join('')}</tr>`;
  });
  const corner = index ? '<th></th>' : '';
  if (head.length === 0) return `<div class="tl-frame"><style>${tableStyle}</style><p>${note}</p></div>`;
  return [
    `<div class="tl-frame"><style>${tableStyle}</style><div><table>`,
    `<thead><tr>${corner}${head.join('')}</tr></thead>`,
    `<tbody>\n${rows.join('\n')}\n</tbody>`,
    `</table></div><p>${note}</p></div>`,
  ].join('\n');
}

function htmlCell(column: FormattedColumn, cell: Cell): string {
  const text = escapeHtml(cell.text);
  // Emphasis also survives where a page strips the style sheet.
  return `<td${align(column)}${title(cell.full)}>${cell.missing ? `<em>${text}</em>` : text}</td>`;
}

/** Said in each cell, for pages that strip the style sheet: JupyterLab's, of notebooks that it does not trust. */
function align(column: FormattedColumn): string {
  return column.numeric ? ' align="right"' : ' style="text-align:left;white-space:pre"';
}

function title(text: string | undefined): string {
  return text === undefined ? '' : ` title="${escapeHtml(text)}"`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe in HTML content and in quoted attributes. */
export function escapeHtml(text: string): string {
  const safe = text.toWellFormed().replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
  return safe.replace(/[&<>"']/g, character => entities[character]!);
}
