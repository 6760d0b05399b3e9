/** Whether a console should run what has been typed or wait for more lines. */

import { lowerTypeScript, type SyntaxProblem } from '../runtime/lower.ts';
import { cellMagic, expandMagics } from '../runtime/magics.ts';
import { position } from '../runtime/syntax.ts';

export type Completeness =
  | { status: 'complete' }
  | { status: 'invalid' }
  | { status: 'unknown' }
  | { status: 'incomplete'; indent: string };

/** Nobody types more into a console, and deeply nested text ends the native parser's stack. */
const LONGEST = 10_000;
const AT_THE_END = /EOF|[Uu]nterminated|end of file/;

/** @example checkComplete('function f() {') // { status: 'incomplete', indent: '  ' } */
export function checkComplete(code: string): Completeness {
  if (code.length > LONGEST) return { status: 'unknown' };
  if (cellMagic(code))
    return /\n\s*$/.test(code) ? { status: 'complete' } : { status: 'incomplete', indent: '' };
  const source = expandMagics(code.replace(/^#!/, '//'));
  const lowered = lowerTypeScript('cell.ts', source, {
    decorators: 'standard',
    keepImports: true,
    map: false,
  });
  if (!('problems' in lowered)) return { status: 'complete' };
  const end = position(source, source.trimEnd().length);
  if (lowered.problems.some(problem => endsWithItsLine(problem, source))) return { status: 'invalid' };
  const unfinished = lowered.problems.some(
    ({ message, line, column }) =>
      AT_THE_END.test(message) || line > end.line || (line === end.line && column >= end.column),
  );
  return unfinished ? { status: 'incomplete', indent: indentation(code) } : { status: 'invalid' };
}

/** A quoted string or a regular expression that its line does not close; templates and comments may go on. */
function endsWithItsLine({ message, line, column }: SyntaxProblem, source: string): boolean {
  if (!/[Uu]nterminated (string|regular)/.test(message)) return false;
  return source.split('\n')[line - 1]?.[column - 1] !== '`';
}

/** Two spaces for every bracket that is still open; strings and comments are left out. */
function indentation(code: string): string {
  const bare = code.replace(
    /\/\*[\s\S]*?(\*\/|$)|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*(`|$)/g,
    '',
  );
  let depth = 0;
  for (const character of bare) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  return '  '.repeat(depth);
}
