import { describe, expect, it } from 'vitest';
import { globMatcher } from '../../../lib/hub/index.ts';

describe('patterns of file names', () => {
  it.each([
    ['*.json', 'a.json', true],
    ['*.json', 'b/a.json', false],
    ['**/*.json', 'a.json', true],
    ['**/*.json', 'b/c/a.json', true],
    ['**/a.json', 'ba.json', false],
    ['**', 'b/c/a.json', true],
    ['data/**', 'data/x/y', true],
    ['en/c4-train.*.json.gz', 'en/c4-train.00000-of-01024.json.gz', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[ab]-[!0-4].txt', 'b-7.txt', true],
    ['[ab]-[!0-4].txt', 'b-3.txt', false],
    ['x.{csv,tsv{,.gz}}', 'x.tsv.gz', true],
    ['x.{csv,tsv}', 'x.txt', false],
    ['a.b', 'axb', false],
    ['(a|b)+$', '(a|b)+$', true],
    ['😀?', '😀é', true],
    ['[', '[', true],
    ['', '', true],
  ])('%s and %s', (pattern, name, expected) => {
    expect(globMatcher(pattern, 'keep')(name)).toBe(expected);
  });

  it("let a star stand for folders too where Python's fnmatch does", () => {
    expect(globMatcher('*.json', 'cross')('b/a.json')).toBe(true);
  });

  it('take no longer for hostile patterns', () => {
    expect(globMatcher(`${'*a'.repeat(200)}b`, 'cross')('a'.repeat(2000))).toBe(false);
    expect(globMatcher('**/'.repeat(200), 'keep')('a/'.repeat(1000))).toBe(true);
    expect(() => globMatcher('{a,b}'.repeat(20), 'keep')).toThrow('write it with fewer braces');
  });
});
