/** The weights of a model by name. */
import type { Value } from '../graph/index.ts';

/** A map that counts replacements, so that what was made of the weights can be made anew when they have changed. */
export class Weights extends Map<string, Value<'float32'>> {
  /** Grows each time that a weight is set. */
  version: number;

  constructor(weights: ReadonlyMap<string, Value<'float32'>>) {
    super();
    this.version = 0;
    for (const [name, value] of weights) super.set(name, value);
  }

  override set(name: string, value: Value<'float32'>): this {
    this.version++;
    return super.set(name, value);
  }
}
