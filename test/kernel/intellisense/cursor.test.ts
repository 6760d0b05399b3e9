import { expect, test } from 'vitest';
import { toCodePoints, toUtf16 } from '../../../kernel/intellisense/cursor.ts';

test.each([
  ['plain', 3, 3],
  ['😀x', 1, 2],
  ['a😀😀b', 3, 5],
  ['é漢', 2, 2],
  ['👩‍👩‍👧', 5, 8],
  ['', 0, 0],
])('%j: code point %i is UTF-16 unit %i', (text, codePoint, unit) => {
  expect(toUtf16(text, codePoint)).toBe(unit);
  expect(toCodePoints(text, unit)).toBe(codePoint);
});

test('positions beyond the ends', () => {
  expect(toUtf16('a😀', 99)).toBe(3);
  expect(toUtf16('a😀', Number.POSITIVE_INFINITY)).toBe(3);
  expect(toUtf16('a😀', -1)).toBe(0);
  expect(toCodePoints('a😀', 99)).toBe(2);
});

test('lone surrogates count as one', () => {
  expect(toUtf16('\ud800x', 1)).toBe(1);
  expect(toCodePoints('\ud800x\udc00', 3)).toBe(3);
});

test('there and back for every position', () => {
  const text = 'a😀b\ud83dc漢👍🏽\n';
  for (let at = 0; at <= [...text].length; at++) expect(toCodePoints(text, toUtf16(text, at))).toBe(at);
});
