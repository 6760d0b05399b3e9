/** The figures of a training log as people read them. */
import { type LogLine, metricsOf } from './trainerState.ts';

/**
 * A line of the log in words.
 *
 * `step 20/150, epoch 0.2: loss 3.2429, learning rate 1e-5, gradient norm 2.41, 0.62 s a step, 4.1 GFLOP/s, 170 tokens/s, 1 m 20 s left`
 *
 * `step 30/150, epoch 0.3: evaluation loss 3.1034, perplexity 22.27, accuracy 0.3125, in 1.4 s`
 *
 * `step 150/150, epoch 1.5: trained in 1 m 32 s, mean loss 3.0127, 1.63 steps/s, 6.52 rows/s`
 */
export function lineText(line: LogLine, maxSteps: number): string {
  const { step, epoch, loss, learningRate, gradNorm, iterTime, flops, remainingTime, tokensPerSecond } = line;
  const { evalLoss, evalRuntime } = line;
  const { trainRuntime, trainLoss, trainStepsPerSecond, trainSamplesPerSecond } = line;
  const parts = [
    loss !== undefined && `loss ${lossText(loss)}`,
    learningRate !== undefined && `learning rate ${rateText(learningRate)}`,
    gradNorm !== undefined && `gradient norm ${digits(gradNorm, 3)}`,
    iterTime !== undefined && `${digits(iterTime, 3)} s a step`,
    flops !== undefined && `${digits(flops / 1e9, 3)} GFLOP/s`,
    tokensPerSecond !== undefined && `${digits(tokensPerSecond, 3)} tokens/s`,
    remainingTime !== undefined && `${durationText(remainingTime)} left`,
    evalLoss !== undefined && `evaluation loss ${lossText(evalLoss)}, perplexity ${perplexityText(evalLoss)}`,
    ...metricsOf(line).map(([name, value]) => `${name} ${metricText(value)}`),
    evalRuntime !== undefined && `in ${durationText(evalRuntime)}`,
    trainRuntime !== undefined && `trained in ${durationText(trainRuntime)}`,
    trainLoss !== undefined && `mean loss ${lossText(trainLoss)}`,
    trainStepsPerSecond !== undefined && `${digits(trainStepsPerSecond, 3)} steps/s`,
    trainSamplesPerSecond !== undefined && `${digits(trainSamplesPerSecond, 3)} rows/s`,
  ];
  return `step ${step}/${maxSteps}, epoch ${digits(epoch, 3)}: ${parts.filter(Boolean).join(', ')}`;
}

export const lossText = (loss: number): string => loss.toFixed(4);

/** What the loss is as a perplexity: how many tokens the model wavers between. */
export function perplexityText(loss: number): string {
  const perplexity = Math.exp(loss);
  return perplexity < 1000 ? perplexity.toFixed(2) : digits(perplexity, 4);
}

/** A metric with four decimals, a count as it is. */
export const metricText = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(4);

/** `1e-5`, `6.667e-4`. */
export const rateText = (rate: number): string =>
  rate === 0 ? '0' : Number(rate.toPrecision(4)).toExponential().replace('e+0', '');

/** A number of so many significant digits at most; all of them where it has more before its point: 12,345. */
export const digits = (value: number, count: number): string =>
  value.toLocaleString(
    'en-US',
    Math.abs(value) < 10 ** (count - 1) ? { maximumSignificantDigits: count } : { maximumFractionDigits: 0 },
  );

/** `0.45 s`, `8.2 s`, `45 s`, `1 m 20 s`, `2 h 5 m`. */
export function durationText(seconds: number): string {
  if (seconds < 10) return `${digits(seconds, 2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}
