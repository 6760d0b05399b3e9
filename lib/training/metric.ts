/** The metric of an evaluation that says which weights are best. */
import type { TrainingArguments } from './trainingArguments.ts';

/** `loss` → `evalLoss`; also `eval_loss`, as Python has it. */
export function evaluationName(metric: string): string {
  const name = metric.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return /^eval[A-Z]/.test(name) ? name : `eval${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Whether a value is better than the best before, if there is one. */
export function isBetter(
  { metricForBestModel, greaterIsBetter }: TrainingArguments,
  value: number,
  best: number | undefined,
): boolean {
  const isGreater = greaterIsBetter ?? !metricForBestModel.toLowerCase().endsWith('loss');
  return best === undefined || (isGreater ? value > best : value < best);
}
