/** The texts that the grammar makes up. */
import { describe, expect, it, test } from 'vitest';
import { load } from './load.ts';

type Random = () => number;
type Plot = {
  steps: string[][];
  asks: [string, string][];
  seasons?: string[];
  heroes?: string[];
  friends?: string[];
};
const { randomFrom, shuffle } = await load<{
  randomFrom(seed: number): Random;
  shuffle<T>(list: T[], random: Random): T[];
}>('random.mjs');
const { fill, list } = await load<{
  fill(template: string, world: Record<string, string>, random: Random): string;
  list(words: string[]): string;
}>('stories/grammar.mjs');
const { madeUpTexts } = await load<{ madeUpTexts(): { name: string; texts: Iterable<string> }[] }>(
  'stories.mjs',
);
const { CHILD_PLOTS, ANIMAL_PLOTS, OPENINGS, ANIMAL_OPENINGS, ENDINGS } = await load<{
  CHILD_PLOTS: Plot[];
  ANIMAL_PLOTS: Plot[];
  OPENINGS: string[];
  ANIMAL_OPENINGS: string[];
  ENDINGS: string[];
}>('stories/plots.mjs');
const { childWorld, animalWorld, plural } = await load<{
  childWorld(random: Random, seasons?: string[]): Record<string, string>;
  animalWorld(
    random: Random,
    heroes: string[],
    friends: string[],
    seasons?: string[],
  ): Record<string, string>;
  plural(noun: string): string;
}>('stories/words.mjs');
const { inWords, questionAndAnswer } = await load<{
  inWords(number: number): string;
  questionAndAnswer(random: Random): [string, string];
}>('stories/facts.mjs');
const { Seen } = await load<{ Seen: new () => { check(text: string): string | undefined } }>(
  'duplicates.mjs',
);

describe('fill', () => {
  const world = { h: 'the fox', he: 'she', thing: 'umbrella', animal: 'unicorn', inner: '{old|old} [thing]' };
  const random = randomFrom(1);

  it('chooses inside choices and puts words in, with capitals and the right article', () => {
    expect(
      fill(
        '[H] saw {a {[thing]|[thing]}|a [thing]}; [He] had a [animal], a [inner] and a hat.',
        world,
        random,
      ),
    ).toBe('The fox saw an umbrella; She had a unicorn, an old umbrella and a hat.');
    expect(fill('A [thing] lay there for a hour.', world, random)).toBe('An umbrella lay there for an hour.');
  });

  it('names the template that wants a word nobody has', () => {
    expect(() => fill('A [horse].', world, random)).toThrow('No word for [horse] in: A [horse].');
  });
});

describe.each<[string, Plot[], (plot: Plot, random: Random) => Record<string, string>, string[]]>([
  ['children', CHILD_PLOTS, (plot, random) => childWorld(random, plot.seasons), OPENINGS],
  [
    'animals',
    ANIMAL_PLOTS,
    (plot, random) => animalWorld(random, plot.heroes ?? [], plot.friends ?? [], plot.seasons),
    ANIMAL_OPENINGS,
  ],
])('plots with %s', (_, plots, worldFor, openings) => {
  it('have every word that any way of telling wants, and leave no mark of the grammar behind', () => {
    const random = randomFrom(7);
    for (const plot of plots) {
      const templates = [...plot.steps.flat(), ...plot.asks.flat(), ...openings, ...ENDINGS];
      for (let round = 0; round < 20; round++)
        for (const template of templates) {
          const text = fill(template, worldFor(plot, random), random);
          expect(text).not.toMatch(/[[\]{}|]|undefined| {2}|\s[.,!?](?!\.)|\ba [aeio]|\.\.(?!\.)/);
          expect((text.match(/"/g) ?? []).length % 2, text).toBe(0);
          if (text) expect(text, template).toMatch(/^["A-Z].*[.!?]"?$/s);
        }
    }
  });
});

describe('madeUpTexts', () => {
  it('gives the same texts each time, hardly one like another', () => {
    const [first, again] = [madeUpTexts(), madeUpTexts()].map(kinds =>
      kinds.map(kind => take(kind.texts, 300)),
    );
    expect(first).toEqual(again);
    for (const texts of first as string[][]) {
      const seen = new Seen();
      const alike = texts.filter(text => seen.check(text)).length;
      expect(alike).toBeLessThan(0.03 * texts.length);
    }
  });
});

test('answers agree with their questions', () => {
  const random = randomFrom(3);
  for (let round = 0; round < 3000; round++) {
    const [question, answer] = questionAndAnswer(random);
    expect(question, answer).toMatch(/^[A-Z\d].*[?.]$/);
    expect(answer, question).toMatch(/^["A-Z\d].*[.]$/s);
    const sum = /^(?:What|How much) is (\d+) (plus|minus|times) (\d+)\?$/.exec(question);
    if (!sum) continue;
    const [a, b] = [Number(sum[1]), Number(sum[3])];
    const result = sum[2] === 'plus' ? a + b : sum[2] === 'minus' ? a - b : a * b;
    expect(answer).toBe(`${a} ${sum[2]} ${b} is ${result}.`);
  }
});

test('numbers in words, lists and plurals', () => {
  expect([0, 13, 40, 99, 100, 121].map(inWords)).toEqual([
    'zero',
    'thirteen',
    'forty',
    'ninety-nine',
    'one hundred',
    'one hundred and twenty-one',
  ]);
  expect(list(['apples', 'pears', 'plums'])).toBe('apples, pears and plums');
  expect(['cherry', 'peach', 'tomato', 'boy', 'fig'].map(plural)).toEqual([
    'cherries',
    'peaches',
    'tomatoes',
    'boys',
    'figs',
  ]);
});

test('a shuffle is a permutation that depends on the seed alone', () => {
  const numbers = Array.from({ length: 50 }, (_, index) => index);
  const once = shuffle([...numbers], randomFrom(42));
  expect(once).toEqual(shuffle([...numbers], randomFrom(42)));
  expect(once).not.toEqual(shuffle([...numbers], randomFrom(43)));
  expect([...once].sort((a, b) => a - b)).toEqual(numbers);
});

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    if (taken.length === count) break;
    taken.push(item);
  }
  return taken;
}
