import { op, table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { toArquero } from '../../../lib/frames/index.ts';

const columns = {
  topic: ['b', null, 'a', 'b', '', null],
  mixed: [1, '1', true, null, 1, true],
  whole: Int32Array.of(3, -1, 3, 0, 0, 3),
  fraction: Float64Array.of(0, NaN, -0, 0.5, NaN, 0.5),
  day: [new Date(0), null, new Date(0), 0, new Date(1), new Date(NaN)],
  wide: [1n, 2n, 1n, 1n, null, 2n],
  n: [1, 2, 3, 4, 5, 6],
};

describe('grouping by a column', () => {
  it.each(['topic', 'mixed', 'whole', 'fraction', 'day', 'wide'])(
    'of the kind "%s" gives what arquero gives, twice, gaps and filters included',
    name => {
      const [ours, theirs] = [toArquero(columns), table(columns)];
      const large = (d: { n: number }) => d.n > 1;
      for (const prepare of [
        (df: typeof ours) => df,
        (df: typeof ours) => df.filter(large),
        (df: typeof ours) => df.filter(large).reify(),
        (df: typeof ours) => df.orderby('n').slice(1),
      ]) {
        const count = (df: typeof ours, as: string) =>
          prepare(df)
            .groupby({ [as]: `d => d.${name}` })
            .rollup({ n: op.count(), sum: op.sum('n') })
            .objects();
        for (const as of [name, 'key']) expect(count(ours, as)).toEqual(count(theirs, as));
      }
    },
  );

  it.each([
    [['topic', 'whole']],
    [['whole', 'fraction', 'day']],
    [['topic', 'wide']],
    [['topic', 'topic']],
    [['topic', 2]],
    [[{ name: 'd => d.topic' }, 'mixed']],
  ])('by %j gives what arquero gives', keys => {
    const [ours, theirs] = [toArquero(columns), table(columns)];
    for (const prepare of [
      (df: typeof ours) => df.groupby(...keys),
      (df: typeof ours) => df.filter('d => d.n > 1 && d.n !== 4').groupby(...keys),
      (df: typeof ours) => df.groupby(...keys).filter('d => d.n > 2'),
      (df: typeof ours) => df.filter('d => false').groupby(...keys),
    ]) {
      const count = (df: typeof ours) =>
        prepare(df)
          .rollup({ n: op.count(), sum: op.sum('n') })
          .objects();
      expect(count(ours)).toEqual(count(theirs));
    }
  });

  it('does not see what the caller does to the array afterwards', () => {
    const given = { topic: ['a', 'b'], whole: Int32Array.of(1, 2) };
    const df = toArquero(given);
    given.topic[0] = 'b';
    given.whole[0] = 2;
    for (const name of ['topic', 'whole']) expect(df.groupby(name).count().numRows()).toBe(2);
    for (const array of Object.values(given)) expect(Object.keys(array)).toEqual(['0', '1']);
  });
});
