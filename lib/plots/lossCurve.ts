/** Training and evaluation loss over the steps of a run. */
import { plural } from '../host.ts';
import { type ChartOptions, chartLayout, checkChart, exponentStyle, wholeTicks } from './chart.ts';
import {
  findColumn,
  isPlotData,
  isValues,
  type PlotData,
  type Position,
  toNumbers,
  type Values,
} from './columns.ts';
import { Figure } from './figure.ts';
import { INK, SERIES } from './theme.ts';
import { thinOut } from './thinOut.ts';
import { formatNumber } from './words.ts';

type Points = readonly { readonly step: number; readonly loss: number }[];

/** What a column of losses holds; `lost` are the steps whose loss is NaN or infinite. */
interface Losses {
  readonly points: Points;
  readonly lost: readonly number[];
}

/** What a log calls its columns: ours, and Hugging Face's in `trainer_state.json`. */
const NAMES = { step: ['step'], training: ['loss'], evaluation: ['evalLoss', 'eval_loss'] } as const;

/** Beyond so many points the noise of single steps hides the curve, so a running mean is drawn over them. */
const MAX_RAW = 60;
const MAX_POINTS = 4000;
const MAX_MARKED = 30;

/**
 * Draws the loss of a training run from its log: one row for each log line, with `step` and `loss` or `evalLoss`
 * (Hugging Face's `eval_loss` too); other rows and columns are passed over.
 *
 * Above 60 steps the training loss is faint, under a running mean. Without any loss yet the plot says so, which is how
 * a live plot begins.
 *
 * @param logs a table, such as the Trainer's log history, or the losses of steps 1, 2, 3 and so on
 * @throws if there are rows and none has a step and a loss
 * @example plot.lossCurve([3.34, 3.24, 3.1])
 * @example plot.lossCurve([{ step: 1, loss: 3.34 }, { step: 2, loss: 3.24 }, { step: 2, evalLoss: 3.1 }])
 */
export function lossCurve(logs: PlotData | Values, options: ChartOptions = {}): Figure {
  checkChart('lossCurve', options, []);
  return draw(isValues(logs) && !isPlotData(logs) ? numbered(logs) : logs, options);
}

/** Losses alone as the rows of a log. */
function numbered(losses: Values): { step: number; loss: unknown }[] {
  return Array.from(losses, (loss, i) => ({ step: i + 1, loss }));
}

function draw(logs: PlotData, options: ChartOptions): Figure {
  const { points: training, lost } = lossesOf(logs, NAMES.training);
  const { points: evaluation, lost: lostInEvaluation } = lossesOf(logs, NAMES.evaluation);
  const allLost = [...lost, ...lostInEvaluation];
  const isEmpty = training.length === 0 && evaluation.length === 0;
  if (isEmpty && allLost.length === 0 && !(Array.isArray(logs) && logs.length === 0)) {
    throw new RangeError('plot.lossCurve: no row has both a step and a loss or evalLoss.');
  }
  const smooth = training.length > MAX_RAW ? runningMean(training) : undefined;
  const best = evaluation.reduce<Points[0] | undefined>(
    (low, point) => (low === undefined || point.loss < low.loss ? point : low),
    undefined,
  );
  const empty = allLost.length === 0 ? 'no loss has been logged yet' : 'no finite loss has been logged yet';
  const hasLegend = evaluation.length > 0 || smooth !== undefined;
  const traces = [
    ...(training.length > 0
      ? [
          {
            ...trace('training loss', training, SERIES[0]),
            ...(smooth ? { opacity: 0.6, line: { width: 1.2, color: SERIES[0] }, mode: 'lines' } : {}),
          },
        ]
      : []),
    ...(smooth
      ? [{ ...trace(`mean of ${plural(smooth.window, 'value')}`, smooth.points, SERIES[0]), mode: 'lines' }]
      : []),
    ...(evaluation.length > 0 ? [trace('evaluation loss', evaluation, SERIES[1])] : []),
  ];
  const losses = [...training, ...evaluation].map(({ loss }) => loss);
  const layout = chartLayout(options, {
    title: 'Loss over the training steps',
    note: [
      ...(best && evaluation.length > 1
        ? [`lowest evaluation loss ${formatNumber(best.loss)} at step ${formatNumber(best.step)}`]
        : []),
      ...lostNote(allLost),
    ].join('; '),
    xTitle: 'step',
    yTitle: 'loss',
    legend: hasLegend ? traces.map(({ name }) => String(name)) : [],
  });
  const steps = [...training, ...evaluation].map(({ step }) => step);
  return new Figure(
    {
      data: traces,
      layout: {
        ...layout,
        // Whole steps alone get a tick.
        xaxis: { ...(layout.xaxis as object), ...wholeTicks(steps) },
        yaxis: { ...(layout.yaxis as object), ...exponentStyle(losses) },
        ...(isEmpty ? waiting(layout, empty) : {}),
      },
    },
    [isEmpty ? `Loss curve: ${empty}` : summarize(training, evaluation, best), ...lostNote(allLost)].join(
      '; ',
    ),
  );
}

function trace(name: string, points: Points, color: string): Record<string, unknown> {
  const drawn = thinOut(
    { x: points.map(({ step }): Position => step), y: points.map(({ loss }) => loss) },
    MAX_POINTS,
  );
  return {
    type: 'scatter',
    mode: points.length <= MAX_MARKED ? 'lines+markers' : 'lines',
    name,
    x: drawn.x,
    y: drawn.y,
    line: { width: 2.5, color },
    marker: { size: 7, color },
    hovertemplate: `step %{x}: %{y:.4f}<extra>${name}</extra>`,
  };
}

function lossesOf(logs: PlotData, names: readonly string[]): Losses {
  const none = { points: [], lost: [] };
  if (Array.isArray(logs) && logs.length === 0) return none;
  if (!isPlotData(logs)) throw new TypeError('plot.lossCurve takes the rows of a training log.');
  const step = findColumn(logs, NAMES.step);
  const loss = findColumn(logs, names);
  if (!step || !loss) return none;
  const steps = toNumbers(step);
  const points = toNumbers(loss)
    .map((loss, i) => ({ step: steps[i], loss }))
    .filter((point): point is Points[0] => typeof point.step === 'number' && typeof point.loss === 'number');
  const lost = steps.filter((step, i): step is number => {
    const value = loss.values[i];
    return step !== null && typeof value === 'number' && !Number.isFinite(value);
  });
  return { points, lost };
}

/** That some losses cannot be drawn, which mostly means that a run has diverged. */
function lostNote(steps: readonly number[]): string[] {
  if (steps.length === 0) return [];
  const first = steps.reduce((least, step) => Math.min(least, step));
  return [`loss NaN or infinite at ${plural(steps.length, 'step')}, from step ${formatNumber(first)}`];
}

/** The mean of the last twentieth of the points, from where there are so many; it lags by half of that. */
function runningMean(points: Points): { points: Points; window: number } {
  const window = Math.max(5, Math.round(points.length / 20));
  let sum = 0;
  const sums = points.map(({ step, loss }, i) => {
    sum += loss - (points[i - window]?.loss ?? 0);
    return { step, loss: sum / window };
  });
  const means = sums.slice(window - 1);
  return { points: means, window };
}

/** An empty frame that says what it waits for, rather than axes from −1 to 6. */
function waiting(layout: Record<string, unknown>, text: string): object {
  const blank = { showticklabels: false, showgrid: false, range: [0, 1] };
  return {
    xaxis: { ...(layout.xaxis as object), ...blank },
    yaxis: { ...(layout.yaxis as object), ...blank },
    annotations: [
      {
        text,
        showarrow: false,
        xref: 'paper',
        yref: 'paper',
        x: 0.5,
        y: 0.5,
        font: { size: 16, color: INK },
      },
    ],
  };
}

function summarize(training: Points, evaluation: Points, best: Points[0] | undefined): string {
  const parts: string[] = [];
  const span = (name: string, points: Points): string => {
    const [first, last] = [points[0] as Points[0], points[points.length - 1] as Points[0]];
    return points.length === 1
      ? `${name} ${formatNumber(first.loss)} at step ${formatNumber(first.step)}`
      : `${name} from ${formatNumber(first.loss)} at step ${formatNumber(first.step)} to ${formatNumber(last.loss)} at step ${formatNumber(last.step)}`;
  };
  if (training.length > 0) parts.push(span('training loss', training));
  if (evaluation.length > 0) parts.push(span('evaluation loss', evaluation));
  if (best && evaluation.length > 1)
    parts.push(`lowest ${formatNumber(best.loss)} at step ${formatNumber(best.step)}`);
  return `Loss curve: ${parts.join('; ')}`;
}
