import { describe, expect, it } from 'vitest';
import {
  add,
  concat,
  constant,
  equal,
  gather,
  grad,
  graph,
  input,
  interpret,
  matmul,
  mul,
  ndarray,
  product,
  reshape,
  slice,
  square,
  sum,
  toOnnx,
  transpose,
} from '../../../lib/graph/index.ts';

describe('graph', () => {
  it('holds what the outputs need, in an order in which it can be computed, and nothing else', () => {
    const [x, y] = [input('x', [2]), input('y', [2])];
    const doubled = add(x, x);
    const squared = square(doubled);
    mul(squared, y);
    const { inputs, nodes } = graph({ squared });
    expect(Object.keys(inputs)).toEqual(['x']);
    expect(nodes).toEqual([doubled, squared]);
  });

  it('refuses two inputs of one name', () => {
    expect(() => graph({ z: add(input('x', [2]), input('x', [2])) })).toThrow(
      'The graph has two inputs called x; make it once and use it twice.',
    );
    expect(() => graph({ z: mul(input('x', [2]), input('x', [1])) })).toThrow(
      'The graph has two inputs of one name: x float32 [2] and x float32 [1].',
    );
  });

  it('can be deeper than the call stack', () => {
    let x = input('x', []);
    const first = x;
    for (let i = 0; i < 20_000; i++) x = add(x, 1);
    expect(graph({ x }).nodes.filter(node => node.operator === 'add')).toHaveLength(20_000);
    expect(grad(x, [first])).toHaveLength(1);
    expect(toOnnx(graph({ x })).byteLength).toBeGreaterThan(20_000);
  });
});

describe('grad', () => {
  it('adds what a tensor receives from each of its uses', () => {
    const x = input('x', [2]);
    const [dx] = grad(sum(add(mul(3, x), square(x))), [x]);
    const { d } = interpret(graph({ d: dx! }), { x: ndarray([2], [1, 10]) });
    expect([...d!.data]).toEqual([5, 23]);
  });

  it('can be taken of a gradient', () => {
    const x = input('x', []);
    const [first] = grad(mul(x, square(x)), [x]);
    const [second] = grad(first!, [x]);
    expect(interpret(graph({ second: second! }), { x: ndarray([], [5]) }).second!.data[0]).toBe(30);
  });

  it('follows one parameter through another', () => {
    const x = input('x', []);
    const y = square(x);
    const [dx, dy] = grad(mul(3, y), [x, y]);
    const values = interpret(graph({ dx: dx!, dy: dy! }), { x: ndarray([], [5]) });
    expect([values.dx!.data[0], values.dy!.data[0]]).toEqual([30, 3]);
  });

  it('says what is wrong', () => {
    const [x, y] = [input('x', [2]), input('y', [2])];
    expect(() => grad(square(x), [x])).toThrow(
      'grad needs a loss that is one float32 number, not float32 [2].',
    );
    expect(() => grad(sum(x), [y])).toThrow(
      'The loss does not depend on y float32 [2]; leave it out of grad.',
    );
    expect(() => grad(sum(mul(x, 1)), [x, y])).toThrow('does not depend on y');
  });

  it('puts the gradients of neighbouring slices side by side instead of adding them', () => {
    const x = input('x', [6]);
    const parts = [0, 2, 4].map(start => square(slice(x, 0, start, start + 2)));
    const [dx] = grad(sum(concat(parts, 0)), [x]);
    expect(dx!.operator).toBe('concat');
    expect(graph({ dx: dx! }).nodes.map(node => node.operator)).not.toContain('pad');
  });
});

describe('operators say which shapes do not fit', () => {
  const x = input('x', ['batch', 3]);

  it.each([
    ['add: the shapes [batch, 3] and [4] do not fit.', () => add(x, constant([1, 2, 3, 4], [4]))],
    [
      'add: i int32 [batch, 3] and float32 [] differ in dtype; cast one.',
      () => add(input('i', ['batch', 3], 'int32'), sum(x)),
    ],
    ['matmul: [batch, 3] and [2, 3] do not fit.', () => matmul(x, constant([1, 2, 3, 4, 5, 6], [2, 3]))],
    [
      'matmul: [batch, 3] transposed and [batch, 3] transposed',
      () => matmul(x, x, { transposeA: true, transposeB: true }),
    ],
    [
      'reshape: [batch, 3] and [batch, 2] differ in their number of elements.',
      () => reshape(x, ['batch', 2]),
    ],
    ['transpose: [0, 0] is no order of the axes of [batch, 3].', () => transpose(x, [0, 0])],
    ['slice: 1 to 5 is not inside axis 1 of [batch, 3].', () => slice(x, 1, 1, 5)],
    [
      'concat: [seq, 3] does not continue [batch, 3] along axis 1.',
      () => concat([x, input('y', ['seq', 3])], 1),
    ],
    ['sum: there is no axis 2 in shape [batch, 3].', () => sum(x, { axes: [2] })],
  ])('%s', (message, build) => {
    expect(build).toThrow(message);
  });

  it('gather takes whole numbers only', () => {
    expect(() => gather(input('t', [4, 2]), equal(x, 0))).toThrow(
      'gather: the indices must be int32, not bool [batch, 3].',
    );
  });
});

describe('products of sizes', () => {
  it('are equal when their factors are', () => {
    expect(product(['seq', 2, 'batch'])).toBe('2*batch*seq');
    expect(product(['2*batch', 3, 'seq'])).toBe('6*batch*seq');
    expect(product([2, 3])).toBe(6);
  });
});
