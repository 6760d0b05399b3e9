/** How a frame is printed where there is no notebook to draw it as a table. */
import { inspect } from 'node:util';
import { plural } from '../host.ts';
import type { Frame } from './frameTable.ts';

const SHOWN_ROWS = 10;
const SHOWN_CHARACTERS = 40;

/** The first rows in aligned columns, numbers to the right, and how many rows and columns there are. */
export function frameText(frame: Frame): string {
  const rows = frame.numRows();
  const shown = Math.min(rows, SHOWN_ROWS);
  const head = frame.ungroup().slice(0, SHOWN_ROWS);
  const columns = head.columnNames().map(name => {
    const values = Array.from(head.array(name) as ArrayLike<unknown>);
    const texts = [name, ...values.map(cellText)].map(cut);
    const width = Math.max(...texts.map(text => text.length));
    const isNumeric = values.some(isNumber) && values.every(value => isNumber(value) || value == null);
    return texts.map(text => (isNumeric ? text.padStart(width) : text.padEnd(width)));
  });
  const height = columns.length === 0 ? 0 : shown + 1;
  const lines = Array.from({ length: height }, (_, row) => columns.map(column => column[row]).join('  '));
  const count = `${plural(rows, 'row')}, ${plural(columns.length, 'column')}`;
  const note = rows > shown ? `${count}, the first ${shown} shown` : count;
  return [...lines, note].map(line => line.trimEnd()).join('\n');
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isNumber(value)) return String(Number(value.toPrecision(6)));
  return inspect(value, { compact: true, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 8 });
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

function cut(text: string): string {
  const line = text.slice(0, 2 * SHOWN_CHARACTERS).replace(/\s+/g, ' ');
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS - 1)}…` : line;
}
