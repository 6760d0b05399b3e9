/** What operators share that work element by element. */
import { mapElements } from '../ndarray.ts';
import { broadcast, showShape } from '../shape.ts';
import { type DataType, node, showTensor, type Tensor } from '../tensor.ts';
import { type Operand, toTensor } from './constant.ts';
import { sumTo } from './reduce.ts';

interface UnaryRule {
  readonly onnx: string;
  readonly evaluate: (x: number) => number;
  /** The gradient of x, from that of y = f(x). */
  readonly gradient?: (upstream: Tensor, y: Tensor, x: Tensor) => Tensor;
}

/** An operator of one tensor. */
export function unary(name: string, { onnx, evaluate, gradient }: UnaryRule): (x: Tensor) => Tensor {
  return x =>
    node(name, [x], {
      shape: x.shape,
      dtype: x.dtype,
      ...(gradient && { gradient: (upstream: Tensor, y: Tensor) => [gradient(upstream, y, x)] }),
      evaluate: ([a]) => mapElements(evaluate, a!),
      lower: (model, inputs) => model.emit(onnx, inputs),
    });
}

interface BinaryRule {
  readonly onnx: string;
  readonly evaluate: (a: number, b: number) => number;
  /** The gradients of a and b as if their shapes were equal; what broadcasting repeated is summed here. */
  readonly gradient?: (upstream: Tensor, a: Tensor, b: Tensor) => readonly [Tensor, Tensor];
  /** The dtype of the result, where it is not that of the operands. */
  readonly dtype?: DataType;
}

/** An operator of two tensors of one dtype, of which sizes of 1 are repeated; a number may stand for either. */
export function binary(name: string, rule: BinaryRule): (a: Operand, b: Operand) => Tensor {
  const { onnx, evaluate, gradient } = rule;
  return (left, right) => {
    const operandType =
      typeof left !== 'number' ? left.dtype : typeof right !== 'number' ? right.dtype : 'float32';
    const a = toTensor(left, operandType);
    const b = toTensor(right, operandType);
    const shape = broadcast(a.shape, b.shape);
    if (shape === undefined) {
      throw new RangeError(`${name}: the shapes ${showShape(a.shape)} and ${showShape(b.shape)} do not fit.`);
    }
    if (a.dtype !== b.dtype) {
      throw new TypeError(`${name}: ${showTensor(a)} and ${showTensor(b)} differ in dtype; cast one.`);
    }
    return node(name, [a, b], {
      shape,
      dtype: rule.dtype ?? a.dtype,
      ...(gradient && {
        gradient: (upstream: Tensor) => {
          const [da, db] = gradient(upstream, a, b);
          return [sumTo(da, a.shape), sumTo(db, b.shape)];
        },
      }),
      evaluate: ([x, y]) => mapElements(evaluate, x!, y!),
      lower: (model, inputs) => model.emit(onnx, inputs),
    });
  };
}
