import { describe, expect, it } from 'vitest';
import { adafactor, adamW, type Optimizer, packMicroBatches, sgd } from '../../../lib/training/index.ts';
import { referenceRuns } from '../devices.ts';
import { loadGolden, missing, readGolden, reason, stepOf } from './setup.ts';

const RUNS: readonly [string, Optimizer, number][] = [
  ['adamw_lr1e-3_wd0.01', adamW({ weightDecay: 0.01 }), 1e-3],
  ['sgd_lr0.1_mom0.9', sgd({ momentum: 0.9 }), 0.1],
  ['adafactor_lr1e-3', adafactor({ scaleParameter: false, relativeStep: false }), 1e-3],
  ['adafactor_lr1e-5', adafactor({ scaleParameter: false, relativeStep: false }), 1e-5],
  ['adafactor_default_relative', adafactor(), Number.NaN],
];

describe.skipIf(missing).each(referenceRuns)(
  `ten steps of %s on %s as PyTorch takes them${reason}`,
  (kind, device) => {
    it.each(RUNS)(
      '%s: losses to 1e-4, norms of all weights to 1e-4 of their size',
      async (name, optimizer, rate) => {
        const golden = readGolden()[kind];
        const { losses, param_norms } = golden.opt[name] as {
          losses: number[];
          param_norms: Record<string, number>;
        };
        const model = await loadGolden(kind);
        const step = await stepOf(model, optimizer, 0, { device });
        const batch = packMicroBatches([[{ inputIds: golden.input_ids }]], 'tokens', 512);
        for (const [i, loss] of losses.entries()) {
          expect(Math.abs((await step.run(batch, rate)).loss - loss), `step ${i + 1}`).toBeLessThan(1e-4);
        }
        await step.sync();
        for (const [weight, { data }] of model.weights) {
          // No loss depends on a key's bias, which adds the same to all scores of a query: its gradient is rounding error,
          // which Adafactor blows up to full steps. A third of this vector is such biases.
          const tolerance = weight.endsWith('query_key_value.bias') ? 5e-3 : 1e-4;
          const expected = param_norms[weight === 'embed_out.weight' ? 'lm_head.weight' : weight]!;
          expect(Math.abs(Math.hypot(...data) - expected) / expected, weight).toBeLessThan(tolerance);
        }
        await step.release();
      },
    );
  },
);
