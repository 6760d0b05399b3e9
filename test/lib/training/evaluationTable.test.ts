import { describe, expect, it } from 'vitest';
import { evaluationTable } from '../../../lib/training/evaluationTable.ts';

const textOf = (log: Parameters<typeof evaluationTable>[0]): string =>
  String(evaluationTable(log).data['text/plain']);

describe('the table of evaluations', () => {
  it('has the loss of the last log line before each, its perplexity and the metrics', () => {
    const log = [
      { step: 10, epoch: 0.5, loss: 2.5 },
      { step: 20, epoch: 1, loss: 2.25 },
      { step: 20, epoch: 1, evalLoss: Math.log(8), evalAccuracy: 0.5, evalRuntime: 1 },
      { step: 40, epoch: 2, evalLoss: Math.log(4), evalAccuracy: 0.625, evalRuntime: 1 },
    ];
    expect(textOf(log)).toBe(
      [
        'step  epoch  training loss  evaluation loss  perplexity  accuracy',
        '  20   1.00         2.2500           2.0794        8.00    0.5000',
        '  40   2.00         2.2500           1.3863        4.00    0.6250',
      ].join('\n'),
    );
  });

  it('leaves out what there is not, and writes names as text', () => {
    const { data } = evaluationTable([
      { step: 1, epoch: 1, evalLoss: 1, 'evalA<b': 1 },
      { step: 2, epoch: 2, evalLoss: 1 },
    ]);
    expect(data['text/html']).toContain('a&lt;b</th>');
    expect(String(data['text/plain']).split('\n')[2]).toBe(
      '   2   2.00                          1.0000        2.72     ',
    );
  });

  it('stays small in a long run', () => {
    const log = Array.from({ length: 1000 }, (_, i) => ({ step: i + 1, epoch: i, evalLoss: 1 }));
    const lines = textOf(log).split('\n');
    expect(lines).toHaveLength(52);
    expect(lines[1]).toMatch(/^ *951 /);
    expect(lines.at(-1)).toBe('The first 950 evaluations are in trainer.state.logHistory.');
  });
});
