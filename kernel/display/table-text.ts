/** The text/plain form of a table: aligned columns, cut to the width of a terminal. */
import type { FormattedColumn } from './table.ts';

const maxWidth = 120;
const maxCell = 40;

/** Lines of columns two spaces apart under their names and types; numbers to the right. */
export function textTable(columns: readonly FormattedColumn[], index?: FormattedColumn): string {
  const blocks: string[][] = index ? [block(index)] : [];
  let width = index ? displayWidth(blocks[0]![0]!) : 0;
  let used = 0;
  for (const column of columns) {
    const lines = block(column);
    width += displayWidth(lines[0]!) + 2;
    if (width > maxWidth && used > 0) break;
    blocks.push(lines);
    used++;
  }
  const height = blocks[0]?.length ?? 0;
  const rows = Array.from({ length: height }, (_, row) =>
    blocks
      .map(lines => lines[row])
      .join('  ')
      .trimEnd(),
  );
  const hidden = columns.length - used;
  if (hidden > 0) rows.push(`(${hidden} more ${hidden === 1 ? 'column' : 'columns'} to the right)`);
  return rows.join('\n');
}

/** The lines of one column, all of the same width: name, type, rule, cells. */
function block(column: FormattedColumn): string[] {
  const { name, type, cells, numeric } = column;
  const texts = [name, type.trim(), ...cells.map(cell => cell.text)].map(text => clip(text));
  const width = Math.max(1, ...texts.map(displayWidth));
  const padded = texts.map(text => {
    const space = ' '.repeat(width - displayWidth(text));
    return numeric ? space + text : text + space;
  });
  padded.splice(2, 0, '─'.repeat(width));
  return padded;
}

function clip(text: string): string {
  // A terminal would obey control characters.
  const safe = text.toWellFormed().replace(/\p{Cc}/gu, ' ');
  if (displayWidth(safe) <= maxCell) return safe;
  let kept = '';
  let width = 0;
  for (const character of safe) {
    width += displayWidth(character);
    if (width > maxCell - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const zeroWidth = /^(?:\p{Mark}|\p{Default_Ignorable_Code_Point})$/u;

/** Columns that a text takes in a terminal. */
function displayWidth(text: string): number {
  // Plain ASCII, the usual case, needs no look at each character.
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += zeroWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
