/** A graph is the list of nodes that its outputs need, each after what it is made of. */
import { sameShape } from './shape.ts';
import { showTensor, type Tensor } from './tensor.ts';

export interface Graph {
  /** What must be fed, by name. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Every other tensor in an order in which they can be computed. */
  readonly nodes: readonly Tensor[];
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/**
 * Collects what the outputs need and nothing else.
 *
 * @throws if two different inputs have the same name
 * @example const step = graph({ loss, ...gradients });
 */
export function graph(outputs: Readonly<Record<string, Tensor>>): Graph {
  const inputs: Record<string, Tensor> = {};
  const nodes: Tensor[] = [];
  for (const tensor of order(Object.values(outputs))) {
    if (!('input' in tensor.rule)) {
      nodes.push(tensor);
      continue;
    }
    const name = tensor.rule.input;
    const other = inputs[name];
    if (other !== undefined) {
      const same = other.dtype === tensor.dtype && sameShape(other.shape, tensor.shape);
      throw new Error(
        same
          ? `The graph has two inputs called ${name}; make it once and use it twice.`
          : `The graph has two inputs of one name: ${showTensor(other)} and ${showTensor(tensor)}.`,
      );
    }
    inputs[name] = tensor;
  }
  return { inputs, nodes, outputs };
}

/** The given tensors and those that they are made of, each after its inputs; `known` ones are not looked into. */
export function order(tensors: readonly Tensor[], known: Iterable<Tensor> = []): Tensor[] {
  const result: Tensor[] = [];
  const seen = new Set(known);
  // A stack instead of recursion: a deep model's graph is deeper than JavaScript's call stack.
  const stack = tensors.map(tensor => ({ tensor, ready: false })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { tensor, ready } = top;
    if (ready) {
      result.push(tensor);
    } else if (!seen.has(tensor)) {
      seen.add(tensor);
      stack.push({ tensor, ready: true });
      for (const input of tensor.inputs.toReversed()) stack.push({ tensor: input, ready: false });
    }
  }
  return result;
}
