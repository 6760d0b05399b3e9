/** Runs a graph in plain float64: what every operator means, and the yardstick for the engines. */
import { drawn, isDrawn } from './draw.ts';
import type { Graph } from './graph.ts';
import { type NdArray, ndarray } from './ndarray.ts';
import type { Shape } from './shape.ts';
import { resolveDim, sizesOf } from './sizes.ts';
import type { Tensor } from './tensor.ts';

/**
 * Computes a graph's outputs one operator at a time, slowly and in double precision.
 *
 * @param feeds the inputs by name; booleans are 0 and 1
 * @param run the number of the run, which says what is drawn at random
 * @throws if an input is missing or has another shape than the graph says
 * @example const { y } = interpret(graph({ y: mul(x, x) }), { x: ndarray([2], [3, 4]) });
 */
export function interpret(
  graph: Graph,
  feeds: Readonly<Record<string, NdArray>>,
  run = 1,
): Record<string, NdArray> {
  const fed = Object.entries(graph.inputs).filter(([, tensor]) => !isDrawn(tensor));
  const sizes = sizesOf(Object.fromEntries(fed), feeds);
  const resolve = (shape: Shape): number[] => shape.map(dim => resolveDim(dim, sizes));
  const values = new Map(fed.map(([name, tensor]) => [tensor, feeds[name]!]));
  const random = (tensor: Tensor): NdArray => {
    const { shape, data } = drawn(tensor, sizes, run);
    return ndarray(shape, Array.from(data));
  };
  const compute = (tensor: Tensor): NdArray => {
    let value = values.get(tensor);
    if (value === undefined) {
      const { rule } = tensor;
      if ('body' in rule) value = compute(rule.body);
      else if ('evaluate' in rule) value = rule.evaluate(tensor.inputs.map(compute), resolve);
      else value = random(tensor);
      values.set(tensor, value);
    }
    return value;
  };
  for (const tensor of graph.nodes) compute(tensor);
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, tensor]) => [name, compute(tensor)]));
}
