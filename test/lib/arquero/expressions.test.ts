import { desc, op, table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { Dataset } from '../../../lib/datasets/index.ts';
import { type Frame, frame } from '../../../lib/frames/index.ts';

interface Row {
  t: string;
  n: number;
}
const df = (await frame([
  { t: 'a kernel', n: 1 },
  { t: 'b', n: 2 },
  { t: 'a cell', n: 3 },
])) as Frame;
const texts = (frame: Frame): unknown[] => Array.from(frame.array('t') as Iterable<unknown>);

describe('expressions of a frame', () => {
  it('may call methods of values', () => {
    expect(texts(df.filter((d: Row) => d.t.includes('kernel')))).toEqual(['a kernel']);
    const derived = df.derive({
      words: (d: Row) => d.t.split(' ').length,
      start: (d: Row) => d.t.trim().slice(0, 3),
      plain: (d: Row) => Math.max(op.length(d.t), d.n),
    });
    expect(derived.objects()).toEqual([
      { t: 'a kernel', n: 1, words: 2, start: 'a k', plain: 8 },
      { t: 'b', n: 2, words: 1, start: 'b', plain: 2 },
      { t: 'a cell', n: 3, words: 2, start: 'a c', plain: 6 },
    ]);
    const counts = df.groupby({ first: (d: Row) => d.t.slice(0, 1) }).count();
    expect(counts.objects()).toEqual([
      { first: 'a', count: 2 },
      { first: 'b', count: 1 },
    ]);
  });

  it('may so too in the frame of a data set', async () => {
    const own = await Dataset.fromRows([{ t: 'a kernel' }, { t: 'b' }]).toFrame();
    expect(own.filter((d: Row) => d.t.startsWith('b')).objects()).toEqual([{ t: 'b' }]);
  });

  it('give what arquero gives where they call none', () => {
    const plain = table({ t: texts(df), n: [1, 2, 3] });
    const query = (frame: Frame): unknown[] =>
      frame
        .params({ least: 2 })
        .filter((d: Row, $: { least: number }) => d.n >= $.least)
        .derive({ share: (d: Row) => d.n / op.sum(d.n), upper: (d: Row) => op.upper(d.t) })
        .orderby(desc('n'))
        .objects();
    expect(query(df)).toEqual(query(plain));
    expect(df.filter("d => d.n > 2 && d.t === 'a cell'").numRows()).toBe(1);
  });

  it('are refused where they call a method in an aggregate or an order', () => {
    expect(() => df.orderby((d: Row) => d.t.slice(-1), desc('n'))).toThrow(
      'orderby cannot call a method of a value, which arquero would leave out: (d) => d.t.slice(-1); call it in derive first.',
    );
    expect(() => df.rollup({ words: (d: Row) => op.sum(d.t.split(' ').length) })).toThrow(
      'rollup cannot call a method of a value',
    );
    expect(df.rollup({ n: (d: Row) => op.mean(d.n) }).objects()).toEqual([{ n: 2 }]);
  });
});
