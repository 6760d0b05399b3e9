/** A training run in a notebook: one bar, one curve and one table, which are replaced in place. */
import { randomUUID } from 'node:crypto';
import { isInterrupted, ProgressBar, show } from '../host.ts';
import { plot } from '../plots/index.ts';
import { evaluationTable } from './evaluationTable.ts';
import { lossText, rateText } from './logText.ts';
import type { TrainingReport } from './reports.ts';
import type { TrainerState } from './trainerState.ts';

/** The curve is made anew at most this often, in milliseconds: with thousands of points that takes some. */
const INTERVAL = 500;

/** @param state where the run begins, or goes on */
export function notebookReport({ maxSteps, globalStep: initial }: TrainerState): TrainingReport {
  const bar = new ProgressBar(maxSteps, { description: 'training', unit: 'step', initial });
  const tableId = `tunelab-evaluations-${randomUUID()}`;
  let live: ReturnType<typeof plot.live> | undefined;
  let hasTable = false;
  /** Of what the curve is to show, and when it last showed it. */
  let log: TrainerState['logHistory'] = [];
  let drawn = -Infinity;
  const draw = (): void => {
    drawn = performance.now();
    const curve = plot.lossCurve(log);
    if (live === undefined) live = plot.live(curve);
    else live.update(curve);
  };
  return {
    step: ({ globalStep }) => bar.update(globalStep - bar.done),
    log({ loss, learningRate, evalLoss }, { logHistory }) {
      if (loss === undefined && evalLoss === undefined) return;
      if (loss !== undefined) {
        const rate = learningRate !== undefined && { 'learning rate': rateText(learningRate) };
        bar.setPostfix({ loss: lossText(loss), ...rate });
      }
      log = logHistory;
      if (performance.now() - drawn > INTERVAL) draw();
      if (evalLoss === undefined) return;
      show(evaluationTable(logHistory), { displayId: tableId, update: hasTable });
      hasTable = true;
    },
    async close() {
      bar.close();
      if (live !== undefined) draw();
      await live?.close({ picture: !isInterrupted() });
    },
  };
}
