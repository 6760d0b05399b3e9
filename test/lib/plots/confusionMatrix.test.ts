import { describe, expect, it } from 'vitest';
import { type Figure, plot } from '../../../lib/plots/index.ts';

const trace = (figure: Figure) => figure.spec.data[0] as Record<string, unknown>;
const labels = ['cat', 'dog'];
const [actual, predicted] = [
  ['cat', 'cat', 'dog', 'dog', 'dog'],
  ['cat', 'dog', 'dog', 'dog', 'cat'],
];

describe('plot.confusionMatrix', () => {
  it('counts actual classes by row and predictions by column, coloured by the share of the row', () => {
    const figure = plot.confusionMatrix(actual, predicted);
    expect(trace(figure)).toMatchObject({
      z: [
        [0.5, 0.5],
        [0.3333, 0.6667],
      ],
      zmin: 0,
      zmax: 1,
    });
    expect(
      (trace(figure).text as string[][])[1]?.map(text => text.split('<br>')[0]!.replace(/<[^>]*>/, '')),
    ).toEqual(['1', '2']);
    expect(figure.spec.layout).toMatchObject({
      xaxis: { title: { text: 'Predicted' }, ticktext: labels },
      yaxis: { title: { text: 'Actual' }, ticktext: labels, autorange: 'reversed' },
    });
    expect(figure.summary).toBe(
      'Confusion matrix of 2 classes: n = 5, accuracy 0.6; recall cat 0.5, dog 0.6667; most often confused: cat taken for dog, 1',
    );
  });

  it('takes a matrix of counts, and classes by number, for the same picture', () => {
    const { spec } = plot.confusionMatrix(actual, predicted, { labels });
    const numbers = (names: string[]) => names.map(name => labels.indexOf(name));
    expect(
      plot.confusionMatrix(
        [
          [1, 1],
          [1, 2],
        ],
        { labels },
      ).spec,
    ).toEqual(spec);
    expect(plot.confusionMatrix(numbers(actual), numbers(predicted), { labels }).spec).toEqual(spec);
  });

  it('gives predictions that are missing a column of their own', () => {
    const figure = plot.confusionMatrix(['a', 'b', 'b'], ['a', null, '']);
    expect(figure.spec.layout).toMatchObject({ xaxis: { ticktext: ['a', 'b', '(no answer)'] } });
    expect(figure.summary).toContain('b taken for (no answer), 2');
    expect(figure.summary).toContain('accuracy 0.3333');
  });

  it('takes the columns of a table', () => {
    const rows = [
      { topic: 'cat', answer: 'cat', id: 1 },
      { topic: 'dog', answer: null, id: 2 },
    ];
    const figure = plot.confusionMatrix(rows, { actual: 'topic', predicted: 'answer', title: 'Pets' });
    expect(figure.spec).toEqual(plot.confusionMatrix(['cat', 'dog'], ['cat', null], { title: 'Pets' }).spec);
    expect(() => plot.confusionMatrix(rows, { actual: 'topic', predicted: 'guess' })).toThrow(
      'There is no column "guess"; the columns are: topic, answer, id.',
    );
    expect(() => plot.confusionMatrix(rows, { actual: 'topic' } as never)).toThrow(
      'the names of two columns',
    );
  });

  it('keeps the order of the labels, with a class that never occurs', () => {
    const figure = plot.confusionMatrix(['b'], ['b'], { labels: ['b', 'a'] });
    expect(trace(figure).z).toEqual([
      [1, 0],
      [null, null],
    ]);
  });

  it('refuses what does not fit', () => {
    expect(() => plot.confusionMatrix(['a'], ['a', 'b'])).toThrow('1 actual classes and 2 predictions');
    expect(() => plot.confusionMatrix(['a'], ['c'], { labels: ['a', 'b'] })).toThrow(
      '"c" is not among the labels: a, b',
    );
    expect(() => plot.confusionMatrix([null], ['a'])).toThrow('example 0 has no actual class');
    expect(() => plot.confusionMatrix([], [])).toThrow('there are no examples to draw');
    expect(() => plot.confusionMatrix([[1, 2]])).toThrow('the matrix has 1 rows and 2 columns');
    expect(() => plot.confusionMatrix([[1]], { labels })).toThrow('2 labels for 1 classes');
    const many = Array.from({ length: 41 }, (_, i) => i);
    expect(() => plot.confusionMatrix(many, many)).toThrow('draws at most 40 classes, not 41');
  });
});
