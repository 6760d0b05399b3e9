/** What goes into the pretraining corpus, and what is left out. */
import { describe, expect, it, test } from 'vitest';
import { load } from './load.ts';

type Kind = 'prose' | 'manual';
const { normalise, rejection, withoutAnnouncement } = await load<{
  normalise(text: string): string;
  rejection(text: string, kind: Kind): string | undefined;
  withoutAnnouncement(text: string): string;
}>('clean.mjs');
const { documentsOf } = await load<{ documentsOf(paragraphs: string[], aim?: number): string[] }>(
  'documents.mjs',
);
const { Seen } = await load<{ Seen: new () => { check(text: string): string | undefined } }>(
  'duplicates.mjs',
);

const PROSE =
  'The old man lived alone in a small house by the river, and every morning he went down to the water to see what the night had brought.';

describe('normalise', () => {
  test.each([
    ['composes letters', 'cafe\u0301', 'café'],
    ['straightens quotation marks', '“It’s ‘fine’,” he said.', "\"It's 'fine',\" he said."],
    ['gives dashes one form', 'the end--or so--was near — very', 'the end - or so - was near - very'],
    ['joins white space and drops invisible characters', ' a\u200b\u00ad \n\t b\u0000', 'a b'],
    ['takes emphasis out of books', 'and _that_ is all', 'and that is all'],
    ['leaves names with underscores', 'call __init__ or read_csv(x_y)', 'call __init__ or read_csv(x_y)'],
    ['closes gaps before punctuation', 'yes , it is .', 'yes, it is.'],
  ])('%s', (_, text, wanted) => {
    expect(normalise(text)).toBe(wanted);
    expect(normalise(wanted)).toBe(wanted);
  });
});

describe('rejection', () => {
  it('keeps prose, and short dialogue in literature only', () => {
    expect(rejection(PROSE, 'prose')).toBeUndefined();
    expect(rejection(PROSE, 'manual')).toBeUndefined();
    expect(rejection('"I will," said the Goose.', 'prose')).toBeUndefined();
    expect(rejection('"I will," said the Goose.', 'manual')).toBe('too short');
    expect(rejection('Then he turned to the others and said:', 'prose')).toBeUndefined();
  });

  test.each<[string, string]>([
    ['no sentence', `${PROSE.slice(0, -1)}`],
    ['no sentence', `the rest of a sentence. ${PROSE}`],
    ['legal text', `Copyright 2020 by the authors. ${PROSE}`],
    ['legal text', `Permission is hereby granted, free of charge. ${PROSE}`],
    [
      'addresses',
      `See https://example.org/a and write to me@example.org for more about this and that, please.`,
    ],
    [
      'symbols',
      `If x <= y && (a[i] != b[j] || c{k} == d) then {x, y} = [{1}, {2}]; see <T> and |x| + |y| >= 0.`,
    ],
    ['symbols', `A \uFFFD stands where a letter was lost. ${PROSE}`],
    [
      'numbers',
      `The values are 1023 4456 7789 1234 5567 and 8890, and after that 1234 5678 and then 9999 again.`,
    ],
    [
      'capitals',
      `THE QUICK BROWN FOX JUMPED OVER THE LAZY DOG AND RAN AWAY INTO THE DEEP DARK FOREST. IT WAS GONE.`,
    ],
    [
      'not English',
      `Gallia est omnis divisa partes tres quarum unam incolunt Belgae, aliam Aquitani, tertiam Celtae lingua appellantur.`,
    ],
    [
      'not English',
      `Der Fluß fließt schön über die großen, grünen Hügel, während müde Mädchen süße Früchte pflücken und hören.`,
    ],
    [
      'repetition',
      `Will you, will you, will you, will you, will you, will you, will you, will you, will you join the dance?`,
    ],
  ])('leaves out: %s', (reason, text) => {
    expect(rejection(text, 'manual')).toBe(reason);
  });
});

test('the announcement of a listing goes, the text before it stays', () => {
  expect(withoutAnnouncement('Open a file with open(). For example:')).toBe('Open a file with open().');
  expect(withoutAnnouncement('For example:')).toBe('');
  expect(withoutAnnouncement(PROSE)).toBe(PROSE);
});

describe('documentsOf', () => {
  it('packs paragraphs up to the aim and drops remnants under 200 characters', () => {
    const documents = documentsOf([PROSE, PROSE, PROSE, PROSE, 'A remnant.'], 400);
    expect(documents).toEqual([[PROSE, PROSE, PROSE].join('\n\n')]);
    expect(documentsOf(['Too short.'])).toEqual([]);
  });

  it('cuts what is too long between sentences, and loses none', () => {
    const long = Array.from({ length: 80 }, (_, number) => `This is sentence ${number}. ${PROSE}`).join(' ');
    const documents = documentsOf([long]);
    expect(documents.every(text => text.length >= 200 && text.length <= 4000)).toBe(true);
    expect(documents.join('\n\n').replaceAll('\n\n', ' ')).toBe(long);
  });
});

describe('Seen', () => {
  const words = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `word${(from + index) * 7919}`).join(' ');

  it('knows the same words again, whatever stands between them', () => {
    const seen = new Seen();
    expect(seen.check(PROSE)).toBeUndefined();
    expect(seen.check(PROSE.toUpperCase().replaceAll(' ', '  '))).toBe('duplicate');
    expect(seen.check('The end.')).toBeUndefined();
    expect(seen.check('The end!')).toBe('duplicate');
  });

  it('knows nearly the same words again, and lets through what shares less than half', () => {
    const seen = new Seen();
    expect(seen.check(words(0, 200))).toBeUndefined();
    expect(seen.check(words(5, 200))).toBe('near duplicate');
    expect(seen.check(words(120, 320))).toBeUndefined();
    expect(seen.check(words(1000, 1200))).toBeUndefined();
  });
});
