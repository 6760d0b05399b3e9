import { describe, expect, test } from 'vitest';
import { completionPoint, expressionAt } from '../../../kernel/intellisense/expression.ts';

/** `|` is the cursor. */
const at = (marked: string) => completionPoint(marked.replace('|', ''), marked.indexOf('|'));

describe('completionPoint', () => {
  test.each([
    ['conso|', undefined, 'conso'],
    ['|', undefined, ''],
    ['let x = fo|o', undefined, 'fo'],
    ['a.|', 'a', ''],
    ['a.b|', 'a', 'b'],
    ['a.b.c|', 'a.b', 'c'],
    ['a?.b|', 'a', 'b'],
    ['a!.b|', 'a', 'b'],
    ['a\n  .b|', 'a', 'b'],
    ['a()\n  .b()\n  .c|', 'a()\n  .b()', 'c'],
    ['f(1, 2).x|', 'f(1, 2)', 'x'],
    ['a[0].x|', 'a[0]', 'x'],
    ['a["]"].x|', 'a["]"]', 'x'],
    ['a[b.c].d|', 'a[b.c]', 'd'],
    ['[1, 2].ma|', '[1, 2]', 'ma'],
    ['({ a: 1 }).a|', '({ a: 1 })', 'a'],
    ['"text".le|', '"text"', 'le'],
    ["'it\\'s'.le|", "'it\\'s'", 'le'],
    ['`t`.le|', '`t`', 'le'],
    ['new Map().ge|', 'new Map()', 'ge'],
    ['await p.th|', 'p', 'th'],
    ['typeof a.b|', 'a', 'b'],
    ['return a.b|', 'a', 'b'],
    ['x = a.b|', 'a', 'b'],
    ['f(a.b|', 'a', 'b'],
    ['[...a.b|', 'a', 'b'],
    ['[...ab|', undefined, 'ab'],
    ['{ k: a.b|', 'a', 'b'],
    ['`${a.b|', 'a', 'b'],
    ['1 + a.b|', 'a', 'b'],
    ['!a.b|', 'a', 'b'],
    ['été.x|', 'été', 'x'],
    ['$.x|', '$', 'x'],
    ['_._|', '_', '_'],
    ['this.x|', 'this', 'x'],
    ['a.b|c', 'a', 'b'],
    ['a.b |', undefined, ''],
    ['x\ny.z|', 'y', 'z'],
    ['"😀"; a.b|', 'a', 'b'],
  ])('%s', (marked, object, prefix) => {
    const point = at(marked);
    expect([point.object, point.prefix]).toEqual([object, prefix]);
    expect(point.end - point.start).toBe(prefix.length);
  });

  test('a number’s dot is no member access', () => {
    expect(at('1.|').object).not.toBe('');
  });

  test('any text at all, at every position', () => {
    const pieces = [
      'a',
      '.',
      '?.',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '`',
      '${',
      '\\',
      ' ',
      '\n',
      '😀',
      '/',
      '*',
      '<',
      '>',
      '1',
      ';',
    ];
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state / 2 ** 31;
    };
    for (let round = 0; round < 2_000; round++) {
      const code = Array.from({ length: 20 }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      const cursor = Math.floor(random() * (code.length + 1));
      const { start, end } = completionPoint(code, cursor);
      expect(start).toBeLessThanOrEqual(end);
      expect(typeof expressionAt(code, cursor)).toBe('string');
    }
  });

  test('a long text takes no long time', () => {
    // What takes quadratic time would not end before the test does.
    const parts = 500_000;
    expect(completionPoint(`${'a.'.repeat(parts)}b`, 2 * parts + 1).object).toHaveLength(2 * parts - 1);
    expect(completionPoint(`${'('.repeat(parts)}a.b`, parts + 3).object).toBe('a');
    expect(completionPoint(`${'x)'.repeat(parts)}.b`, 2 * parts + 2).prefix).toBe('b');
    expect(completionPoint(`${' '.repeat(parts)}.b`, parts + 2).object).toBeUndefined();
  });
});

describe('expressionAt', () => {
  const where = (marked: string) =>
    expressionAt(marked.replace('|', ''), [...marked.slice(0, marked.indexOf('|'))].length);

  test.each([
    ['Math.m|ax(1)', 'Math.max'],
    ['Ma|th.max(1)', 'Math'],
    ['|foo', 'foo'],
    ['foo|', 'foo'],
    ['foo(|', 'foo'],
    ['foo(1, |', 'foo'],
    ['a.b(|)', 'a.b'],
    ['x = foo|; y', 'foo'],
    ['"😀😀"; bar|', 'bar'],
    ['|', ''],
  ])('%s', (marked, expression) => {
    expect(where(marked)).toBe(expression);
  });
});
