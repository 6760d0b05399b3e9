/** A column without any value yet. */
import { value } from '../features.ts';
import type { Store } from './store.ts';

export class NullStore implements Store {
  readonly feature = value('null');
  length = 0;

  add(): boolean {
    return false;
  }

  addNull(): void {
    this.length++;
  }

  get(): null {
    return null;
  }
}
