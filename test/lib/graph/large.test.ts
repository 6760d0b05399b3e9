/** Matrices larger than the caches, which the CPU takes apart: large enough for it, and small enough to compute again here. */
import { expect, test } from 'vitest';
import { float32, graph, input, matmul, Session, sum } from '../../../lib/graph/index.ts';

const ramp = (count: number, period: number) =>
  Float32Array.from({ length: count }, (_, i) => (i % period) - period / 2);

// 2 ** 13 rows divide into blocks, and 65,537, a prime, does not.
test.each([
  { rows: 2 ** 13, columns: 520 },
  { rows: 65_537, columns: 65 },
])('aᵀ·b of $rows × $columns is that of its rows and columns', async ({ rows, columns }) => {
  const inner = 3;
  const [a, b] = [ramp(inner * rows, 11), ramp(inner * columns, 7)];
  const y = matmul(input('a', ['n', rows]), input('b', ['n', columns]), { transposeA: true });
  const session = await Session.create(graph({ y }));

  const { shape, data } = (
    await session.run({ a: float32(a, [inner, rows]), b: float32(b, [inner, columns]) })
  ).y!;
  await session.release();

  const expected = new Float32Array(rows * columns);
  for (let k = 0; k < inner; k++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        expected[row * columns + column]! += a[k * rows + row]! * b[k * columns + column]!;
      }
    }
  }
  expect(shape).toEqual([rows, columns]);
  // Compared as a whole: a matcher that lists four million differences would never end.
  expect(expected.every((value, at) => value === data[at])).toBe(true);
});

test.each([2 ** 13, 8209])('the columns of %i rows are summed, in parts or not', async rows => {
  const columns = 520;
  const x = ramp(rows * columns, 9);
  const matrix = input('x', [rows, columns]);
  const both = graph({ flat: sum(matrix, { axes: [0] }), kept: sum(matrix, { axes: [0], keepDims: true }) });
  const session = await Session.create(both);

  const { flat, kept } = await session.run({ x: float32(x, [rows, columns]) });
  await session.release();

  const expected = new Float32Array(columns);
  x.forEach((value, at) => {
    expected[at % columns]! += value;
  });
  expect(flat!.shape).toEqual([columns]);
  expect(kept!.shape).toEqual([1, columns]);
  expect(flat!.data).toEqual(expected);
  expect(kept!.data).toEqual(expected);
});
