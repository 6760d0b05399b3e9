/** Shapes whose sizes are numbers, or names of numbers that are known when the graph runs. */

/** A size: 512, `batch`, or a product such as `2*batch*seq`. */
export type Dim = number | string;

export type Shape = readonly Dim[];

/** `[batch, 512]` as errors print it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** The product of sizes in one spelling, so that equal products are equal strings: `2*batch*seq`. */
export function product(dims: Shape): Dim {
  const factors = dims.flatMap(dim => (typeof dim === 'number' ? [dim] : factorsOf(dim)));
  const count = factors.reduce<number>((all, factor) => (typeof factor === 'number' ? all * factor : all), 1);
  const names = factors.filter(factor => typeof factor === 'string').sort();
  if (names.length === 0 || count === 0) return count;
  return count === 1 ? names.join('*') : `${count}*${names.join('*')}`;
}

/** The factors of a product, numbers as numbers. */
export function factorsOf(dim: string): Dim[] {
  return dim.split('*').map(factor => (/^\d+$/.test(factor) ? Number(factor) : factor));
}

/** The shape of an elementwise result by NumPy's rules, or undefined where the shapes do not fit. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 1; i <= rank; i++) {
    const left = a[a.length - i] ?? 1;
    const right = b[b.length - i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.unshift(left === 1 ? right : left);
  }
  return result;
}

/** The axes over which a value of shape `from` was repeated to reach shape `to`, counted in `to`. */
export function repeatedAxes(from: Shape, to: Shape): number[] {
  const extra = to.length - from.length;
  return to.flatMap((dim, axis) => (axis < extra || (from[axis - extra] === 1 && dim !== 1) ? [axis] : []));
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** An axis counted from the front; negative ones count from the back. */
export function axisOf(name: string, axis: number, shape: Shape): number {
  const fromFront = axis < 0 ? axis + shape.length : axis;
  if (Number.isInteger(axis) && fromFront >= 0 && fromFront < shape.length) return fromFront;
  throw new RangeError(`${name}: there is no axis ${axis} in shape ${showShape(shape)}.`);
}
