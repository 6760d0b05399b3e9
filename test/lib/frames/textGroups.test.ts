import { op, table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { toArquero } from '../../../lib/frames/index.ts';

const columns = { topic: ['b', null, 'a', 'b', '', null], n: [1, 2, 3, 4, 5, 6] };

describe('grouping by a column of text', () => {
  it('gives what arquero gives, gaps and filters included', () => {
    const [ours, theirs] = [toArquero(columns), table(columns)];
    const large = (d: { n: number }) => d.n > 1;
    for (const prepare of [
      (df: typeof ours) => df,
      (df: typeof ours) => df.filter(large),
      (df: typeof ours) => df.filter(large).reify(),
      (df: typeof ours) => df.orderby('n').slice(1),
    ]) {
      const count = (df: typeof ours) =>
        prepare(df)
          .groupby('topic')
          .rollup({ n: op.count(), sum: op.sum('n') })
          .objects();
      expect(count(ours)).toEqual(count(theirs));
    }
  });

  it('does not see what the caller does to the array afterwards', () => {
    const topic = ['a', 'b'];
    const df = toArquero({ topic });
    topic[0] = 'b';
    expect(df.groupby('topic').count().numRows()).toBe(2);
    expect(Object.keys(topic)).toEqual(['0', '1']);
  });
});
