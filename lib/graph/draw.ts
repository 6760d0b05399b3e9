/** The inputs of a graph that a run draws for itself. */
import { resolveDim, type Sizes } from './sizes.ts';
import type { Tensor } from './tensor.ts';
import { emptyValue, type Value } from './value.ts';

export const isDrawn = ({ rule }: Tensor): boolean => 'draw' in rule;

/** @param sizes those of the run */
export function drawn({ shape, rule }: Tensor, sizes: Sizes, run: number): Value<'uint8'> {
  const value = emptyValue(
    'uint8',
    shape.map(dim => resolveDim(dim, sizes)),
  );
  if ('input' in rule) rule.draw?.(value.data, run);
  return value;
}
