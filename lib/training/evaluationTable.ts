/** What a training log says of its evaluations, as a table. */
import type { DisplayBundle } from '../host.ts';
import { lossText, metricText, perplexityText } from './logText.ts';
import { type LogLine, metricsOf } from './trainerState.ts';

/** The output is stored in the notebook, so a long run shows the end of its table. */
const MAX_ROWS = 50;

/** @returns the table as HTML and as text, a row for each evaluation: step, epoch, losses, perplexity, `computeMetrics` */
export function evaluationTable(log: readonly LogLine[]): DisplayBundle {
  const evaluations: LogLine[] = [];
  let loss: number | undefined;
  for (const line of log) {
    loss = line.loss ?? loss;
    if (line.evalLoss !== undefined) evaluations.push({ ...line, ...(loss !== undefined && { loss }) });
  }
  const metrics = [...new Set(evaluations.flatMap(line => metricsOf(line).map(([name]) => name)))];
  const head = ['step', 'epoch', 'training loss', 'evaluation loss', 'perplexity', ...metrics];
  const rows = evaluations.slice(-MAX_ROWS).map(line => {
    const values = new Map(metricsOf(line));
    return [
      line.step.toLocaleString('en-US'),
      line.epoch.toFixed(2),
      line.loss === undefined ? '' : lossText(line.loss),
      lossText(line.evalLoss!),
      perplexityText(line.evalLoss!),
      ...metrics.map(name => (values.has(name) ? metricText(values.get(name)!) : '')),
    ];
  });
  const left = evaluations.length - rows.length;
  const note = left > 0 ? `The first ${left} evaluations are in trainer.state.logHistory.` : '';
  return {
    data: { 'text/html': toHtml(head, rows, note), 'text/plain': toText(head, rows, note) },
  };
}

function toHtml(head: readonly string[], rows: readonly (readonly string[])[], note: string): string {
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map(cell => `<${tag} style="text-align:right">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map(cells => row('td', cells)).join('');
  return (
    `<table style="font-variant-numeric:tabular-nums"><thead>${row('th', head)}</thead><tbody>${body}</tbody></table>` +
    (note && `<p>${note}</p>`)
  );
}

function toText(head: readonly string[], rows: readonly (readonly string[])[], note: string): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map(cells => cells[i]!.length)));
  const lines = [head, ...rows].map(cells => cells.map((cell, i) => cell.padStart(widths[i]!)).join('  '));
  return [...lines, ...(note ? [note] : [])].join('\n');
}

const escapeHtml = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
