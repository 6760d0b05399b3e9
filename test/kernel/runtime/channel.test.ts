import { describe, expect, test } from 'vitest';
import { encodeLengthPrefixed, FrameReader, JsonReader } from '../../../kernel/runtime/channel.ts';
import { seededRandom } from '../client.ts';

function frame(kind: number, cell: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt8(kind, 4);
  head.writeUInt32LE(cell, 5);
  return Buffer.concat([head, payload]);
}

/** Cuts bytes into chunks; every cut is possible, and some chunks are empty or one byte long. */
function* chunks(bytes: Buffer, random: () => number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const kind = random();
    const length = kind < 0.3 ? 1 : kind < 0.35 ? 0 : Math.ceil(random() * 40);
    // A socket reuses its memory: what was pushed before must not rely on it.
    yield Buffer.from(bytes.subarray(at, at + length));
    at += length;
  }
}

const text = (random: () => number): string =>
  Array.from({ length: Math.floor(random() ** 3 * 200) }, () =>
    String.fromCodePoint(
      Math.floor(
        random() < 0.8 ? 32 + random() * 90 : random() < 0.5 ? 0x1f600 + random() * 40 : random() * 0x2000,
      ),
    ),
  ).join('');

describe('FrameReader', () => {
  test('gives back every frame, however the bytes are cut', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const sent = Array.from({ length: Math.ceil(random() * 12) }, () => ({
        kind: Math.floor(random() * 3),
        cell: Math.floor(random() * 2 ** 32),
        payload: Buffer.from(text(random)),
      }));
      const bytes = Buffer.concat(sent.map(({ kind, cell, payload }) => frame(kind, cell, payload)));
      const got: typeof sent = [];
      const reader = new FrameReader((kind, cell, payload) =>
        got.push({ kind, cell, payload: Buffer.from(payload) }),
      );
      for (const chunk of chunks(bytes, random)) reader.push(chunk);
      expect(got, `seed ${seed}`).toEqual(sent);
    }
  });

  test('gives a frame as soon as its last byte is there, and not before', () => {
    const got: string[] = [];
    const reader = new FrameReader((_kind, _cell, payload) => got.push(payload.toString()));
    const bytes = frame(0, 1, Buffer.from('abc'));
    reader.push(bytes.subarray(0, bytes.length - 1));
    expect(got).toEqual([]);
    reader.push(bytes.subarray(bytes.length - 1));
    expect(got).toEqual(['abc']);
  });

  test('empty frames, and many in one chunk', () => {
    let count = 0;
    const reader = new FrameReader((_kind, _cell, payload) => {
      expect(payload.length).toBe(0);
      count++;
    });
    reader.push(Buffer.concat(Array.from({ length: 10_000 }, () => frame(2, 0, Buffer.alloc(0)))));
    expect(count).toBe(10_000);
  });

  test('a frame of 40 MB in small chunks does not take quadratic time', () => {
    let length = 0;
    const reader = new FrameReader((_kind, _cell, payload) => {
      length = payload.length;
    });
    const bytes = frame(0, 1, Buffer.alloc(40_000_000));
    for (let at = 0; at < bytes.length; at += 65_536) reader.push(bytes.subarray(at, at + 65_536));
    expect(length).toBe(40_000_000);
  });
});

describe('JsonReader', () => {
  test('gives back every message, however the bytes are cut', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const sent = Array.from({ length: Math.ceil(random() * 12) }, (_, id) => ({
        id,
        text: text(random),
        list: [random(), null, { deep: text(random) }],
      }));
      const got: unknown[] = [];
      const reader = new JsonReader(message => got.push(message));
      for (const chunk of chunks(Buffer.concat(sent.map(encodeLengthPrefixed)), random)) reader.push(chunk);
      expect(got, `seed ${seed}`).toEqual(sent);
    }
  });

  test('a listener that throws loses only its own message', () => {
    const got: number[] = [];
    const reader = new JsonReader<number>(message => {
      got.push(message);
      if (message === 2) throw new Error('in the listener');
    });
    const push = () => reader.push(Buffer.concat([1, 2, 3].map(encodeLengthPrefixed)));
    try {
      push();
    } catch {
      // Whether the error comes through is not the point here.
    }
    reader.push(encodeLengthPrefixed(4));
    expect(got).toEqual([1, 2, 3, 4]);
  });

  test('a listener may push more', () => {
    const got: number[] = [];
    const reader = new JsonReader<number>(message => {
      got.push(message);
      if (message === 1) reader.push(encodeLengthPrefixed(9));
    });
    reader.push(Buffer.concat([1, 2].map(encodeLengthPrefixed)));
    expect([...got].sort()).toEqual([1, 2, 9]);
  });
});
