import { describe, expect, it } from 'vitest';
import { durationText, lineText, perplexityText, rateText } from '../../../lib/training/logText.ts';

describe('the log in words', () => {
  it('says a training step', () => {
    const line = {
      ...{ step: 1200, epoch: 0.5714, loss: 3.2, learningRate: 1e-5, gradNorm: 2.4142 },
      ...{ iterTime: 0.6249, flops: 4.149e10, remainingTime: 80.4, tokensPerSecond: 1250.4 },
    };
    expect(lineText(line, 2100)).toBe(
      'step 1200/2100, epoch 0.571: loss 3.2000, learning rate 1e-5, gradient norm 2.41, 0.625 s a step, 41.5 GFLOP/s, 1,250 tokens/s, 1 m 20 s left',
    );
  });

  it('says an evaluation with its own metrics', () => {
    const line = {
      ...{ step: 30, epoch: 1, evalLoss: Math.log(22.27), evalAccuracy: 0.3125, evalExactMatch: 4 },
      ...{ evalRuntime: 1.4, evalSamplesPerSecond: 20 },
    };
    expect(lineText(line, 60)).toBe(
      'step 30/60, epoch 1: evaluation loss 3.1032, perplexity 22.27, accuracy 0.3125, exactMatch 4, in 1.4 s',
    );
  });

  it('says durations, rates and perplexities as people write them', () => {
    expect([0.0456, 0.97, 8.2, 59.6, 3599, 3599.7, 7500].map(durationText)).toEqual([
      '0.046 s',
      '0.97 s',
      '8.2 s',
      '1 m 0 s',
      '59 m 59 s',
      '1 h 0 m',
      '2 h 5 m',
    ]);
    expect([0, 1, 1e-5, 2 / 3000].map(rateText)).toEqual(['0', '1', '1e-5', '6.667e-4']);
    expect([0, 10, 800].map(perplexityText)).toEqual(['1.00', '22,026', '∞']);
  });
});
