import { expect, test } from 'vitest';
import { displaySymbol, type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

const bundle = (value: unknown) => toMimeBundle(value) as MimeBundle;
const plain = (value: unknown) => bundle(value).data['text/plain'] as string;

test('a value shows itself through Symbol.for("Jupyter.display")', () => {
  expect(displaySymbol).toBe(Symbol.for('Jupyter.display'));
  class Temperature {
    celsius = 21;
    [Symbol.for('Jupyter.display')]() {
      return { 'text/plain': `${this.celsius} C`, 'text/html': `<b>${this.celsius}</b>` };
    }
  }
  expect(bundle(new Temperature()).data).toEqual({ 'text/plain': '21 C', 'text/html': '<b>21</b>' });
});

test('functions can carry the method too', () => {
  const plot = Object.assign(() => 1, { [displaySymbol]: () => ({ 'text/html': 'p' }) });
  expect(bundle(plot).data).toEqual({ 'text/html': 'p' });
});

test('an async method gives a promise', async () => {
  const shown = toMimeBundle({
    async [displaySymbol]() {
      return { 'text/html': 'later' };
    },
  });
  expect(shown).toBeInstanceOf(Promise);
  expect((await shown).data).toEqual({ 'text/html': 'later' });
});

test('data and metadata may come together', () => {
  const value = {
    [displaySymbol]: () => ({ data: { 'image/png': 'AA==' }, metadata: { 'image/png': { width: 9 } } }),
  };
  expect(bundle(value)).toEqual({ data: { 'image/png': 'AA==' }, metadata: { 'image/png': { width: 9 } } });
});

test('bytes become base64, a data URL loses its head, JSON becomes safe to send', () => {
  const loop: Record<string, unknown> = { x: new Float32Array([1, 2]), big: 3n, nan: Number.NaN };
  loop.self = loop;
  const value = {
    [displaySymbol]: () => ({
      'image/png': new Uint8Array([1, 2, 3]),
      'image/jpeg': 'data:image/jpeg;base64,QQ==',
      'application/json': loop,
      'text/html': 5,
      'text/latex': undefined,
    }),
  };
  expect(bundle(value).data).toEqual({
    'image/png': 'AQID',
    'image/jpeg': 'QQ==',
    'application/json': { x: [1, 2], big: 3, nan: null, self: '[Circular]' },
    'text/html': '5',
  });
});

test('a display method may return another displayable, but not for ever', async () => {
  const inner = { [displaySymbol]: () => ({ 'text/html': 'inner' }) };
  expect(bundle({ [displaySymbol]: () => inner }).data).toEqual({ 'text/html': 'inner' });
  const slow = { [displaySymbol]: async () => inner };
  expect((await toMimeBundle({ [displaySymbol]: () => slow })).data).toEqual({ 'text/html': 'inner' });
  const bad = { kept: 1, [displaySymbol]: () => ({ [displaySymbol]: async () => 42 }) };
  expect((await toMimeBundle(bad)).data['text/plain']).toMatch(/got a number$/);
  const pingPong = (): object => ({ [displaySymbol]: pingPong });
  expect(plain(pingPong())).toContain('The display function of this value failed');
});

test.each<[string, () => unknown, RegExp]>([
  [
    'throws',
    () => {
      throw new RangeError('boom');
    },
    /failed: RangeError: boom$/,
  ],
  ['returns a number', () => 42, /expected an object of MIME types such as .*, got a number$/],
  ['returns an array', () => [], /got an array$/],
  ['returns nothing', () => undefined, /got nothing$/],
  ['returns keys that are not types', () => ({ html: 'x' }), /the key "html" is not a MIME type$/],
  [
    'has JSON that throws',
    () => ({
      'application/json': {
        toJSON() {
          throw new Error('tj');
        },
      },
    }),
    /failed: Error: tj$/,
  ],
])('a display function that %s leaves the text form and one line', (_, display, line) => {
  expect(plain({ kept: 1, [displaySymbol]: display })).toMatch(/^\{\s*kept: 1/);
  expect(plain({ kept: 1, [displaySymbol]: display })).toMatch(line);
});

test('an accessor that throws, a promise that rejects', async () => {
  expect(
    plain({
      get [displaySymbol]() {
        throw new Error('getter');
      },
    }),
  ).toMatch(/failed: Error: getter$/);
  const rejects = toMimeBundle({ kept: 1, [displaySymbol]: () => Promise.reject(new Error('later')) });
  expect((await rejects).data['text/plain']).toMatch(/failed: Error: later$/);
});

test('a proxy whose target has the method, as nodejs-polars makes them, is asked', () => {
  const frame = new Proxy({ [displaySymbol]: () => ({ 'text/html': '<table>' }) }, {});
  expect(bundle(frame).data).toEqual({ 'text/html': '<table>' });
});
