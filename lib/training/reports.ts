/** Where the lines of a training log go. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotebook, ProgressBar } from '../host.ts';
import { plot } from '../plots/index.ts';
import { csvReport } from './csvReport.ts';
import { tensorboardReport } from './tensorboardReport.ts';
import { type LogLine, snakeKeys, type TrainerState } from './trainerState.ts';
import type { TrainingArguments } from './trainingArguments.ts';

/** Hears of a run as it goes. */
export interface TrainingReport {
  /** After each step. */
  step?(state: TrainerState): void;
  log(line: LogLine, state: TrainerState): void | Promise<void>;
  /** When the run has ended, well or not. */
  close?(): void | Promise<void>;
}

/** What `reportTo` asks for, for a run that begins or goes on. */
export function openReports(
  { reportTo, outputDir }: TrainingArguments,
  state: TrainerState,
): TrainingReport[] {
  return reportTo.map(name => {
    if (name === 'jsonl') return fileReport(outputDir);
    if (name === 'csv') return csvReport(outputDir);
    if (name === 'tensorboard') return tensorboardReport(outputDir);
    return isNotebook() ? notebookReport(state) : terminalReport();
  });
}

/** One line of JSON for each line of the log, under Hugging Face's names. */
function fileReport(outputDir: string): TrainingReport {
  return {
    async log(line) {
      await mkdir(outputDir, { recursive: true });
      await appendFile(join(outputDir, 'log.jsonl'), `${JSON.stringify(snakeKeys(line))}\n`);
    },
  };
}

/** A bar over the steps and, from the first loss on, a curve. */
function notebookReport(state: TrainerState): TrainingReport {
  const bar = new ProgressBar(state.maxSteps, { description: 'training', unit: 'step' });
  bar.update(state.globalStep);
  let live: ReturnType<typeof plot.live> | undefined;
  return {
    step: ({ globalStep }) => bar.update(globalStep - bar.done),
    log(line, { logHistory }) {
      if (line.loss === undefined && line.evalLoss === undefined) return;
      if (line.loss !== undefined)
        bar.setPostfix({ loss: line.loss, 'learning rate': line.learningRate ?? 0 });
      const curve = plot.lossCurve(logHistory);
      if (live === undefined) live = plot.live(curve);
      else live.update(curve);
    },
    async close() {
      bar.close();
      await live?.close();
    },
  };
}

function terminalReport(): TrainingReport {
  return {
    log(line, { maxSteps }) {
      process.stdout.write(`${lineText(line, maxSteps)}\n`);
    },
  };
}

/** `step 2/3, epoch 0.006: loss 3.2429, learning rate 1e-5, gradient norm 2.41, 0.62 s a step, 170 tokens/s, 1 s left` */
export function lineText(line: LogLine, maxSteps: number): string {
  const {
    step,
    epoch,
    loss,
    learningRate,
    gradNorm,
    iterTime,
    flops,
    remainingTime,
    tokensPerSecond,
    ...rest
  } = line;
  const digits = (value: number, count: number): string => String(Number(value.toPrecision(count)));
  const parts = [
    loss !== undefined && `loss ${loss.toFixed(4)}`,
    learningRate !== undefined &&
      `learning rate ${Number(learningRate.toPrecision(4)).toExponential().replace('e+0', '')}`,
    gradNorm !== undefined && `gradient norm ${digits(gradNorm, 3)}`,
    iterTime !== undefined && `${digits(iterTime, 3)} s a step`,
    flops !== undefined && `${digits(flops / 1e9, 3)} GFLOP/s`,
    tokensPerSecond !== undefined && `${Math.round(tokensPerSecond)} tokens/s`,
    remainingTime !== undefined && `${Math.round(remainingTime)} s left`,
    ...Object.entries(rest).map(([name, value]) => value !== undefined && `${name} ${digits(value, 5)}`),
  ];
  return `step ${step}/${maxSteps}, epoch ${digits(epoch, 3)}: ${parts.filter(Boolean).join(', ')}`;
}
