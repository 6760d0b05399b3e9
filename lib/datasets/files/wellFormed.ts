/** Text that UTF-8 cannot hold, which encoders replace in silence. */

/** @throws naming column and row if the column's name or a text in the value has half a surrogate pair alone */
export function checkWellFormed(name: string, row: number, value: unknown): void {
  if (name.isWellFormed() && isWellFormed(value)) return;
  throw new RangeError(
    `Column "${name}", row ${row} has half a character: one of \\ud800 to \\udfff without its other half, which no file of UTF-8 holds; mend the text with toWellFormed().`,
  );
}

function isWellFormed(value: unknown): boolean {
  if (typeof value !== 'object') return typeof value !== 'string' || value.isWellFormed();
  // What is added while the loop runs is visited too, and once: circles, which the encoders refuse, come to an end here.
  const parts = new Set<string | object | null>([value]);
  for (const part of parts) {
    if (typeof part === 'string') {
      if (!part.isWellFormed()) return false;
    } else if (part !== null && !ArrayBuffer.isView(part)) {
      if (!Array.isArray(part) && !Object.keys(part).every(key => key.isWellFormed())) return false;
      for (const inner of Array.isArray(part) ? part : Object.values(part)) {
        if (typeof inner === 'string' || typeof inner === 'object') parts.add(inner);
      }
    }
  }
  return true;
}
