/** A column that grows: what every kind of store does. */
import type { Feature } from '../features.ts';
import type { Column } from '../table.ts';

export interface Store extends Column {
  readonly feature: Feature;
  /** Adds a value that is not null; false, with nothing added, if it is not of the store's kind. */
  add(value: unknown): boolean;
  addNull(): void;
}
