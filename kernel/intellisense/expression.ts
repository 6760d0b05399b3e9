/** Finds the expression that a cursor stands in or behind. Works on half-typed code, so it reads characters, not a tree. */
import { toUtf16 } from './cursor.ts';

const NAME = /[\p{ID_Continue}$\u200c\u200d]/u;
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

export interface CompletionPoint {
  /** What stands before the last dot; undefined when a plain name is being typed. */
  readonly object: string | undefined;
  /** The part of the name that is there already. */
  readonly prefix: string;
  /** UTF-16 index of the prefix. */
  readonly start: number;
  readonly end: number;
}

/** @param cursor UTF-16 index */
export function completionPoint(code: string, cursor: number): CompletionPoint {
  let start = cursor;
  while (start > 0 && NAME.test(code[start - 1]!)) start--;
  const prefix = code.slice(start, cursor);
  let dot = start;
  while (dot > 0 && /\s/.test(code[dot - 1]!)) dot--;
  if (code[dot - 1] !== '.' || /\.\.$/.test(code.slice(0, dot)))
    return { object: undefined, prefix, start, end: cursor };
  const end = code[dot - 2] === '?' ? dot - 2 : dot - 1;
  const from = startOfPostfix(code, end);
  const object = withoutAssertions(code.slice(from, end)).trim();
  return { object: object === '' ? undefined : object, prefix, start, end: cursor };
}

/** The name with its object, around a cursor in code points: `Math.max` anywhere in `Math.max(1, 2)`'s name. */
export function expressionAt(code: string, cursorCodePoints: number): string {
  return placeAt(code, cursorCodePoints).expression;
}

/** As `expressionAt`, with the UTF-16 index of its end: where its last name can be asked about. */
export function placeAt(code: string, cursorCodePoints: number): { expression: string; end: number } {
  let cursor = Math.min(toUtf16(code, cursorCodePoints), code.length);
  // Behind an opening bracket the function before it is meant.
  const before = code.slice(0, cursor);
  const call = /([\p{ID_Continue}$.\])]+)\s*\([^()]*$/u.exec(before);
  if (!NAME.test(code[cursor] ?? '') && !NAME.test(code[cursor - 1] ?? '') && call)
    cursor = call.index + call[1]!.length;
  let end = cursor;
  while (end < code.length && NAME.test(code[end]!)) end++;
  return { expression: code.slice(startOfPostfix(code, end), end).trim(), end };
}

/** `a!.b` says something to the type checker only. */
function withoutAssertions(expression: string): string {
  return expression.replace(/(?<=[\w$)\]])!(?=\s*(?:[.[(]|$))/g, '');
}

/** Walks back over `a.b[0](x)`, a literal or a bracketed expression that ends at `end`. */
function startOfPostfix(code: string, end: number): number {
  let at = end;
  for (;;) {
    // What follows is a dot or the end, so that line breaks belong to the expression.
    while (at > 0 && /[\s!]/.test(code[at - 1]!)) at--;
    const last = code[at - 1];
    if (last === undefined) return at;
    if (last in OPENING) {
      at = matchingBracket(code, at - 1);
      // A call or an index belongs to what stands before it.
      if (at > 0 && (NAME.test(code[at - 1]!) || ')]'.includes(code[at - 1]!))) continue;
    } else if (`'"\``.includes(last)) {
      at = startOfString(code, at - 1, last);
    } else if (NAME.test(last)) {
      while (at > 0 && NAME.test(code[at - 1]!)) at--;
      const pattern = startOfPattern(code, at);
      if (pattern !== undefined) return pattern;
    } else if (last === '/') {
      return startOfPattern(code, at) ?? at;
    } else return at;
    let dot = at;
    while (dot > 0 && /\s/.test(code[dot - 1]!)) dot--;
    if (code[dot - 1] !== '.' || code[dot - 2] === '.') {
      const keyword = /\b(new|await|typeof)\s+$/.exec(code.slice(0, at));
      return keyword?.[1] === 'new' ? keyword.index : at;
    }
    at = code[dot - 2] === '?' ? dot - 2 : dot - 1;
  }
}

/** The start of a regular expression whose closing slash stands before `end`. */
function startOfPattern(code: string, end: number): number | undefined {
  if (code[end - 1] !== '/') return undefined;
  const line = code.slice(code.lastIndexOf('\n', end - 1) + 1, end);
  const pattern = /(?:^|[=(,:[!&|?{;\s])(\/(?![/*\s])(?:\\.|\[[^\]]*\]|[^/\\[])+\/)$/.exec(line);
  return pattern ? end - pattern[1]!.length : undefined;
}

function matchingBracket(code: string, closing: number): number {
  const stack: string[] = [];
  for (let at = closing; at >= 0; at--) {
    const character = code[at]!;
    if (character in OPENING) stack.push(OPENING[character]!);
    else if (`'"\``.includes(character)) at = startOfString(code, at, character);
    else if (character === stack.at(-1)) {
      stack.pop();
      if (stack.length === 0) return at;
    }
  }
  return 0;
}

function startOfString(code: string, closing: number, quote: string): number {
  for (let at = closing - 1; at >= 0; at--) {
    if (code[at] === quote && code[at - 1] !== '\\') return at;
  }
  return 0;
}
