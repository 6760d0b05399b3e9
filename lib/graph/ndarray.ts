/** Arrays of float64 in row-major order: what the reference interpreter computes with; booleans are 0 and 1. */

export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function ndarray(shape: readonly number[], data?: ArrayLike<number>): NdArray {
  const size = sizeOf(shape);
  if (data !== undefined && data.length !== size) {
    throw new RangeError(`internal: ${data.length} values for shape [${shape.join(', ')}].`);
  }
  return { shape, data: data === undefined ? new Float64Array(size) : Float64Array.from(data) };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** How far apart in memory neighbours along each axis are. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Calls `visit` for each index of a shape, in row-major order. */
export function forEachIndex(
  shape: readonly number[],
  visit: (index: readonly number[], at: number) => void,
): void {
  const index = new Array<number>(shape.length).fill(0);
  const size = sizeOf(shape);
  for (let at = 0; at < size; at++) {
    visit(index, at);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

/** A function of several arrays, element by element; arrays of size 1 along an axis are repeated. */
export function mapElements(f: (...values: number[]) => number, ...arrays: NdArray[]): NdArray {
  const rank = Math.max(...arrays.map(array => array.shape.length));
  const shape = Array.from({ length: rank }, (_, axis) => {
    const dims = arrays.map(array => array.shape[axis - rank + array.shape.length] ?? 1);
    return dims.find(dim => dim !== 1) ?? 1;
  });
  const strides = arrays.map(array => broadcastStrides(array.shape, rank));
  const result = ndarray(shape);
  forEachIndex(shape, (index, at) => {
    result.data[at] = f(
      ...arrays.map(
        (array, i) => array.data[index.reduce((sum, x, axis) => sum + x * strides[i]![axis]!, 0)]!,
      ),
    );
  });
  return result;
}

function broadcastStrides(shape: readonly number[], rank: number): number[] {
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return [...new Array<number>(rank - shape.length).fill(0), ...strides];
}
