import { describe, expect, it } from 'vitest';
import { type Figure, plot } from '../../../lib/plots/index.ts';

const traces = (figure: Figure) =>
  figure.spec.data as unknown as { name: string; x: number[]; y: number[] }[];

describe('plot.lossCurve', () => {
  it('draws training and evaluation loss, by our names and by Hugging Face’s', () => {
    const rows = [
      { step: 1, loss: 3.5 },
      { step: 2, loss: 3 },
      { step: 2, evalLoss: 3.2 },
      { step: 3, loss: 2.5 },
      { step: 3, evalLoss: 3.4, learningRate: 0 },
    ];
    // As in trainer_state.json, whose last row sums the run up.
    const theirs = [
      ...rows.map(({ evalLoss, ...row }) => (evalLoss === undefined ? row : { ...row, eval_loss: evalLoss })),
      { step: 3, train_loss: 3, train_runtime: 12 },
    ];
    const figure = plot.lossCurve(rows);
    expect(traces(figure).map(({ name, x, y }) => ({ name, x, y }))).toEqual([
      { name: 'training loss', x: [1, 2, 3], y: [3.5, 3, 2.5] },
      { name: 'evaluation loss', x: [2, 3], y: [3.2, 3.4] },
    ]);
    expect(plot.lossCurve(theirs).spec).toEqual(figure.spec);
    expect(figure.summary).toBe(
      'Loss curve: training loss from 3.5 at step 1 to 2.5 at step 3; evaluation loss from 3.2 at step 2 to 3.4 at step 3; lowest 3.2 at step 2',
    );
    expect(JSON.stringify(figure.spec.layout)).toContain('lowest evaluation loss 3.2 at step 2');
  });

  it('lays a running mean over a long and noisy curve, and thins it out', () => {
    const figure = plot.lossCurve(Array.from({ length: 100_000 }, (_, i) => ({ step: i, loss: i % 2 })));
    const [raw, mean] = traces(figure);
    expect(mean?.name).toBe('mean of 5,000 values');
    expect(mean?.y.at(-1)).toBe(0.5);
    expect(raw?.x.length).toBeLessThanOrEqual(4000);
  });

  it('begins without any loss, and says so in the picture', () => {
    const figure = plot.lossCurve([]);
    expect(figure.summary).toBe('Loss curve: no loss has been logged yet');
    expect(figure.spec.layout).toMatchObject({ annotations: [{ text: 'no loss has been logged yet' }] });
    expect(plot.lossCurve([{ step: 1, loss: 3.34 }]).summary).toBe(
      'Loss curve: training loss 3.34 at step 1',
    );
  });

  it('refuses rows without losses', () => {
    expect(() => plot.lossCurve([{ step: 1, accuracy: 1 }])).toThrow('no row has both a step and a loss');
    expect(() => plot.lossCurve([{ step: 1, loss: 'low' }])).toThrow(
      '"loss" must hold numbers, but row 0 has "low"',
    );
    expect(() => plot.lossCurve(['low'])).toThrow('"loss" must hold numbers, but row 0 has "low"');
    expect(() => plot.lossCurve(3 as never)).toThrow('takes the rows of a training log');
  });

  it('takes losses alone for those of steps from 1 on', () => {
    const rows = [
      { step: 1, loss: 3.3 },
      { step: 2, loss: 3.2 },
    ];
    const expected = plot.lossCurve(rows);
    for (const losses of [[3.3, 3.2], Float64Array.of(3.3, 3.2)]) {
      const figure = plot.lossCurve(losses);
      expect([figure.spec, figure.summary]).toEqual([expected.spec, expected.summary]);
    }
  });

  it('says from which step on the loss is NaN or infinite, also where no other has been logged', () => {
    const figure = plot.lossCurve([
      { step: 1, loss: 3 },
      { step: 2, loss: Number.NaN },
      { step: 3, loss: Infinity },
      { step: 3, evalLoss: 4 },
    ]);
    expect(figure.summary).toContain('training loss 3 at step 1');
    expect(figure.summary).toContain('loss NaN or infinite at 2 steps, from step 2');
    expect(JSON.stringify(figure.spec.layout.title)).toContain('from step 2');
    expect(plot.lossCurve([{ step: 1, loss: Number.NaN }]).summary).toBe(
      'Loss curve: no finite loss has been logged yet; loss NaN or infinite at 1 step, from step 1',
    );
  });
});
