import { describe, expect, it } from 'vitest';
import { knownRowEnd } from '../../../../lib/datasets/formats/knownRow.ts';
import { Shape } from '../../../../lib/datasets/formats/shape.ts';

const seen = (...rows: object[]): Shape => {
  const shape = new Shape();
  for (const row of rows) shape.addObject(row);
  return shape;
};
const isKnown = (line: string, shape: Shape): boolean => {
  const bytes = Buffer.from(line);
  const end = knownRowEnd(bytes, 0, shape);
  if (end >= 0) expect(end).toBe(bytes.length);
  return end >= 0;
};

describe('knownRowEnd', () => {
  const row = { id: 1, text: 'é', score: 0.5, ok: true, tags: ['x'], meta: { 'a "key"': -3 } };

  it('knows rows with the same keys and kinds, with or without spaces between', () => {
    const shape = seen(row, { ...row, score: 2 });
    expect(isKnown(JSON.stringify(row), shape)).toBe(true);
    const other =
      '{"id" : 7, "text":"a \\"b\\" \\\\ \\n 日😀",\t"score":-0.25,"ok":false,"tags":[ ],"meta":{"a \\"key\\"":-0}} \r';
    expect(isKnown(other, shape)).toBe(true);
    expect(isKnown(JSON.stringify({ ...row, text: null, tags: null, meta: null }), shape)).toBe(true);
  });

  it('says where the line ends', () => {
    const bytes = Buffer.from('{"a":1}\n{"a":22} \n{"a":3}');
    const shape = seen({ a: 1 });
    expect([0, 8, 18].map(from => knownRowEnd(bytes, from, shape))).toEqual([7, 17, 25]);
  });

  it.each([
    ['another kind of value', '{"a":"text"}'],
    ['a fraction among integers', '{"a":1.5}'],
    ['a negative number among others', '{"a":-1}'],
    ['an integer that may be too great', '{"a":1234567890123456}'],
    ['an exponent', '{"a":1e3}'],
    ['another key', '{"b":1}'],
    ['a further key', '{"a":1,"b":1}'],
    ['a key twice', '{"a":1,"a":1}'],
    ['no key', '{}'],
    ['a leading zero', '{"a":01}'],
    ['a comma too many', '{"a":1,}'],
    ['an open object', '{"a":1'],
    ['two objects', '{"a":1}{"a":1}'],
    ['no object', '[1]'],
    ['nothing', ''],
  ])('leaves %s to the parser', (_, line) => {
    expect(isKnown(line, seen({ a: 1 }))).toBe(false);
  });

  it.each(['{"a":"\\ud800"}', '{"a":"\t"}', '{"a":"\\x"}', '{"a":"open}', '{"a":"open\\"}'])(
    'leaves the string in %s to the parser',
    line => expect(isKnown(line, seen({ a: 'text' }))).toBe(false),
  );

  it('knows nothing once objects have differed in their keys', () => {
    expect(isKnown('{"a":1}', seen({ a: 1 }, { a: 1, b: 2 }))).toBe(false);
  });

  it('accepts no damaged line that JSON.parse refuses, and none that changes the columns', () => {
    const shape = seen(row, { ...row, score: 2 });
    const features = shape.features();
    const text = JSON.stringify(row);
    const characters = [...'{}[]",:\\ -.0159eEtrufalsn\u0000\r\n', ''];
    let accepted = 0;
    for (let at = 0; at <= text.length; at++) {
      for (const character of characters) {
        for (const removed of [0, 1]) {
          const line = text.slice(0, at) + character + text.slice(at + removed);
          if (line.includes('\n') || !isKnown(line, shape)) continue;
          accepted++;
          shape.addObject(JSON.parse(line));
          expect(shape.features()).toEqual(features);
          expect(shape.isRegular).toBe(true);
        }
      }
    }
    expect(accepted).toBeGreaterThan(100);
  });
});
