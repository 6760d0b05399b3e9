/** Matrix products. */
import { mapElements, type NdArray, ndarray, sizeOf } from '../ndarray.ts';
import type { Lowering } from '../onnx/lowering.ts';
import { broadcast, showShape } from '../shape.ts';
import { node, type Tensor } from '../tensor.ts';
import { sumTo } from './reduce.ts';

export interface MatmulOptions {
  /** Reads the first operand with its last two axes exchanged. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Stays in float32 where a session computes matrix products in float16. */
  readonly exact?: boolean;
  /** Keeps the gradient of a in float32 there: for logits, of which it is a sum over the vocabulary. */
  readonly exactGradient?: boolean;
}

/**
 * The matrix product over the last two axes; axes before them are broadcast.
 *
 * With y = a·b and G the gradient of y, that of a is G·bᵀ and that of b is aᵀ·G; where an operand is read transposed,
 * so is its gradient.
 *
 * In a session with float16 products, sums over a number of features are of float16 too, as GPUs add what they multiply.
 * Sums over tokens, whose number is a name, stay in float32: in float16 2048 + 1 is 2048.
 *
 * @param a [..., rows, inner], or [..., inner, rows] with transposeA
 * @param b [..., inner, columns], or [..., columns, inner] with transposeB
 * @throws if the inner sizes differ
 * @example const y = matmul(x, weight, { transposeB: true });
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, exact = false, exactGradient = exact } = options;
  const [rows, inner] = lastTwo(a, transposeA);
  const [innerOfB, columns] = lastTwo(b, transposeB);
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (inner !== innerOfB || batch === undefined || rows === undefined || columns === undefined) {
    const how = (x: Tensor, transposed: boolean) => `${showShape(x.shape)}${transposed ? ' transposed' : ''}`;
    throw new RangeError(`matmul: ${how(a, transposeA)} and ${how(b, transposeB)} do not fit.`);
  }
  return node('matmul', [a, b], {
    shape: [...batch, rows, columns],
    dtype: a.dtype,
    gradient: g => {
      const da = transposeA
        ? matmul(b, g, { transposeA: transposeB, transposeB: true, exact: exactGradient })
        : matmul(g, b, { transposeB: !transposeB, exact: exactGradient });
      const db = transposeB
        ? matmul(g, a, { transposeA: true, transposeB: transposeA, exact })
        : matmul(a, g, { transposeA: !transposeA, exact });
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
    evaluate: ([x, y]) => multiply(transposeA ? swap(x!) : x!, transposeB ? swap(y!) : y!),
    lower: (onnx, inputs) => {
      const narrow = !exact && typeof inner === 'number';
      const [x, y] = narrow ? inputs.map(name => onnx.narrow(name)) : inputs;
      const result = (product: string): string => (narrow ? onnx.widen(product) : product);
      // Gemm reads transposed matrices where they lie.
      if (batch.length === 0) {
        const isLarge = transposeA && !transposeB && onnx.overflowsCaches([rows, columns]);
        const blocks = isLarge ? blocksOf(rows as number) : 1;
        if (blocks > 1) return result(inBlocks(onnx, x!, y!, blocks, [rows as number, columns as number]));
        const transposed = { transA: Number(transposeA), transB: Number(transposeB) };
        return result(onnx.emit('Gemm', [x!, y!], transposed));
      }
      const swapped = (name: string, { shape }: Tensor): string => {
        const axes = shape.map((_, axis) => axis);
        return onnx.emit('Transpose', [name], {
          perm: [...axes.slice(0, -2), axes.length - 1, axes.length - 2],
        });
      };
      const operands = [transposeA ? swapped(x!, a) : x!, transposeB ? swapped(y!, b) : y!];
      return result(onnx.emit('MatMul', operands));
    },
  });
}

/** The largest block of rows that stays in a cache with its operands, and the least that is worth a product of its own. */
const [MOST_ROWS, LEAST_ROWS] = [512, 64];

/** In how many equal blocks of rows a large product is made so that each is finished while it is in a cache. */
function blocksOf(rows: number): number {
  let blocks = Math.ceil(rows / MOST_ROWS);
  while (rows % blocks !== 0) blocks++;
  return rows / blocks < LEAST_ROWS ? 1 : blocks;
}

/**
 * aᵀ·b of [inner, rows] and [inner, columns]. Gemm goes over all of a large product once for each 128 of the inner size;
 * as products of [inner, block] the gradient of a vocabulary's weights takes three quarters of that time.
 */
function inBlocks(
  onnx: Lowering,
  a: string,
  b: string,
  blocks: number,
  [rows, columns]: readonly [number, number],
): string {
  // Where ONNX's Reshape says 0, the size stays.
  const split = onnx.emit('Reshape', [a, onnx.integers([0, blocks, rows / blocks])]);
  const whole = onnx.emit('Unsqueeze', [b, onnx.integers([0])]);
  const product = onnx.emit('com.microsoft.FusedMatMul', [split, whole], { transA: 1, transBatchA: 1 });
  return onnx.emit('Reshape', [product, onnx.integers([rows, columns])]);
}

function lastTwo({ shape }: Tensor, transposed: boolean) {
  const [first, second] = shape.slice(-2);
  return transposed ? [second, first] : [first, second];
}

function swap({ shape, data }: NdArray): NdArray {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const result = ndarray([...shape.slice(0, -2), columns, rows]);
  for (let at = 0; at < data.length; at++) {
    const matrix = Math.floor(at / (rows * columns));
    const [row, column] = [Math.floor(at / columns) % rows, at % columns];
    result.data[(matrix * columns + column) * rows + row] = data[at]!;
  }
  return result;
}

function multiply(a: NdArray, b: NdArray): NdArray {
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1)!;
  // Broadcasting the numbers of the matrices says which of them meet.
  const numbers = (shape: readonly number[]): NdArray => {
    const batch = shape.slice(0, -2);
    return ndarray(
      batch,
      Array.from({ length: sizeOf(batch) }, (_, i) => i),
    );
  };
  const ofA = mapElements(x => x, numbers(a.shape), numbers(b.shape));
  const ofB = mapElements((_, y) => y, numbers(a.shape), numbers(b.shape));
  const result = ndarray([...ofA.shape, rows, columns]);
  for (let matrix = 0; matrix < ofA.data.length; matrix++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let total = 0;
        for (let k = 0; k < inner; k++) {
          total +=
            a.data[(ofA.data[matrix]! * rows + row) * inner + k]! *
            b.data[(ofB.data[matrix]! * inner + k) * columns + column]!;
        }
        result.data[(matrix * rows + row) * columns + column] = total;
      }
    }
  }
  return result;
}
