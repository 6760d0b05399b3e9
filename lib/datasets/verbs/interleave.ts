/** In which order rows of several sources alternate, as in Python's `interleave_datasets`. */
import { cumulate, RandomGenerator } from '../random/generator.ts';

/**
 * When alternating ends: as soon as one source has given all its rows; as soon as every source has, while shorter ones
 * begin again; or as soon as every row has come once.
 */
export type StoppingStrategy = 'first_exhausted' | 'all_exhausted' | 'all_exhausted_without_replacement';

export interface InterleaveOptions {
  /** How often each source is drawn from; without them the sources take turns. */
  readonly probabilities?: readonly number[];
  /** The same seed gives the same order, here and in Python. */
  readonly seed?: number;
  readonly stoppingStrategy?: StoppingStrategy;
}

const STRATEGIES: readonly StoppingStrategy[] = [
  'first_exhausted',
  'all_exhausted',
  'all_exhausted_without_replacement',
];

/** The sources to take a row from, one after another, without end. */
export function* sources(
  count: number,
  { probabilities, seed }: InterleaveOptions,
): Generator<number, never> {
  if (!probabilities) for (let i = 0; ; i = (i + 1) % count) yield i;
  const cumulative = cumulate(probabilities);
  const random = new RandomGenerator(seed);
  for (;;) yield random.choice(cumulative);
}

/** @throws if there are no sources, or an option does not fit them */
export function checkInterleave(count: number, { probabilities, stoppingStrategy }: InterleaveOptions): void {
  if (count === 0) throw new RangeError('interleaveDatasets needs at least one data set.');
  if (stoppingStrategy !== undefined && !STRATEGIES.includes(stoppingStrategy)) {
    throw new RangeError(
      `stoppingStrategy must be one of ${STRATEGIES.join(', ')}, not "${stoppingStrategy}".`,
    );
  }
  if (!probabilities) return;
  if (!Array.isArray(probabilities)) {
    throw new TypeError('probabilities must be an array with a number for each data set.');
  }
  const sum = probabilities.reduce((total, probability) => total + probability, 0);
  if (
    probabilities.length !== count ||
    probabilities.some(probability => !(probability >= 0)) ||
    Math.abs(sum - 1) > 1e-8
  ) {
    throw new RangeError(
      `probabilities must be ${count} numbers from 0 that add up to 1, one for each data set; ` +
        `got ${probabilities.join(', ')}.`,
    );
  }
  if (stoppingStrategy?.startsWith('all') && probabilities.includes(0)) {
    throw new RangeError(
      `With stoppingStrategy "${stoppingStrategy}" no probability can be 0: it would never end.`,
    );
  }
}

/** For sources of known length: the rows to take, as pairs of source and row. */
export function interleavedRows(
  lengths: readonly number[],
  options: InterleaveOptions,
): { source: number; row: number }[] {
  checkInterleave(lengths.length, options);
  const { stoppingStrategy = 'first_exhausted' } = options;
  const once = stoppingStrategy === 'all_exhausted_without_replacement';
  const rows: { source: number; row: number }[] = [];
  const next = lengths.map(() => 0);
  const exhausted = lengths.map(length => length === 0);
  // Taking turns, Python stops with whole rounds; drawing at random, it stops with the row that exhausts a source.
  const rounds = options.probabilities === undefined && !once;
  const isOver = (): boolean =>
    stoppingStrategy === 'first_exhausted' ? exhausted.includes(true) : !exhausted.includes(false);
  for (const source of sources(lengths.length, options)) {
    if ((!rounds || source === 0) && isOver()) return rows;
    if (lengths[source] === 0 || (once && exhausted[source])) continue;
    rows.push({ source, row: next[source]! });
    next[source]!++;
    if (next[source] === lengths[source]) {
      exhausted[source] = true;
      if (!once) next[source] = 0;
    }
  }
  return rows;
}
