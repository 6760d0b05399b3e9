/** One small use of every operator, shared by the tests of gradients and of engines. */
import * as ops from '../../../lib/graph/index.ts';
import { input, type NdArray, ndarray, type Tensor } from '../../../lib/graph/index.ts';

export interface Case {
  readonly name: string;
  /** The inputs that a gradient is taken of. */
  readonly parameters: readonly Tensor[];
  readonly result: Tensor;
  readonly feeds: Readonly<Record<string, NdArray>>;
}

/** Numbers between -2 and 2 that are the same on every run (Park and Miller's generator). */
export function randomNumbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 4 - 2;
  });
}

interface Given {
  /** Sizes behind names. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Shapes of the inputs that a gradient is taken of, or shape and a mapping of the random values. */
  readonly of: readonly (ops.Shape | readonly [ops.Shape, (x: number) => number])[];
  /** Whole numbers that are fed as they are. */
  readonly integers?: readonly { readonly shape: ops.Shape; readonly values: readonly number[] }[];
}

function makeCase(name: string, given: Given, build: (...tensors: Tensor[]) => Tensor): Case {
  const feeds: Record<string, NdArray> = {};
  const sizeOf = (shape: ops.Shape): number[] =>
    shape.map(dim => (typeof dim === 'number' ? dim : given.sizes![dim]!));
  const parameters = given.of.map((item, i) => {
    const [shape, map] = (Array.isArray(item[0]) ? item : [item, (x: number) => x]) as [
      ops.Shape,
      (x: number) => number,
    ];
    const sizes = sizeOf(shape);
    const count = sizes.reduce((a, b) => a * b, 1);
    feeds[`x${i}`] = ndarray(sizes, randomNumbers(count, 17 * (i + 1) + name.length).map(map));
    return input(`x${i}`, shape);
  });
  const integers = (given.integers ?? []).map(({ shape, values }, i) => {
    feeds[`i${i}`] = ndarray(sizeOf(shape), values);
    return input(`i${i}`, shape, 'int32');
  });
  return { name, parameters, feeds, result: build(...parameters, ...integers) };
}

const positive = (x: number): number => Math.abs(x) + 0.5;
const sizes = { batch: 2, seq: 3 };
/** The angles of the positions along the third axis, at two speeds. */
const anglesOf = (x: Tensor): Tensor =>
  ops.mul(ops.reshape(ops.cast(ops.iota(x, 2), 'float32'), [1, 1, 'seq', 1]), ops.constant([1, 0.1], [2]));
const labels = { shape: ['seq'], values: [1, -100, 3] };

export const CASES: readonly Case[] = [
  makeCase('add, b repeated', { sizes, of: [['batch', 3], [3]] }, ops.add),
  makeCase('add of a number', { of: [[2, 3]] }, x => ops.add(1.5, x)),
  makeCase(
    'sub, a repeated',
    {
      sizes,
      of: [
        [1, 4],
        ['batch', 4],
      ],
    },
    ops.sub,
  ),
  makeCase(
    'mul, both repeated',
    {
      of: [
        [3, 1],
        [1, 4],
      ],
    },
    ops.mul,
  ),
  makeCase(
    'div',
    {
      of: [
        [2, 3],
        [[2, 1], positive],
      ],
    },
    ops.div,
  ),
  makeCase('maximum', { of: [[5], [5]] }, ops.maximum),
  makeCase('neg', { of: [[3]] }, ops.neg),
  makeCase('sqrt', { of: [[[4], positive]] }, ops.sqrt),
  makeCase('square', { of: [[4]] }, ops.square),
  makeCase('exp', { of: [[4]] }, ops.exp),
  makeCase('log', { of: [[[4], positive]] }, ops.log),
  makeCase('tanh', { of: [[4]] }, ops.tanh),
  makeCase('sigmoid', { of: [[4]] }, ops.sigmoid),
  makeCase('sin', { of: [[4]] }, ops.sin),
  makeCase('cos', { of: [[4]] }, ops.cos),
  makeCase('erf', { of: [[[9], x => 2.4 * x]] }, ops.erf),
  makeCase('gelu', { of: [[9]] }, x => ops.gelu(x)),
  makeCase('gelu, tanh form', { of: [[9]] }, x => ops.gelu(x, 'tanh')),
  makeCase('silu', { of: [[9]] }, ops.silu),
  makeCase(
    'matmul',
    {
      of: [
        [2, 3],
        [3, 4],
      ],
    },
    (a, b) => ops.matmul(a, b),
  ),
  makeCase(
    'matmul, a transposed',
    {
      of: [
        [3, 2],
        [3, 4],
      ],
    },
    (a, b) => ops.matmul(a, b, { transposeA: true }),
  ),
  makeCase(
    'matmul, b transposed',
    {
      sizes,
      of: [
        ['batch', 3],
        [4, 3],
      ],
    },
    (a, b) => ops.matmul(a, b, { transposeB: true }),
  ),
  makeCase(
    'matmul, both transposed',
    {
      of: [
        [3, 2],
        [4, 3],
      ],
    },
    (a, b) => ops.matmul(a, b, { transposeA: true, transposeB: true }),
  ),
  makeCase(
    'matmul of batches',
    {
      sizes,
      of: [
        ['batch', 2, 2, 'seq'],
        ['batch', 1, 'seq', 2],
      ],
    },
    (a, b) => ops.matmul(a, b),
  ),
  makeCase(
    'matmul of batches, both transposed',
    {
      of: [
        [2, 3, 2],
        [4, 3],
      ],
    },
    (a, b) => ops.matmul(a, b, { transposeA: true, transposeB: true }),
  ),
  makeCase('linear', { sizes, of: [['batch', 3], [4, 3], [4]] }, (x, w, b) => ops.linear(x, w, b)),
  makeCase('softmax', { sizes, of: [['batch', 5]] }, ops.softmax),
  makeCase('layerNorm', { sizes, of: [['batch', 'seq', 4], [4], [4]] }, (x, w, b) =>
    ops.layerNorm(x, w, b, 1e-5),
  ),
  makeCase('rmsNorm', { sizes, of: [['batch', 4], [4]] }, (x, w) => ops.rmsNorm(x, w, 1e-5)),
  makeCase(
    'gather, a row twice',
    { sizes, of: [[4, 2]], integers: [{ shape: ['batch', 'seq'], values: [1, 3, 1, 0, 1, 1] }] },
    ops.gather,
  ),
  makeCase(
    'scatterAdd, a row twice',
    { sizes, of: [['seq', 2]], integers: [{ shape: ['seq'], values: [3, 0, 3] }] },
    (x, i) => ops.scatterAdd(5, i!, x!),
  ),
  makeCase('pick', { sizes, of: [['seq', 4]], integers: [{ shape: ['seq'], values: [3, 0, 3] }] }, ops.pick),
  makeCase(
    'addAt',
    { sizes, of: [['seq', 4], ['seq']], integers: [{ shape: ['seq'], values: [3, 0, 3] }] },
    (x, v, i) => ops.addAt(x!, i!, v!),
  ),
  makeCase('crossEntropy', { sizes, of: [['seq', 5]], integers: [labels] }, (x, i) => ops.crossEntropy(x, i)),
  makeCase('crossEntropy, sum', { sizes, of: [['seq', 5]], integers: [labels] }, (x, i) =>
    ops.crossEntropy(x, i, { reduction: 'sum' }),
  ),
  makeCase('crossEntropy of each token', { sizes, of: [['seq', 5]], integers: [labels] }, (x, i) =>
    ops.crossEntropy(x, i, { reduction: 'none' }),
  ),
  makeCase('crossEntropy, weighted', { sizes, of: [['seq', 5], ['seq']], integers: [labels] }, (x, w, i) =>
    ops.crossEntropy(x!, i!, { weights: w! }),
  ),
  makeCase('rotaryEmbedding of half the features', { sizes, of: [['batch', 2, 'seq', 8]] }, x =>
    ops.rotaryEmbedding(x, ops.cos(anglesOf(x)), ops.sin(anglesOf(x))),
  ),
  makeCase('rotaryEmbedding, angles of its own for each row', { sizes, of: [['batch', 2, 'seq', 8]] }, x => {
    const angles = ops.broadcastTo(anglesOf(x), ['batch', 1, 'seq', 2], x);
    return ops.rotaryEmbedding(x, ops.cos(angles), ops.sin(angles));
  }),
  makeCase('rotaryEmbedding of all features', { sizes, of: [['batch', 2, 'seq', 4]] }, x => {
    const angles = ops.broadcastTo(anglesOf(x), ['batch', 1, 'seq', 2], x);
    return ops.rotaryEmbedding(x, ops.cos(angles), ops.sin(angles));
  }),
  makeCase(
    'cachedAttention, heads sharing keys',
    {
      sizes: { ...sizes, past: 4 },
      of: [
        ['batch', 4, 'seq', 2],
        ['batch', 2, 'seq', 2],
        ['batch', 2, 'seq', 2],
        ['batch', 2, 'past', 2],
        ['batch', 2, 'past', 2],
        ['batch', 1, 1, 'past'],
      ],
      integers: [{ shape: ['batch', 'seq'], values: [1, 1, 1, 0, 1, 1] }],
    },
    (q, k, v, key, value, bias, mask) =>
      ops.cachedAttention(q!, k!, v!, ops.causalBias(mask!), { key: key!, value: value!, bias: bias! }),
  ),
  makeCase(
    'attention, heads sharing keys',
    {
      sizes,
      of: [
        ['batch', 4, 'seq', 2],
        ['batch', 2, 'seq', 2],
        ['batch', 2, 'seq', 2],
      ],
      integers: [{ shape: ['batch', 'seq'], values: [1, 1, 2, 0, 1, 1] }],
    },
    (q, k, v, segments) => ops.attention(q!, k!, v!, ops.causalBias(segments!)),
  ),
  makeCase('reshape', { sizes, of: [['batch', 'seq', 4]] }, x => ops.reshape(x, ['batch*seq', 2, 2])),
  makeCase('reshape back', { sizes, of: [['batch', 'seq', 4]] }, x =>
    ops.reshape(ops.square(ops.reshape(x, ['2*batch*seq', 2])), ['batch', 'seq', 4]),
  ),
  makeCase('transpose', { sizes, of: [['batch', 'seq', 4]] }, x => ops.transpose(x, [2, 0, 1])),
  makeCase(
    'concat',
    {
      sizes,
      of: [
        ['batch', 2],
        ['batch', 3],
      ],
    },
    (a, b) => ops.concat([a, b], -1),
  ),
  makeCase('slices from the last to the first', { sizes, of: [['batch', 6]] }, x => {
    const squares = [4, 2, 0].map(start => ops.square(ops.slice(x, 1, start, start + 2)));
    return ops.concat(squares, 1);
  }),
  makeCase('slices side by side', { sizes, of: [['batch', 6]] }, x => {
    const [a, b, c, d] = [0, 2, 4, 1].map(start => ops.slice(x, 1, start, start + 2));
    return ops.mul(ops.mul(b!, a!), ops.mul(c!, d!));
  }),
  makeCase('slice', { sizes, of: [['batch', 5]] }, x => ops.slice(x, 1, 1, 3)),
  makeCase(
    'where',
    { sizes, of: [[3], ['batch', 3]], integers: [{ shape: ['batch', 3], values: [0, 1, 1, 0, 0, 1] }] },
    (a, b, i) => ops.where(ops.equal(i!, 1), a!, b!),
  ),
  makeCase('sum', { sizes, of: [['batch', 'seq']] }, x => ops.sum(x)),
  makeCase('sum over rows', { sizes, of: [['batch', 4]] }, x => ops.sum(x, { axes: [0] })),
  makeCase('mean over a named size', { sizes, of: [['batch', 'seq', 2]] }, x =>
    ops.mean(x, { axes: [0, 1], keepDims: true }),
  ),
  makeCase('max', { sizes, of: [['batch', 4]] }, x => ops.max(x, { axes: [-1] })),
  makeCase('broadcastTo', { sizes, of: [[3, 1], ['batch']] }, (x, y) =>
    ops.mul(ops.broadcastTo(x!, ['batch', 3, 4], y), ops.reshape(y!, ['batch', 1, 1])),
  ),
];
