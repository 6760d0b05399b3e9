// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
import { describe, expect, test } from 'vitest';
import { checkComplete } from '../../../kernel/intellisense/is-complete.ts';

describe('complete', () => {
  test.each([
    '',
    '  ',
    '1 + 1',
    'const a = 1',
    'if (a) {}',
    'if (a) b',
    'function f() {\n}',
    'class A {\n  a = 1\n}',
    'await fetch("x")',
    'import fs from "node:fs"',
    'interface A { a: string }',
    'enum E { A }',
    'const x = <div/>',
    'const a = <any>b',
    '`a\nb`',
    '// a comment',
    '/* a comment */',
    '%sh ls',
    '%time f()',
    '%%sh\nls\n',
    '#!/usr/bin/env node\n1',
    '"😀"',
    'a => a',
    'label: for (;;) break label',
    'const r = /[(]/',
    'x = `${`${1}`}`',
    'using a = b',
    '@d class A {}',
  ])('%j', code => {
    expect(checkComplete(code)).toEqual({ status: 'complete' });
  });
});

describe('incomplete', () => {
  test.each([
    ['function f() {', '  '],
    ['function f() {\n  if (a) {', '    '],
    ['[1, 2', '  '],
    ['f(', '  '],
    ['f(a, {', '    '],
    ['`abc', ''],
    ['`a${', ''],
    ['/* a comment', ''],
    ['const a =', ''],
    ['1 +', ''],
    ['class A {', '  '],
    ['const o = {', '  '],
    ['if (a)', ''],
    ['else_ = a ?', ''],
    ['for (const a of b)', ''],
    ['while (true) {', '  '],
    ['try {\n}', ''],
    ['switch (a) {\n  case 1:', '  '],
    ['() =>', ''],
    ['import {', '  '],
    ['const x = <div>', ''],
    ['interface A {', '  '],
    ['enum E {', '  '],
    ['type A =', ''],
    ['a.', ''],
    ['await', ''],
    ['do {', '  '],
    ['%%sh\nls', ''],
    ['f("{[(", ', '  '],
    ['// {\nf(', '  '],
  ])('%j is indented by %j', (code, indent) => {
    const result = checkComplete(code);
    expect(result.status).toBe('incomplete');
    expect(result).toEqual({ status: 'incomplete', indent });
  });
});

describe('invalid', () => {
  test.each([
    'let a = ;',
    'let 1a = 2',
    ')',
    '}',
    'a b',
    'const a = 1; const a = 2',
    'function (',
    'if (',
    'let let = 1',
    'f(]',
    '"abc\n',
    'await = = 1',
    'class { }\nx',
    'import from\n1',
    'return 1\nx',
  ])('%j is not complete', code => {
    expect(checkComplete(code).status).not.toBe('complete');
  });

  test.each(['let a = ;', ')', 'a b', 'const a = 1; const a = 2', 'f(]', 'let 1a = 2\nx', '}\n'])(
    '%j will not become valid',
    code => {
      expect(checkComplete(code)).toEqual({ status: 'invalid' });
    },
  );
});
