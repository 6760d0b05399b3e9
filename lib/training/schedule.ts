/** How the learning rate changes from step to step. */

/** The names that transformers gives to schedules. */
export type ScheduleName = 'linear' | 'cosine' | 'constant_with_warmup';

export interface ScheduleOptions {
  /** How many steps there are. */
  readonly steps: number;
  /** Over how many steps the rate rises from 0. */
  readonly warmupSteps?: number;
}

/**
 * The factor of the learning rate at each step, as transformers computes it: it rises in a line over the warm-up and then
 * falls to 0 in a line or half a cosine wave, or stays.
 *
 * @returns a function of the steps that were taken before; with a warm-up the first step has the factor 0
 * @example
 * const factor = schedule('linear', { steps: 10, warmupSteps: 1 });
 * await step.run(batch, 1e-5 * factor(0));
 */
export function schedule(
  name: ScheduleName,
  { steps, warmupSteps = 0 }: ScheduleOptions,
): (taken: number) => number {
  const after = AFTER_WARM_UP[name];
  return taken => {
    if (taken < warmupSteps) return taken / warmupSteps;
    return after(Math.min(1, (taken - warmupSteps) / Math.max(1, steps - warmupSteps)));
  };
}

/** The factor when a share of the steps after the warm-up is done. */
const AFTER_WARM_UP: Readonly<Record<ScheduleName, (done: number) => number>> = {
  linear: done => 1 - done,
  cosine: done => (1 + Math.cos(Math.PI * done)) / 2,
  constant_with_warmup: () => 1,
};
