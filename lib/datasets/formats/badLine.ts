/** Lines that cannot be read: what to do with them, and how they are shown. */

/** `throw` at a line that cannot be read, `skip` it, or skip it with a `warn`ing. */
export type OnBadLine = (typeof CHOICES)[number];

const CHOICES = ['throw', 'skip', 'warn'] as const;

/** @throws if it is none of the three */
export function checkOnBadLine(onBadLine: string): void {
  if ((CHOICES as readonly string[]).includes(onBadLine)) return;
  throw new TypeError(`onBadLine must be 'throw', 'skip' or 'warn', not ${JSON.stringify(onBadLine)}.`);
}

const SHOWN_CHARACTERS = 80;

/** A line that is not what its file's format wants. */
export class BadLine extends SyntaxError {
  override readonly name = 'SyntaxError';
}

/** Throws the error of a bad line, or leaves the line out. */
export function leaveOut(error: unknown, onBadLine: OnBadLine): void {
  if (onBadLine === 'throw' || !(error instanceof BadLine)) throw error;
  if (onBadLine === 'warn') console.warn(`${error.message} The line is left out.`);
}

/** The first 80 characters, control characters made visible. */
export function start(text: string): string {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 1));
  const shown = characters.slice(0, SHOWN_CHARACTERS).join('');
  const visible = shown.replace(/\p{Cc}/gu, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return characters.length > SHOWN_CHARACTERS ? `${visible}…` : visible;
}
