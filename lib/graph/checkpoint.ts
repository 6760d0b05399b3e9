/** Computing again on the way back what would fill the memory until then. */
import { pullBack } from './grad.ts';
import { order } from './graph.ts';
import { node, type Tensor } from './tensor.ts';

/**
 * `compute(x)`, of which nothing but x is kept for the gradient: what lies between is computed a second time when the
 * gradient comes to it, for a third more arithmetic.
 *
 * @param compute gives the same graph for each x that it is given; inputs that it makes, it makes once
 * @example for (const layer of layers) x = checkpoint(x, x => run(layer, x));
 * @see Chen et al., 2016, https://arxiv.org/abs/1604.06174
 */
export function checkpoint(x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  const body = compute(x);
  const leaves = order([body], [x]).filter(({ rule }) => 'input' in rule);
  return node('checkpoint', [x, ...leaves], {
    body,
    gradient: upstream => {
      const again = after(x, upstream);
      const sources = [again, ...leaves];
      return pullBack(order([compute(again)], sources), upstream, sources);
    },
  });
}

/**
 * x, but not before another tensor is there. ONNX Runtime sees a choice between x and x whose condition it does not know, so
 * that it neither computes early what is made of it nor takes it for what was made of x.
 */
function after(x: Tensor, other: Tensor): Tensor {
  return node('after', [x, other], {
    shape: x.shape,
    dtype: x.dtype,
    evaluate: ([a]) => a!,
    lower: (onnx, [a, b]) => {
      const numbers = onnx.emit('Reshape', [b!, onnx.integers([-1])]);
      const first = onnx.emit('Gather', [numbers, onnx.constant('int64', [0])]);
      const condition = onnx.emit('Greater', [first, onnx.constant('float32', [0])]);
      return onnx.emit('Where', [condition, a!, a!]);
    },
  });
}
