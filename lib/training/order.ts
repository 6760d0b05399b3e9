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

/** How many steps' examples are sorted together, if there are enough for four such groups. */
const GROUP = 50;

/**
 * The same, but so that examples of one step are about equally long, as transformers' LengthGroupedSampler takes them after
 * `torch.manual_seed(seed)`: shuffled, then sorted within groups, with the longest of all first. There the dropout of a model
 * draws from the same generator, and changes the order from the second epoch on; here it does not.
 *
 * @param lengths of the examples
 * @param size how many examples a step takes
 */
export function* lengthGroupedOrder(
  lengths: readonly number[],
  size: number,
  seed: number,
): Generator<Int32Array, never, undefined> {
  const random = new MersenneTwister(seed);
  const count = lengths.length;
  const width = size * Math.max(1, Math.min(Math.floor(count / (4 * size)), GROUP));
  for (;;) {
    random.next64();
    // This sampler has no seed of its own.
    const order = permutation(count, random);
    let longest = 0;
    for (let from = 0; from < count; from += width) {
      order.set(
        [...order.subarray(from, from + width)].sort((a, b) => lengths[b]! - lengths[a]!),
        from,
      );
      if (lengths[order[from]!]! > lengths[order[longest]!]!) longest = from;
    }
    [order[0], order[longest]] = [order[longest]!, order[0]!];
    yield order;
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
