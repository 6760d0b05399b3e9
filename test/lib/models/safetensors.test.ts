import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { float32 } from '../../../lib/graph/index.ts';
import { listSafetensors, readSafetensors, writeSafetensors } from '../../../lib/models/index.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunelab-safetensors-'));
  path = join(folder, 'model.safetensors');
});
afterEach(() => rm(folder, { recursive: true }));

/** A file with this header and as many bytes of data. */
async function write(header: unknown, dataBytes: number | Uint8Array, announced?: number): Promise<void> {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(announced ?? json.length));
  await writeFile(
    path,
    Buffer.concat([
      size,
      json,
      Buffer.from(typeof dataBytes === 'number' ? new Uint8Array(dataBytes) : dataBytes),
    ]),
  );
}

const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('safetensors', () => {
  it('gives back what was written, and leaves no temporary file', async () => {
    const weights = new Map([
      ['a.weight', float32([1, -2.5, 3e-38, 4], [2, 2])],
      ['empty', float32([], [0, 3])],
      ['scalar', float32([7], [])],
    ]);
    await writeSafetensors(path, weights);
    expect(await readSafetensors(path)).toEqual(weights);
    expect(await readdir(folder)).toEqual(['model.safetensors']);
  });

  it('has the layout that Python expects: metadata "pt", data aligned to 8 bytes', async () => {
    await writeSafetensors(path, new Map([['x', float32([1.5], [1])]]));
    const bytes = await readFile(path);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.subarray(8, 8 + length).toString())).toEqual({
      __metadata__: { format: 'pt' },
      x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    });
    expect(bytes.subarray(8 + length)).toEqual(Buffer.of(0, 0, 0xc0, 0x3f));
  });

  it('reads some tensors by name, and says which one is not there', async () => {
    await writeSafetensors(
      path,
      new Map([
        ['x', float32([1], [1])],
        ['y', float32([2], [1])],
      ]),
    );
    expect([...(await readSafetensors(path, ['y'])).keys()]).toEqual(['y']);
    await expect(readSafetensors(path, ['z'])).rejects.toThrow('model.safetensors has no tensor z.');
  });

  it('widens bfloat16 and float16 exactly', async () => {
    const halves = Uint16Array.of(0x3fc0, 0xc000, 0x7f80, 0x3e00, 0xc000, 0x0001, 0x7c00, 0x8400, 0x3555);
    await write(
      { b: tensor(0, 6, [3], 'BF16'), h: tensor(6, 18, [6], 'F16') },
      new Uint8Array(halves.buffer),
    );
    const read = await readSafetensors(path);
    expect([...read.get('b')!.data]).toEqual([1.5, -2, Infinity]);
    expect([...read.get('h')!.data]).toEqual([1.5, -2, 2 ** -24, Infinity, -(2 ** -14), 1365 / 4096]);
  });

  it('lists what is in a file without reading the data, integers too', async () => {
    await write({ ids: tensor(0, 16, [2], 'I64') }, 16);
    expect(await listSafetensors(path)).toEqual(
      new Map([['ids', { dtype: 'I64', shape: [2], begin: 0, end: 16 }]]),
    );
    await expect(readSafetensors(path)).rejects.toThrow(
      'ids in model.safetensors is I64; a weight must be float32, float16 or bfloat16.',
    );
  });

  it.each<[string, unknown, number, string]>([
    [
      'a truncated file',
      { x: tensor(0, 8) },
      4,
      'model.safetensors is cut short: x ends at byte 8 of the data and the file has 4',
    ],
    ['bytes too many', { x: tensor(0, 8) }, 12, 'model.safetensors has 4 bytes after its last tensor'],
    ['an overlap', { x: tensor(0, 8), y: tensor(4, 12) }, 12, 'y in model.safetensors overlaps x'],
    ['a gap', { x: tensor(0, 4), y: tensor(8, 12) }, 12, 'y in model.safetensors leaves a gap after x'],
    [
      'a shape that lies',
      { x: tensor(0, 8, [3]) },
      8,
      'x in model.safetensors: F32 [3] takes 12 bytes, but its offsets give it 8.',
    ],
    [
      'a negative size',
      { x: tensor(0, 8, [-1, -2]) },
      8,
      'shape and data_offsets of x in model.safetensors must be whole numbers',
    ],
    ['offsets that go back', { x: tensor(8, 0, [0]) }, 8, 'x in model.safetensors: F32 [0] takes 0 bytes'],
    [
      'an unknown dtype',
      { x: tensor(0, 8, [2], 'F7') },
      8,
      'x in model.safetensors has the dtype F7, which is not known.',
    ],
    [
      'a missing field',
      { x: { dtype: 'F32' } },
      8,
      'entry of x in model.safetensors lacks dtype, shape or data_offsets',
    ],
    [
      'an offset beyond the numbers that JavaScript counts exactly',
      { x: tensor(0, 2 ** 60) },
      8,
      'shape and data_offsets of x in model.safetensors must be whole numbers',
    ],
    [
      'a shape whose product is beyond them',
      { x: tensor(0, 8, [2 ** 30, 2 ** 30, 0, 2]) },
      8,
      'takes 0 bytes, but its offsets give it 8',
    ],
    [
      'a name that comes twice',
      `{"x":${JSON.stringify(tensor(0, 8))}, "x":${JSON.stringify(tensor(0, 8, [1, 2]))}}`,
      8,
      'The header of model.safetensors names a tensor twice',
    ],
    ['no JSON', '{"x"', 8, 'The header of model.safetensors is not JSON'],
    ['a JSON list', [], 0, 'The header of model.safetensors is not a JSON object'],
  ])('refuses %s, naming file and tensor', async (_, header, dataBytes, message) => {
    await write(header, dataBytes);
    await expect(readSafetensors(path)).rejects.toThrow(message);
  });

  it('takes a name for a name, whatever it means in JavaScript', async () => {
    const json = `{"__proto__":${JSON.stringify(tensor(0, 4))},"constructor":${JSON.stringify(tensor(4, 8))}}`;
    await write(json, new Uint8Array(Float32Array.of(1, 2).buffer));
    const read = await readSafetensors(path);
    expect([...read.keys()]).toEqual(['__proto__', 'constructor']);
    expect([...read.get('constructor')!.data]).toEqual([2]);
    await expect(readSafetensors(path, ['toString'])).rejects.toThrow('has no tensor toString.');
  });

  it('refuses a header that is longer than the file before it reads it', async () => {
    await write({}, 0, 2 ** 40);
    await expect(readSafetensors(path)).rejects.toThrow(
      'announces a header of 1099511627776 bytes and has 10.',
    );
    await writeFile(path, 'abc');
    await expect(readSafetensors(path)).rejects.toThrow(
      'model.safetensors is no safetensors file: it has 3 bytes.',
    );
  });

  it('keeps the old file when a new one cannot be written', async () => {
    await writeSafetensors(path, new Map([['x', float32([1], [1])]]));
    const broken = { dtype: 'float32', shape: [1], data: null } as unknown as ReturnType<typeof float32>;
    await expect(writeSafetensors(path, new Map([['x', broken]]))).rejects.toThrow();
    expect([...(await readSafetensors(path)).get('x')!.data]).toEqual([1]);
    expect(await readdir(folder)).toEqual(['model.safetensors']);
  });
});
