/** On which lines of a cell a breakpoint can stand before the cell has run. */
import { expect, test } from 'vitest';
import { executableLines } from '../../../kernel/debugger/statements.ts';

test.each([
  [
    'types and comments have no code',
    'interface A { x: number }\n// nothing\ntype B = A;\nconst b = 1;',
    [4],
  ],
  ['a declaration without a value does nothing', 'let later: number;\nlater = 1;', [2]],
  ['the parts of a long expression', 'const a = [1]\n  .map(x =>\n    x + 1)\n  .filter(Boolean);', [1, 3]],
  [
    'imports run, those of types do not',
    "import type { A } from 'a';\nimport fs from 'node:fs';\nfs;",
    [2, 3],
  ],
  [
    'functions and classes',
    'function f() {\n  return 1;\n}\nclass C {\n  x = 1;\n  m() { this.x++; }\n}',
    [2, 5, 6],
  ],
  ['magic lines', '%time 1 + 1\n%%not magic', undefined],
  ['a magic line and code', '%sh ls\nconst a = 1;', [1, 2]],
  ['elements', 'const a = <b>{\n  call()\n}</b>;', [1, 2]],
])('%s', (_what, cell, lines) => {
  expect(executableLines(cell)).toEqual(lines);
});
