/** The numbers behind the names in shapes, from what a graph is fed. */
import { type Dim, factorsOf, showShape } from './shape.ts';
import { showTensor, type Tensor } from './tensor.ts';

/** Sizes by name. */
export type Sizes = ReadonlyMap<string, number>;

/**
 * Compares what is fed with what a graph wants.
 *
 * @returns the sizes that the feeds give to names
 * @throws if an input is missing, has another number of axes or another size than the graph says, or if two inputs
 * disagree on a named size
 */
export function sizesOf(
  inputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): Sizes {
  const sizes = new Map<string, number>();
  const givenBy = new Map<string, string>();
  for (const [name, wanted] of Object.entries(inputs)) {
    const shape = feeds[name]?.shape;
    if (shape === undefined) throw new Error(`The graph needs the input ${showTensor(wanted)}.`);
    if (!fits(shape, wanted)) {
      throw new RangeError(
        `${name} has shape ${showShape(shape)} where the graph has ${showShape(wanted.shape)}.`,
      );
    }
    wanted.shape.forEach((dim, axis) => {
      if (typeof dim === 'number') return;
      const size = shape[axis]!;
      if ((sizes.get(dim) ?? size) !== size) {
        throw new RangeError(`${name} has ${dim} = ${size} where ${givenBy.get(dim)} has ${sizes.get(dim)}.`);
      }
      sizes.set(dim, size);
      givenBy.set(dim, name);
    });
  }
  return sizes;
}

/** Whether a shape has the axes and the fixed sizes of a tensor of the graph. */
export function fits(shape: readonly number[], wanted: Tensor): boolean {
  const { length } = wanted.shape;
  return (
    shape.length === length && wanted.shape.every((dim, i) => typeof dim === 'string' || dim === shape[i])
  );
}

/** The number that a size is. */
export function resolveDim(dim: Dim, sizes: Sizes): number {
  if (typeof dim === 'number') return dim;
  const size = sizes.get(dim);
  if (size !== undefined) return size;
  const factors = factorsOf(dim);
  if (factors.length === 1) throw new Error(`internal: no input has the size ${dim}.`);
  return factors.reduce<number>((product, factor) => product * resolveDim(factor, sizes), 1);
}
