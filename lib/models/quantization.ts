/** Weights of 8 or 4 bits for inference. */
import type { Value } from '../graph/index.ts';

const NAMES = ['int8', 'int4'] as const;

/** Taken from a list, so that a checker's complaint shows the names. */
export type QuantizationName = (typeof NAMES)[number];

/** Blocks of 32 lose less than longer ones, which matters with 16 levels and hardly with 256. */
export const QUANTIZATIONS = {
  int8: { bits: 8, blockSize: 64 },
  int4: { bits: 4, blockSize: 32 },
} as const;

/** The inputs of a graph that stand for the weight of a name. */
export const blocksName = (weight: string): string => `blocks of ${weight}`;
export const scalesName = (weight: string): string => `scales of ${weight}`;

/** The shapes of the two, for a weight of [outputs, inputs]. */
export function quantizedShapes(
  [outputs, inputs]: readonly [number, number],
  name: QuantizationName,
): { readonly blocks: readonly [number, number, number]; readonly scales: readonly [number, number] } {
  const { bits, blockSize } = QUANTIZATIONS[name];
  const count = Math.ceil(inputs / blockSize);
  return { blocks: [outputs, count, (blockSize * bits) / 8], scales: [outputs, count] };
}

/** @throws if there is no such quantization */
export function checkQuantization(name: unknown): void {
  if (name === undefined || NAMES.includes(name as QuantizationName)) return;
  throw new TypeError(`quantization must be 'int8' or 'int4', not ${JSON.stringify(name)}.`);
}

export interface QuantizedWeight {
  /** [outputs, blocks, bytes], as `dequantize` takes them. */
  readonly blocks: Value<'uint8'>;
  /** [outputs, blocks] */
  readonly scales: Value<'float32'>;
}

/**
 * Rounds a weight, block by block, to whole multiples of a scale that takes the block's largest value to the end of the
 * range.
 *
 * @param weight [outputs, inputs]
 */
export function quantizeWeight({ shape, data }: Value<'float32'>, name: QuantizationName): QuantizedWeight {
  const { bits, blockSize } = QUANTIZATIONS[name];
  const [outputs, inputs] = shape as [number, number];
  const shapes = quantizedShapes([outputs, inputs], name);
  const [, count, bytes] = shapes.blocks;
  const middle = 2 ** (bits - 1);
  const blocks = new Uint8Array(outputs * count * bytes).fill(bits === 8 ? middle : middle * 17);
  const scales = new Float32Array(outputs * count);
  // A plain loop over tens of millions of numbers.
  for (let row = 0; row < outputs; row++) {
    for (let block = 0; block < count; block++) {
      const from = row * inputs + block * blockSize;
      const to = Math.min(from + blockSize, (row + 1) * inputs);
      let largest = 0;
      for (let i = from; i < to; i++) if (Math.abs(data[i]!) > Math.abs(largest)) largest = data[i]!;
      const at = row * count + block;
      // The range has one more step below the middle than above.
      const scale = Math.fround(largest / -middle);
      scales[at] = scale;
      if (scale === 0) continue;
      for (let i = from; i < to; i++) {
        const level = Math.min(Math.round(data[i]! / scale) + middle, 2 * middle - 1);
        const k = i - from;
        if (bits === 8) blocks[at * bytes + k] = level;
        else {
          const byte = at * bytes + (k >> 1);
          blocks[byte] = k % 2 === 0 ? (blocks[byte]! & 0xf0) | level : (blocks[byte]! & 15) | (level << 4);
        }
      }
    }
  }
  return {
    blocks: { dtype: 'uint8', shape: shapes.blocks, data: blocks },
    scales: { dtype: 'float32', shape: shapes.scales, data: scales },
  };
}
