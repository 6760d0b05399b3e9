import { op, rolling, table } from 'arquero';
import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../lib/arquero/rollup.ts';
import { toArquero } from '../../../lib/frames/index.ts';

const ROWS = 1000;
let state = 1;
const random = () => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
const columns = {
  key: Array.from({ length: ROWS }, () => `group ${Math.floor(random() * 40)}`),
  exact: Float64Array.from({ length: ROWS }, () => (random() - 0.5) * 10 ** (random() * 20)),
  short: Float32Array.from({ length: ROWS }, random),
  whole: Int32Array.from({ length: ROWS }, () => random() * 100 - 50),
  byte: Uint8Array.from({ length: ROWS }, () => random() * 256),
  gaps: Array.from({ length: ROWS }, () => (random() < 0.9 ? null : random())),
  odd: Array.from({ length: ROWS }, (_, i) => [NaN, -0, 0, Infinity, -Infinity, undefined, 1e308][i % 7]),
  wide: Array.from({ length: ROWS }, (_, i) => BigInt(i) * 10n ** 15n),
  wider: BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i)),
  right: Array.from({ length: ROWS }, () => random() < 0.5),
  day: Array.from({ length: ROWS }, (_, i) => new Date(i * 86_400_000)),
  text: Array.from({ length: ROWS }, (_, i) => String(i)),
  'two words': Float64Array.from({ length: ROWS }, random),
};
type Table = ReturnType<typeof table>;

/** The figures of both kinds of table, as arquero's functions make them. */
function both(asked: Record<string, unknown>, prepare: (df: Table) => Table): [object[], object[]] {
  const ask = (df: Table) =>
    prepare(df)
      .rollup(asked as Record<string, string>)
      .objects();
  return [ask(toArquero(columns)), ask(table(columns))];
}

const NUMBERS = ['exact', 'short', 'whole', 'byte', 'gaps', 'odd', 'two words'];
const FIGURES = ['sum', 'mean', 'min', 'max', 'variance', 'stdev', 'valid', 'invalid'] as const;
/** What arquero does not make of bigints. */
const FRACTIONS: readonly string[] = ['mean', 'variance', 'stdev'];

describe('figures of groups', () => {
  it.each([...NUMBERS, 'wide', 'wider', 'right', 'day', 'text'])(
    'of the column "%s" are those of arquero, to the last bit',
    name => {
      const figures = FIGURES.filter(figure => !name.startsWith('wide') || !FRACTIONS.includes(figure));
      const asked = Object.fromEntries(figures.map(figure => [figure, op[figure](name)]));
      for (const prepare of [
        (df: Table) => df.groupby('key'),
        (df: Table) => df.groupby('key', 'right'),
        (df: Table) => df.groupby('key').filter('d => d.whole > 40'),
        (df: Table) => df.filter('d => d.whole > 40').groupby('key'),
        (df: Table) => df.orderby('exact').groupby('key'),
        (df: Table) => df.filter('d => d.whole > 40'),
        (df: Table) => df.filter('d => d.key === ""'),
        (df: Table) => df.filter('d => d.key === ""').groupby('key'),
      ]) {
        const [ours, theirs] = both({ n: op.count(), ...asked }, prepare);
        expect(ours).toEqual(theirs);
      }
    },
  );

  it('are found for numbers, however the question is written', () => {
    const grouped = toArquero({ key: ['a', 'b', 'a'], loss: [1, null, 4], 'two words': [1, 2, 3] }).groupby(
      'key',
    );
    const mean = [2.5, undefined];
    expect(
      figuresOf(grouped, {
        a: op.mean('loss'),
        b: (d: { loss: number }) => op.mean(d.loss),
        c: 'row => op.mean( row.loss )',
        d: "d => op.sum(d['two words'])",
        e: op.sum('two words'),
        f: () => op.count(),
      }),
    ).toEqual(
      new Map<string, unknown[]>([
        ['a', mean],
        ['b', mean],
        ['c', mean],
        ['d', [4, 2]],
        ['e', [4, 2]],
        ['f', [2, 1]],
      ]),
    );
  });

  it.each([
    { x: op.median('loss') },
    { x: 'd => op.mean(d.loss) + 1' },
    { x: 'd => op.mean(d.loss * 2)' },
    { x: 'd => op.mean(e.loss)' },
    { x: rolling(op.mean('loss') as never) },
    { x: op.mean('key') },
    { x: op.mean('absent') },
  ])('are left to arquero where a loop does not do, and only those: %j', asked => {
    const grouped = toArquero({ key: ['a', 'b', 'a'], loss: [1, null, 4] }).groupby('key');
    expect(figuresOf(grouped, { n: op.count(), ...asked })).toEqual(new Map([['n', [2, 1]]]));
  });

  it('stand beside those that arquero makes, and take the place of a key of their name', () => {
    const compare = (asked: Record<string, unknown>) => {
      const [ours, theirs] = both(asked, df => df.groupby('key'));
      expect(ours).toEqual(theirs);
      expect(ours).toHaveLength(40);
    };
    compare({
      mean: op.mean('exact'),
      middle: op.median('gaps'),
      ratio: 'd => op.sum(d.whole) / op.count()',
    });
    compare({ key: op.mean('exact'), 1: op.count() });
    compare({ n: op.count(), key: op.median('exact'), day: op.max('day') });
    compare({});
    compare(new Map([['mean', op.mean('exact')]]) as never);
  });
});
