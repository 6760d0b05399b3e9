import { describe, expect, it } from 'vitest';
import { grad, graph, input, interpret, mul, type NdArray, ndarray, sum } from '../../../lib/graph/index.ts';
import { CASES, randomNumbers } from './cases.ts';

const STEP = 1e-5;
/** Central differences in float64 err by about STEP² and 1e-16 / STEP. */
const TOLERANCE = 1e-8;

describe('gradients agree with central differences in float64, to 1e-8 of their size', () => {
  it.each(CASES.map(one => [one.name, one] as const))('%s', (_, { parameters, result, feeds }) => {
    // A weighted sum makes one number of any result, so that every element of it matters differently.
    const weights = input('weights', result.shape);
    const size = interpret(graph({ result }), feeds).result!;
    const all = { ...feeds, weights: ndarray(size.shape, randomNumbers(size.data.length, 5)) };
    const loss = sum(mul(result, weights));
    const gradients = grad(loss, parameters);

    const lossGraph = graph({ loss });
    const found = interpret(graph(Object.fromEntries(gradients.map((g, i) => [`x${i}`, g]))), all);
    for (const [i] of parameters.entries()) {
      const name = `x${i}`;
      const expected = feeds[name]!.data.map((_, at) => {
        const at1 = interpret(lossGraph, { ...all, [name]: nudged(feeds[name]!, at, STEP) }).loss!.data[0]!;
        const at0 = interpret(lossGraph, { ...all, [name]: nudged(feeds[name]!, at, -STEP) }).loss!.data[0]!;
        return (at1 - at0) / (2 * STEP);
      });
      const scale = Math.max(1, ...expected.map(Math.abs));
      const worst = Math.max(...expected.map((value, at) => Math.abs(value - found[name]!.data[at]!)));
      expect(worst / scale, `of input ${name}`).toBeLessThan(TOLERANCE);
    }
  });
});

function nudged({ shape, data }: NdArray, at: number, by: number): NdArray {
  return ndarray(shape, data.with(at, data[at]! + by));
}
