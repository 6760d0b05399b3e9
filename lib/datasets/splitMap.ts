/** Things by the name of their split, which are also properties of the map. */
import { inspect } from 'node:util';

export class SplitMap<D extends object, N extends string> implements Iterable<[N, D]> {
  readonly #splits: ReadonlyMap<N, D>;

  /** @param kind the class that is made, for messages */
  constructor(splits: Readonly<Record<N, D>>, kind: string) {
    if (typeof splits !== 'object' || splits === null) {
      throw new TypeError(`${kind} needs an object of splits: new ${kind}({ train, test }).`);
    }
    this.#splits = new Map(Object.entries(splits) as [N, D][]);
    for (const [name, dataset] of this.#splits) {
      // A split that is called as a verb is reached with get.
      if (!(name in this)) Object.defineProperty(this, name, { value: dataset, enumerable: true });
    }
  }

  /**
   * The split of a name, whatever it is.
   *
   * @throws if there is no such split; the message lists those that are
   */
  get(split: N): D {
    const dataset = this.#splits.get(split);
    if (dataset) return dataset;
    throw new RangeError(
      `There is no split "${split}"; the splits are: ${this.keys().join(', ') || '(none)'}.`,
    );
  }

  /** Whether there is a split of that name. */
  has(split: string): boolean {
    return this.#splits.has(split as N);
  }

  /** The splits' names. */
  keys(): N[] {
    return [...this.#splits.keys()];
  }

  /** The splits with their names. */
  [Symbol.iterator](): IterableIterator<[N, D]> {
    return this.#splits.entries();
  }

  [inspect.custom](): string {
    return this.toString();
  }

  protected byName<V>(read: (split: D) => V): Record<N, V> {
    return Object.fromEntries([...this.#splits].map(([name, split]) => [name, read(split)])) as Record<N, V>;
  }
}
