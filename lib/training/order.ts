/** The order in which the Hugging Face Trainer goes through its examples. */
import { MersenneTwister } from './mersenneTwister.ts';

/**
 * The order of the examples in each epoch, as PyTorch's DataLoader shuffles them after `torch.manual_seed(seed)`.
 *
 * @param count how many examples there are
 * @returns the order of the first epoch, of the second, and so on
 * @example
 * const epochs = trainerOrder(1260, 42);
 * const first = epochs.next().value;
 */
export function* trainerOrder(count: number, seed: number): Generator<Int32Array, never, undefined> {
  const random = new MersenneTwister(seed);
  for (;;) {
    // The loader draws a seed for its workers before its sampler draws its own.
    random.next64();
    yield permutation(count, new MersenneTwister(Number(random.next64() & 0xffff_ffffn)));
  }
}

/** PyTorch's `randperm`: each place receives one of the numbers that are left. */
function permutation(count: number, random: MersenneTwister): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < count - 1; i++) {
    const other = i + (random.next() % (count - i));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
