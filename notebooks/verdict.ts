/** What the checks of exercises say, in the same words in every notebook. */

/** The cell has not been touched. */
export const toDo = (message: string): string => `○ To do: ${message}`;

/** Something is there, and it is not what was asked for. */
export const notYet = (message: string): string => `✗ Not yet: ${message}`;

export const right = (message: string): string => `✓ Right: ${message}`;

/** What a value is, for people: `a promise (is an await missing?)`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return 'a promise (is an await missing?)';
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const { name } = value.constructor ?? {};
  return name === undefined || name === 'Object' ? 'an object' : `of the class ${name}`;
}

/** The beginning of a text, in quotes, on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `"${line.slice(0, 60)}…"` : `"${line}"`;
}
