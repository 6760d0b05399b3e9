/** How the learning rate changes from step to step. */

/** The names that transformers gives to schedules. */
export type ScheduleName =
  | 'linear'
  | 'cosine'
  | 'cosine_with_restarts'
  | 'polynomial'
  | 'inverse_sqrt'
  | 'constant_with_warmup';

export interface ScheduleOptions {
  /** How many steps there are. */
  readonly steps: number;
  /** Over how many steps the rate rises from 0. */
  readonly warmupSteps?: number;
  /** How often `cosine_with_restarts` falls from 1 to 0; once if not given. */
  readonly numCycles?: number;
  /** The exponent of `polynomial`; 1 if not given. */
  readonly power?: number;
  /** Where `polynomial` ends, as a share of the learning rate; 0 if not given. */
  readonly endShare?: number;
}

/**
 * The factor of the learning rate at each step, as transformers computes it: it rises in a line over the warm-up and then
 * falls, as the name says, or stays.
 *
 * @returns a function of the steps that were taken before; with a warm-up the first step has the factor 0
 * @example
 * const factor = schedule('linear', { steps: 10, warmupSteps: 1 });
 * await step.run(batch, 1e-5 * factor(0));
 */
export function schedule(
  name: ScheduleName,
  { steps, warmupSteps = 0, numCycles = 1, power = 1, endShare = 0 }: ScheduleOptions,
): (taken: number) => number {
  const after = AFTER_WARM_UP[name];
  const settings = { warmupSteps, numCycles, power, endShare };
  return taken => {
    if (taken < warmupSteps) return taken / warmupSteps;
    return after(Math.min(1, (taken - warmupSteps) / Math.max(1, steps - warmupSteps)), taken, settings);
  };
}

/** The time in which `inverse_sqrt` forgets, if there is no warm-up to take it from. */
const TIMESCALE = 10_000;

/** The factor when a share of the steps after the warm-up is done. */
const AFTER_WARM_UP: Readonly<
  Record<
    ScheduleName,
    (done: number, taken: number, settings: Required<Omit<ScheduleOptions, 'steps'>>) => number
  >
> = {
  linear: done => 1 - done,
  cosine: done => (1 + Math.cos(Math.PI * done)) / 2,
  cosine_with_restarts: (done, _, { numCycles }) =>
    done === 1 ? 0 : (1 + Math.cos(Math.PI * ((numCycles * done) % 1))) / 2,
  polynomial: (done, _, { power, endShare }) => (1 - endShare) * (1 - done) ** power + endShare,
  inverse_sqrt: (_, taken, { warmupSteps }) => {
    const timescale = warmupSteps || TIMESCALE;
    return 1 / Math.sqrt((taken - warmupSteps + timescale) / timescale);
  },
  constant_with_warmup: () => 1,
};
