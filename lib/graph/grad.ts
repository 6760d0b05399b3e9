/** Automatic differentiation in reverse mode, as a transformation of graphs. */
import { order } from './graph.ts';
import { accumulate } from './operators/concat.ts';
import { constant } from './operators/constant.ts';
import { sameShape, showShape } from './shape.ts';
import { showTensor, type Tensor } from './tensor.ts';

/**
 * The gradients of a scalar loss with respect to tensors that it is made of, as more graph.
 *
 * Walks from the loss back to the parameters. Each tensor on the way has collected the gradient of the loss with
 * respect to itself by the time it is met, since all that uses it has been met before; its operator's rule says what
 * of it each input receives. Where a tensor is used twice, what it receives is added.
 *
 * @throws if the loss is not a float32 scalar, or does not depend on one of the parameters
 * @example const [dWeight, dBias] = grad(loss, [weight, bias]);
 */
export function grad(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.shape.length > 0 || loss.dtype !== 'float32') {
    throw new TypeError(`grad needs a loss that is one float32 number, not ${showTensor(loss)}.`);
  }
  return pullBack(order([loss]), constant(1), parameters).map((gradient, i) => {
    if (gradient !== undefined) return gradient;
    throw new Error(`The loss does not depend on ${showTensor(parameters[i]!)}; leave it out of grad.`);
  });
}

/** The gradients of `sources` from that of the last of `tensors`, which come each after its inputs. */
export function pullBack(
  tensors: readonly Tensor[],
  upstream: Tensor,
  sources: readonly Tensor[],
): (Tensor | undefined)[] {
  const reached = dependents(tensors, sources);
  const gradients = new Map([[tensors.at(-1)!, upstream]]);
  for (const tensor of tensors.toReversed()) {
    const gradient = gradients.get(tensor);
    if (gradient === undefined || !reached.has(tensor)) continue;
    const flows = inputGradients(tensor, gradient);
    tensor.inputs.forEach((input, i) => {
      const flow = flows[i];
      if (flow === undefined || !reached.has(input)) return;
      if (!sameShape(flow.shape, input.shape)) {
        throw new Error(
          `internal: ${tensor.operator} gives its input ${i} of shape ${showShape(input.shape)} a gradient of shape ` +
            `${showShape(flow.shape)}.`,
        );
      }
      const before = gradients.get(input);
      gradients.set(input, before === undefined ? flow : accumulate(before, flow));
    });
  }
  return sources.map(source => gradients.get(source));
}

/** What the inputs of a tensor receive: by its operator's own rule, or through what the operator is made of. */
function inputGradients(tensor: Tensor, gradient: Tensor): readonly (Tensor | undefined)[] {
  const { rule, inputs } = tensor;
  if ('input' in rule) return [];
  if (rule.gradient !== undefined) return rule.gradient(gradient, tensor);
  return 'body' in rule ? pullBack(order([rule.body], inputs), gradient, inputs) : [];
}

/** The tensors that depend on one of the sources, and these; `tensors` come each after its inputs. */
function dependents(tensors: readonly Tensor[], sources: readonly Tensor[]): Set<Tensor> {
  const reached = new Set(sources);
  for (const tensor of tensors) {
    if (tensor.inputs.some(input => reached.has(input))) reached.add(tensor);
  }
  return reached;
}
