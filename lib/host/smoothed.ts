/** A rate that follows the present, as tqdm's does. */

/** How much the latest stretch weighs against those before. */
const WEIGHT = 0.3;

/** Exponentially weighted items and seconds, of which the rate is the quotient. */
export function smoothed(): { add(items: number, seconds: number): void; value(): number | undefined } {
  let [items, seconds] = [0, 0];
  return {
    add(newItems, newSeconds) {
      items = WEIGHT * newItems + (1 - WEIGHT) * items;
      seconds = WEIGHT * newSeconds + (1 - WEIGHT) * seconds;
    },
    // Both start from zero, which the quotient does not see.
    value: () => (items > 0 && seconds > 0 ? items / seconds : undefined),
  };
}
