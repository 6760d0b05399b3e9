/** Looking rows up in a table, and its opposite: adding rows into one. */
import { type NdArray, ndarray, sizeOf } from '../ndarray.ts';
import { ONNX_TYPES } from '../onnx/lowering.ts';
import { type Dim, type Shape, sameShape, showShape } from '../shape.ts';
import { node, showTensor, type Tensor } from '../tensor.ts';
import { constant } from './constant.ts';
import { broadcastTo } from './reduce.ts';

/**
 * Rows of a table by number: an embedding.
 *
 * @param table [rows, ...rest]
 * @param indices of any shape, int32 from 0 to rows − 1
 * @returns [...indices, ...rest]
 */
export function gather(table: Tensor, indices: Tensor): Tensor {
  const [rows, ...rest] = table.shape;
  if (rows === undefined) throw new RangeError('gather: the table is a single number.');
  if (indices.dtype !== 'int32') {
    throw new TypeError(`gather: the indices must be int32, not ${showTensor(indices)}.`);
  }
  return node('gather', [table, indices], {
    shape: [...indices.shape, ...rest],
    dtype: table.dtype,
    gradient: g => [scatterAdd(rows, indices, g), undefined],
    evaluate: ([t, i]) => {
      const restShape = t!.shape.slice(1);
      const size = sizeOf(restShape);
      const result = ndarray([...i!.shape, ...restShape]);
      i!.data.forEach((row, at) => {
        result.data.set(rowOf(t!, row, size), at * size);
      });
      return result;
    },
    lower: (onnx, inputs) => onnx.emit('Gather', inputs, { axis: 0 }),
  });
}

/**
 * A table of zeros with `updates` added to the rows that `indices` name; rows that are named twice receive both.
 *
 * @param updates [...indices, ...rest]
 * @returns [rows, ...rest]
 */
export function scatterAdd(rows: Dim, indices: Tensor, updates: Tensor): Tensor {
  const depth = indices.shape.length;
  if (!sameShape(updates.shape.slice(0, depth), indices.shape)) {
    throw new RangeError(
      `scatterAdd: updates ${showShape(updates.shape)} do not begin with the shape ${showShape(indices.shape)} of the indices.`,
    );
  }
  const shape: Shape = [rows, ...updates.shape.slice(depth)];
  return node('scatterAdd', [indices, updates], {
    shape,
    dtype: updates.dtype,
    gradient: g => [undefined, gather(g, indices)],
    evaluate: ([i, u], resolve) => {
      const result = ndarray(resolve(shape));
      const size = sizeOf(result.shape.slice(1));
      i!.data.forEach((row, at) => {
        const target = rowOf(result, row, size);
        for (let k = 0; k < size; k++) target[k]! += u!.data[at * size + k]!;
      });
      return result;
    },
    lower: (onnx, [i, u]) => {
      const zeros = onnx.emit('Expand', [onnx.constant(updates.dtype, [0]), onnx.shape(shape)]);
      const rowNumbers = onnx.emit('Unsqueeze', [
        onnx.emit('Cast', [i!], { to: ONNX_TYPES.int64 }),
        onnx.integers([-1]),
      ]);
      return onnx.emit('ScatterND', [zeros, rowNumbers, u!], { reduction: 'add' });
    },
  });
}

/**
 * One number of each row.
 *
 * @param x [n, size]
 * @param index [n] int32 from 0 to size − 1
 * @returns [n]: x[i, index[i]]
 */
export function pick(x: Tensor, index: Tensor): Tensor {
  return node('pick', [x, index], {
    shape: index.shape,
    dtype: x.dtype,
    gradient: g => [addAt(broadcastTo(constant(0), x.shape, x), index, g), undefined],
    evaluate: ([a, i]) =>
      ndarray(
        i!.shape,
        i!.data.map((column, row) => rowOf(a!, row, a!.shape[1]!)[column]!),
      ),
    lower: (onnx, [a, i]) => {
      const columns = onnx.emit('Unsqueeze', [i!, onnx.integers([1])]);
      return onnx.emit('Squeeze', [
        onnx.emit('GatherElements', [a!, columns], { axis: 1 }),
        onnx.integers([1]),
      ]);
    },
  });
}

/**
 * Adds one number to each row.
 *
 * @param x [n, size]
 * @param index [n] int32 from 0 to size − 1
 * @param values [n]
 * @returns x with `values[i]` added to `x[i, index[i]]`
 */
export function addAt(x: Tensor, index: Tensor, values: Tensor): Tensor {
  return node('addAt', [x, index, values], {
    shape: x.shape,
    dtype: x.dtype,
    gradient: g => [g, undefined, pick(g, index)],
    evaluate: ([a, i, v]) => {
      const result = ndarray(a!.shape, a!.data);
      i!.data.forEach((column, row) => {
        rowOf(result, row, a!.shape[1]!)[column]! += v!.data[row]!;
      });
      return result;
    },
    lower: (onnx, [a, i, v]) => {
      const [columns, column] = [i!, v!].map(name => onnx.emit('Unsqueeze', [name, onnx.integers([1])]));
      return onnx.emit('ScatterElements', [a!, columns!, column!], { axis: 1, reduction: 'add' });
    },
  });
}

/** A row of a table, as a view of its memory. */
function rowOf({ shape, data }: NdArray, row: number, size: number): Float64Array {
  if (row >= 0 && row < shape[0]!) return data.subarray(row * size, (row + 1) * size);
  throw new RangeError(`There is no row ${row} in a table of shape [${shape.join(', ')}].`);
}
