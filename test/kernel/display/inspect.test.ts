import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { describeThrown, inspectValue } from '../../../kernel/display/index.ts';

describe('ordinary values look as in Node', () => {
  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [-0, '-0'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    [12n, '12n'],
    [true, 'true'],
    ["it's", '"it\'s"'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: { b: [1] } }, '{ a: { b: [ 1 ] } }'],
    [new Map([['k', 1]]), "Map(1) { 'k' => 1 }"],
    [new Set([1]), 'Set(1) { 1 }'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [function named() {}, '[Function: named]'],
    [class Model {}, '[class Model]'],
    [new Uint8Array(2), 'Uint8Array(2) [ 0, 0 ]'],
    [Object.create(null), '[Object: null prototype] {}'],
    [Promise.resolve(1), 'Promise { 1 }'],
  ])('%s', (value, text) => {
    expect(inspectValue(value)).toBe(text);
  });

  test('an error has its name, message, stack, cause and own properties', () => {
    const error = Object.assign(new TypeError('bad shape', { cause: new Error('inner') }), { code: 'E1' });
    const text = inspectValue(error);
    expect(text).toMatch(/^TypeError: bad shape\n {4}at /);
    expect(text).toContain('inner');
    expect(text).toContain("code: 'E1'");
  });

  test('circular structures', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(inspectValue(loop)).toBe('<ref *1> { self: [Circular *1] }');
  });

  test('colours that a custom inspector adds are removed', () => {
    expect(inspectValue({ [inspect.custom]: () => '\u001b[31mred\u001b[0m' })).toBe('red');
  });

  test('getters are not called', () => {
    let calls = 0;
    const value = {
      get loss() {
        calls++;
        return 1;
      },
    };
    expect(inspectValue(value)).toBe('{ loss: [Getter] }');
    expect(calls).toBe(0);
  });
});

describe('large values are cut', () => {
  test('a string of 20,000 characters is whole, a longer one says how long it is', () => {
    expect(inspectValue('x'.repeat(20_000))).toHaveLength(20_002);
    const text = inspectValue('x'.repeat(1_234_567));
    expect(text.length).toBeGreaterThan(10_000);
    expect(text.length).toBeLessThan(30_000);
    expect(text).toMatch(/'\.\.\. 1,214,567 more characters of 1,234,567$/);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['an array of ten million', () => new Array(1e7).fill(0), /9999900 more items/],
    ['a typed array', () => new Float32Array(1e6), /999900 more items/],
    ['a String object', () => new String('y'.repeat(1e6)), /^\[String: 'y+'\.\.\. 980,000 more characters/],
    [
      'many properties',
      () => Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i])),
      /k99: 99,\n {2}\.\.\. 49,900 more properties\n}$/,
    ],
    [
      'many nested properties',
      () => [Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i]))],
      /Object/,
    ],
    ['long documents', () => Array.from({ length: 1_000 }, () => 'word '.repeat(2_000)), /more characters/],
    ['a bigint of a million digits', () => 2n ** 10_000_000n, /about 3,010,\d+ decimal digits/],
    [
      '100,000 levels',
      () => {
        let value = {};
        for (let i = 0; i < 1e5; i++) value = { value };
        return value;
      },
      /\[Object\]/,
    ],
    ['a long symbol', () => Symbol('s'.repeat(1e6)), /more characters$/],
  ])('%s', (_, make, note) => {
    const text = inspectValue(make());
    expect(text.length).toBeLessThan(450_000);
    expect(text).toMatch(note);
  });

  test('a cut never leaves half a character, which Python could not save', () => {
    expect(inspectValue({ [inspect.custom]: () => '\ud83d' }).isWellFormed()).toBe(true);
    expect(inspectValue('😀'.repeat(15_000)).isWellFormed()).toBe(true);
  });
});

describe('hostile values', () => {
  const traps: string[] = [];
  const handler = new Proxy(
    {},
    {
      get: (_, trap) => {
        traps.push(String(trap));
        throw new Error('trap ran');
      },
    },
  );
  const hostile = new Proxy({ a: 1 }, handler);

  test.each<[string, unknown, string]>([
    ['a proxy shows its target', hostile, '{ a: 1 }'],
    ['inside an object', { inner: hostile }, '{ inner: { a: 1 } }'],
    ['a proxy of a proxy', new Proxy(hostile, {}), 'Proxy [ { a: 1 }'],
    ['as prototype', Object.create(hostile, { own: { value: 1, enumerable: true } }), '{ own: 1 }'],
  ])('proxies run no trap: %s', (_, value, text) => {
    traps.length = 0;
    expect(inspectValue(value)).toContain(text);
    expect(traps).toEqual([]);
  });

  test('revoked proxies', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(inspectValue(proxy)).toBe('<Revoked Proxy>');
    expect(inspectValue([proxy])).toBe('[ <Revoked Proxy> ]');
  });

  test.each<[string, () => object]>([
    [
      'toStringTag',
      () => ({
        kept: 1,
        get [Symbol.toStringTag](): string {
          throw new Error('tag broke');
        },
      }),
    ],
    [
      'a custom inspector',
      () => ({
        kept: 1,
        [inspect.custom]() {
          throw new Error('inspector broke');
        },
      }),
    ],
    [
      'a stack',
      () =>
        Object.defineProperty(new Error('kept'), 'stack', {
          get() {
            throw new Error('stack broke');
          },
        }),
    ],
    ['a nested prototype', () => ({ kept: 1, nested: Object.create(hostile) })],
  ])('what throws while inspected still shows, with the reason: %s', (_, make) => {
    const text = inspectValue(make());
    expect(text).toContain('kept');
    expect(text).toMatch(/\n\(inspecting it failed: Error: .*\)$/);
  });

  test('an endless generator is not run', () => {
    let steps = 0;
    function* forever() {
      for (;;) yield steps++;
    }
    expect(inspectValue(forever())).toBe('Object [Generator] {}');
    expect(steps).toBe(0);
  });
});

describe('describeThrown', () => {
  test.each<[unknown, string]>([
    [new RangeError('too long'), 'RangeError: too long'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [Symbol('s'), 'Symbol(s)'],
    [{ code: 1 }, '{ code: 1 }'],
    [
      Object.defineProperty(new Error('m'), 'message', {
        get() {
          throw 1;
        },
      }),
      'an error whose message cannot be read',
    ],
  ])('%#', (thrown, text) => {
    expect(describeThrown(thrown)).toBe(text);
  });
});
