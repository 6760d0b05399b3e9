// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the source text of cells
import { describe, expect, test } from 'vitest';
import { cellMagic, chosenDecorators, expandMagics } from '../../../kernel/runtime/magics.ts';

const isCall = (name: string, args: string) =>
  `await __tunelab__.magic(${JSON.stringify(name)}, ${JSON.stringify(args)});`;

describe('magic lines', () => {
  test.each([
    ['%sh ls -la', isCall('sh', 'ls -la')],
    ['%sh', isCall('sh', '')],
    ['%sh\tls', isCall('sh', 'ls')],
    ['%npm install "a b"  ', isCall('npm', 'install "a b"')],
    ['%who', isCall('who', '')],
    ['%unknown-name x', isCall('unknown-name', 'x')],
    ['%sh echo `x` ${y} \\n', isCall('sh', 'echo `x` ${y} \\n')],
    ['1;\n%sh ls\n2', `1;\n${isCall('sh', 'ls')}\n2`],
    ['%sh a\n%sh b', `${isCall('sh', 'a')}\n${isCall('sh', 'b')}`],
    ['function f() {}\n%reset', `function f() {}\n${isCall('reset', '')}`],
  ])('%j', (source, expanded) => {
    expect(expandMagics(source)).toBe(expanded);
  });

  test('%time keeps a value and a declaration', () => {
    expect(expandMagics('%time f(1);')).toContain('(f(1))');
    expect(expandMagics('%time const a = 1')).toContain('const a = 1;');
    expect(expandMagics('%time')).toContain('magic("time", "")');
  });

  test('line numbers stay', () => {
    const source = 'a\n%time b\n%sh c\nd\n';
    expect(expandMagics(source).split('\n').length).toBe(source.split('\n').length);
  });
});

describe('lines that are none', () => {
  test.each([
    ['a remainder', 'const a = 7 % 3'],
    ['a remainder at the start of a line', 'const a = 7\n  % b'],
    ['a remainder with a number', '7\n%4'],
    ['a remainder with a bracket', '7\n%(4)'],
    ['an indented one', '  %sh ls'],
    ['%=', 'a\n%= 3'],
    ['a line comment', '//\n// %sh ls'],
    ['a block comment', '/*\n%sh ls\n*/'],
    ['a template', 'const a = `\n%sh ls\n`'],
    ['a template after an expression', 'const a = `${b}\n%sh ls\n${c}`'],
    ['a nested template', 'const a = `${`\n%sh ls\n`}`'],
    ['a template with types around it', 'const a: Record<string, number> = f<string>(`\n%sh ls\n`)'],
    ['JSX text', 'const a = <pre>\n%sh ls\n</pre>'],
    ['a multi-line string', "const a = 'x\\\n%sh ls'"],
    ['nothing at all', 'plain'],
  ])('%s', (_name, source) => {
    expect(expandMagics(source)).toBe(source);
  });

  test('a magic in a template’s expression part is code there', () => {
    expect(expandMagics('const a = `\n%sh in text\n`;\n%sh outside')).toBe(
      `const a = \`\n%sh in text\n\`;\n${isCall('sh', 'outside')}`,
    );
  });

  test('a cast in angle brackets does not hide the templates', () => {
    const source = 'const a = <any>b;\nconst c = `\n%sh ls\n`';
    expect(expandMagics(source)).toBe(source);
  });

  test('a generic arrow does not hide the templates', () => {
    const source = 'const f = <T>(x: T) => x;\nconst c = `\n%sh ls\n`';
    expect(expandMagics(source)).toBe(source);
  });
});

describe('magic cells', () => {
  test.each([
    ['%%sh\necho 1\necho 2', { name: 'sh', args: '', body: 'echo 1\necho 2' }],
    ['%%sh -x\necho', { name: 'sh', args: '-x', body: 'echo' }],
    ['\n  \n%%html\n<b>', { name: 'html', args: '', body: '<b>' }],
    ['%%time', { name: 'time', args: '', body: '' }],
    ['%%sh\r\necho', { name: 'sh', args: '', body: 'echo' }],
  ])('%j', (source, magic) => {
    expect(cellMagic(source)).toEqual(magic);
  });

  test.each(['%sh ls', 'a\n%%sh', '%% sh', '1 %%2', '', '%%\nx'])('%j is none', source => {
    expect(cellMagic(source)).toBeUndefined();
  });
});

describe('the decorators that a cell asks for', () => {
  test.each([
    ['%decorators legacy\nclass A {}', 'legacy'],
    ['class A {}\n%decorators standard', 'standard'],
    ['%decorators odd', undefined],
    ['const text = `\n%decorators legacy\n`', undefined],
    ['// %decorators legacy', undefined],
  ])('%j', (source, expected) => {
    expect(chosenDecorators(expandMagics(source))).toBe(expected);
  });
});
