/** Reads and writes safetensors files: https://github.com/huggingface/safetensors#format */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Value } from '../graph/index.ts';
import { writeWhole } from '../host.ts';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './halves.ts';

/** What a file says of one tensor. */
export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Where its bytes begin and end, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** How the numbers of weights are kept in a file; in memory they are float32. */
export type WeightDtype = 'float32' | 'float16' | 'bfloat16';

const NARROW: Readonly<
  Record<
    WeightDtype,
    { readonly code: string; readonly bytes: number; readonly of: (data: Float32Array) => ArrayBufferView }
  >
> = {
  float32: { code: 'F32', bytes: 4, of: data => data },
  float16: { code: 'F16', bytes: 2, of: toFloat16 },
  bfloat16: { code: 'BF16', bytes: 2, of: toBfloat16 },
};

const BYTES: Readonly<Record<string, number>> = {
  ...{ BOOL: 1, U8: 1, I8: 1, F8_E5M2: 1, F8_E4M3: 1, I16: 2, U16: 2, F16: 2, BF16: 2 },
  ...{ I32: 4, U32: 4, F32: 4, F64: 8, I64: 8, U64: 8 },
};
/** The header's limit in the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;
const SIZE_BYTES = 8;
const CHUNK_BYTES = 1 << 24;

/**
 * Reads tensors of a safetensors file as float32; float16 and bfloat16 are widened, which loses nothing.
 *
 * @param names which tensors; all if not given
 * @throws naming file and tensor if the file is cut short, if its header lies, or if a tensor is missing or holds integers
 * @example const weights = await readSafetensors('model.safetensors');
 */
export async function readSafetensors(
  path: string,
  names?: Iterable<string>,
): Promise<Map<string, Value<'float32'>>> {
  const file = await open(path, 'r');
  try {
    const { tensors, dataStart } = await readHeader(file, path);
    const result = new Map<string, Value<'float32'>>();
    for (const name of names ?? tensors.keys()) {
      const stored = tensors.get(name);
      if (stored === undefined) throw new Error(`${basename(path)} has no tensor ${name}.`);
      const bytes = await readBytes(file, dataStart + stored.begin, stored.end - stored.begin, path);
      result.set(name, {
        dtype: 'float32',
        shape: stored.shape,
        data: widen(bytes, stored.dtype, name, path),
      });
    }
    return result;
  } finally {
    await file.close();
  }
}

/**
 * What is in a safetensors file, from its header alone.
 *
 * @throws naming the file and the tensor if the header contradicts itself or the file's size
 */
export async function listSafetensors(path: string): Promise<Map<string, StoredTensor>> {
  const file = await open(path, 'r');
  try {
    return (await readHeader(file, path)).tensors;
  } finally {
    await file.close();
  }
}

/**
 * Writes float32 tensors as a safetensors file that Python reads: under a temporary name first, so that the path never
 * holds half a file.
 *
 * @param dtype what the numbers are rounded to
 * @throws naming the tensor that has a number too large for float16
 * @example await writeSafetensors('model.safetensors', weights);
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, Value<'float32'>>,
  dtype: WeightDtype = 'float32',
): Promise<void> {
  if (!Object.hasOwn(NARROW, dtype)) {
    const names = Object.keys(NARROW).join(', ');
    throw new TypeError(`dtype must be one of ${names}, not ${JSON.stringify(dtype)}.`);
  }
  const { code, bytes, of } = NARROW[dtype];
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: code, shape, data_offsets: [end, (end += data.length * bytes)] };
    if (dtype === 'float16') checkRange(name, data);
  }
  const json = Buffer.from(JSON.stringify(header));
  // Readers that map the file into memory want the data aligned to 8 bytes.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeBigUInt64LE(BigInt(padded.length));

  await writeWhole(path, async temporary => {
    const file = await open(temporary, 'wx');
    try {
      await writeAll(file, size);
      await writeAll(file, padded);
      for (const { data } of tensors.values()) {
        const narrow = of(data);
        await writeAll(file, Buffer.from(narrow.buffer, narrow.byteOffset, narrow.byteLength));
      }
      await file.sync();
    } finally {
      await file.close();
    }
  });
}

async function readHeader(
  file: FileHandle,
  path: string,
): Promise<{ tensors: Map<string, StoredTensor>; dataStart: number }> {
  const name = basename(path);
  const { size: fileSize } = await file.stat();
  if (fileSize < SIZE_BYTES) throw new Error(`${name} is no safetensors file: it has ${fileSize} bytes.`);
  const length = Number(Buffer.from(await readBytes(file, 0, SIZE_BYTES, path)).readBigUInt64LE());
  if (length > MAX_HEADER_BYTES || SIZE_BYTES + length > fileSize) {
    throw new Error(
      `${name} is cut short or no safetensors file: it announces a header of ${length} bytes and has ${fileSize}.`,
    );
  }
  const dataStart = SIZE_BYTES + length;
  const text = Buffer.from(await readBytes(file, SIZE_BYTES, length, path)).toString('utf8');
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw new Error(`The header of ${name} is not JSON; download the file again.`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new Error(`The header of ${name} is not a JSON object; download the file again.`);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [tensor, entry] of Object.entries(header)) {
    if (tensor !== '__metadata__') tensors.set(tensor, readEntry(entry, `${tensor} in ${name}`));
  }
  // Of two entries of one name JSON.parse keeps the last.
  if ((text.match(/"data_offsets"\s*:/g) ?? []).length > tensors.size) {
    throw new Error(`The header of ${name} names a tensor twice; download the file again.`);
  }
  checkLayout(tensors, fileSize - dataStart, name);
  return { tensors, dataStart };
}

function readEntry(entry: unknown, where: string): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = Object(entry) as Record<string, unknown>;
  const whole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !Array.isArray(offsets)) {
    throw new Error(`The header entry of ${where} lacks dtype, shape or data_offsets.`);
  }
  const [begin, end] = offsets as unknown[];
  if (!shape.every(whole) || !whole(begin) || !whole(end) || offsets.length !== 2) {
    throw new Error(`The shape and data_offsets of ${where} must be whole numbers from 0 on.`);
  }
  const bytes = BYTES[dtype];
  if (bytes === undefined) throw new Error(`${where} has the dtype ${dtype}, which is not known.`);
  const size = (shape as number[]).reduce((product, dim) => product * dim, bytes);
  if (end - begin !== size) {
    throw new Error(
      `${where}: ${dtype} [${shape.join(', ')}] takes ${size} bytes, but its offsets give it ${end - begin}.`,
    );
  }
  return { dtype, shape: shape as number[], begin, end };
}

/** Tensors lie one after another, without overlaps or gaps, to the end of the file. */
function checkLayout(tensors: ReadonlyMap<string, StoredTensor>, dataBytes: number, name: string): void {
  let end = 0;
  let previous = 'the header';
  for (const [tensor, stored] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (stored.begin !== end) {
      const what = stored.begin < end ? 'overlaps' : 'leaves a gap after';
      throw new Error(`${tensor} in ${name} ${what} ${previous}; download the file again.`);
    }
    end = stored.end;
    previous = tensor;
    if (end > dataBytes) {
      throw new Error(
        `${name} is cut short: ${tensor} ends at byte ${end} of the data and the file has ${dataBytes}; download it again.`,
      );
    }
  }
  if (end !== dataBytes) {
    throw new Error(`${name} has ${dataBytes - end} bytes after its last tensor; download it again.`);
  }
}

async function readBytes(file: FileHandle, from: number, length: number, path: string): Promise<ArrayBuffer> {
  const bytes = new ArrayBuffer(length);
  for (let at = 0; at < length; ) {
    const view = new Uint8Array(bytes, at, Math.min(CHUNK_BYTES, length - at));
    const { bytesRead } = await file.read(view, 0, view.length, from + at);
    if (bytesRead === 0) throw new Error(`${basename(path)} ended while it was read.`);
    at += bytesRead;
  }
  return bytes;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at))).bytesWritten;
  }
}

function checkRange(name: string, data: Float32Array): void {
  const large = data.find(number => Math.abs(number) >= 65_520 && Number.isFinite(number));
  if (large === undefined) return;
  throw new RangeError(
    `${name} has ${large}, and float16 ends at 65504; save with dtype 'bfloat16' or 'float32'.`,
  );
}

function widen(bytes: ArrayBuffer, dtype: string, tensor: string, path: string): Float32Array {
  if (dtype === 'F32') return new Float32Array(bytes);
  if (dtype === 'BF16') return fromBfloat16(new Uint16Array(bytes));
  if (dtype === 'F16') return fromFloat16(new Uint16Array(bytes));
  throw new TypeError(
    `${tensor} in ${basename(path)} is ${dtype}; a weight must be float32, float16 or bfloat16.`,
  );
}
