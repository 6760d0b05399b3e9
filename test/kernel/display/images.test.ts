import { expect, test } from 'vitest';
import { type MimeBundle, toMimeBundle } from '../../../kernel/display/index.ts';

const bytes = (text: string) => Uint8Array.from(text, character => character.charCodeAt(0));
const data = (value: unknown) => (toMimeBundle(value) as MimeBundle).data;

test.each([
  ['image/png', '\x89PNG\r\n\x1a\n\0\0\0\r'],
  ['image/jpeg', '\xff\xd8\xff\xe0'],
  ['image/gif', 'GIF89a...'],
  ['image/webp', 'RIFF\x10\0\0\0WEBPVP8 '],
])('bytes of a file are shown as %s', (type, start) => {
  const file = bytes(start);
  for (const value of [file, Buffer.from(file), file.buffer]) {
    expect(data(value)[type]).toBe(Buffer.from(file).toString('base64'));
  }
  expect(data(file)['text/plain']).toMatch(/^<[A-Z]+ image, \d+ bytes>$/);
});

test('a view into a larger buffer sends its own bytes only', () => {
  const memory = Buffer.concat([Buffer.from('secret'), bytes('\xff\xd8\xff\xe0')]);
  expect(data(memory.subarray(6))['image/jpeg']).toBe('/9j/4A==');
});

test('other bytes are numbers', () => {
  expect(Object.keys(data(bytes('hello')))).toEqual(['text/plain']);
  expect(Object.keys(data(new Uint8Array(0)))).toEqual(['text/plain']);
});

test('canvases, sync and async', async () => {
  const url = 'data:image/png;base64,AQID';
  expect(data({ toDataURL: () => url })['image/png']).toBe('AQID');
  expect((await toMimeBundle({ toDataURL: async () => url })).data['image/png']).toBe('AQID');
  expect(data({ toDataURL: () => 'nope' })['text/plain']).toMatch(/toDataURL function of this value failed/);
});
