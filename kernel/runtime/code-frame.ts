/** How errors quote code: the lines around a place, with a marker under it. */

/** Longer lines are shown in part: notebooks wrap them, and the marker then stands under something else. */
const SHOWN_CHARACTERS = 100;

/** @param label how the text is named: `Cell[3]` or a path */
export function* codeFrame(
  text: string,
  label: string,
  line: number,
  column: number,
  length: number,
): Generator<string> {
  const lines = text.split('\n');
  if (line > lines.length) return;
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 1);
  const width = String(last).length;
  yield dim(`${' '.repeat(width)} ╭─ ${label}:${line}:${column}`);
  for (let number = first; number <= last; number++) {
    const content = lines[number - 1]!;
    const middle = number === line ? column - SHOWN_CHARACTERS / 2 : 0;
    const from = Math.max(0, Math.min(middle, content.length - SHOWN_CHARACTERS));
    const to = from + SHOWN_CHARACTERS;
    const shown = `${from > 0 ? '…' : ''}${content.slice(from, to)}${content.length > to ? '…' : ''}`;
    yield `${dim(`${String(number).padStart(width)} │ `)}${shown}`;
    if (number === line) {
      const at = column - 1 - from + (from > 0 ? 1 : 0);
      const underline = '^'.repeat(Math.max(1, Math.min(length, shown.length - at)));
      yield `${dim(`${' '.repeat(width)} │ `)}${' '.repeat(Math.max(0, at))}${red(underline)}`;
    }
  }
}

export const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
export const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;
