/** Scaling the loss so that gradients fit into float16: what is below 2⁻²⁴ would be 0 there, and what is above 65504 infinite. */

/** What the loss is multiplied by, and for how many steps the gradients have been finite with it. */
export interface LossScale {
  readonly scale: number;
  readonly finiteSteps: number;
}

const FIRST: LossScale = { scale: 2 ** 16, finiteSteps: 0 };
/** So many finite steps double the scale. */
const GROWTH_INTERVAL = 2000;

/**
 * The scale of the next step: half after gradients that were not finite, and twice after 2000 steps of finite ones.
 *
 * @param before the scale of the last step; of the first step there is none
 * @see Micikevicius et al., 2018, https://arxiv.org/abs/1710.03740, as torch.amp.GradScaler
 */
export function nextLossScale(before?: LossScale, finite = true): LossScale {
  if (before === undefined) return FIRST;
  if (!finite) return { scale: before.scale / 2, finiteSteps: 0 };
  const finiteSteps = before.finiteSteps + 1;
  return finiteSteps < GROWTH_INTERVAL
    ? { scale: before.scale, finiteSteps }
    : { scale: before.scale * 2, finiteSteps: 0 };
}
