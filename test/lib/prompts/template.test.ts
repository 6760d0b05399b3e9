import { describe, expect, expectTypeOf, it } from 'vitest';
import { PromptTemplate, type SlotsOf } from '../../../lib/prompts/index.ts';

const pair = new PromptTemplate('### Question:\n{question}\n\n### Answer:\n{answer}');

describe('PromptTemplate', () => {
  it('puts each value in its slot', () => {
    expect(pair.format({ question: 'Why?', answer: 'Because.' })).toBe(
      '### Question:\nWhy?\n\n### Answer:\nBecause.',
    );
    expect(pair.slots).toEqual(['question', 'answer']);
  });

  it('fills a slot wherever it stands, and lists it once', () => {
    const echo = new PromptTemplate('{word} and {word}');
    expect(echo.format({ word: 'on' })).toBe('on and on');
    expect(echo.slots).toEqual(['word']);
  });

  it('writes doubled braces as single ones, also beside a slot', () => {
    expect(new PromptTemplate('{{"label": {label}}}').format({ label: 3 })).toBe('{"label": 3}');
    expect(new PromptTemplate('{{{x}}}').format({ x: 1 })).toBe('{1}');
    expect(new PromptTemplate('{{x}}').slots).toEqual([]);
  });

  it('leaves braces in a value as they are', () => {
    expect(pair.format({ question: '{answer} {{x}}', answer: '$& }' })).toBe(
      '### Question:\n{answer} {{x}}\n\n### Answer:\n$& }',
    );
  });

  it('writes numbers, bigints and booleans', () => {
    expect(new PromptTemplate('{a} {b} {c}').format({ a: 0.5, b: 7n, c: false })).toBe('0.5 7 false');
  });

  it('takes names with spaces, as columns of CSV files have them', () => {
    expect(new PromptTemplate('{Class Index}').hydrate({ 'Class Index': 3 })).toBe('3');
  });

  it('names a slot without a value and a value without a slot', () => {
    const open: PromptTemplate = new PromptTemplate(pair.text as string);
    expect(() => open.format({ question: 'Why?' })).toThrow(
      'The slot "answer" has no value; its slots are: question, answer.',
    );
    const message =
      'A template is filled from an object of values by slot, not undefined; its slots are: question, answer.';
    expect(() => open.format(undefined as never)).toThrow(message);
    expect(() => open.partial(undefined as never)).toThrow(message);
    expect(() => open.hydrate(undefined as never)).toThrow(message);
    expect(() => open.format({ question: 'Why?', answer: '', anwser: '' })).toThrow(
      'The template has no slot "anwser"; its slots are: question, answer.',
    );
    expect(() => new PromptTemplate('{toString}').hydrate({})).toThrow('no column "toString"');
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [{ a: 1 }, 'an object'],
    [['a'], 'an array'],
    [() => 1, 'a function'],
  ])('refuses the value %s and names its slot', (value, kind) => {
    expect(() => pair.format({ question: value as unknown as string, answer: '' })).toThrow(
      `The value of the slot "question" is ${kind}`,
    );
  });

  it('says which brace has no partner, and what is no slot', () => {
    expect(() => new PromptTemplate('a } b')).toThrow('The template has a single } at character 2');
    expect(() => new PromptTemplate('a { b')).toThrow('The template has a single { at character 2');
    expect(() => new PromptTemplate('{"label": 3}')).toThrow('{"label": 3} in the template is no slot');
    expect(() => new PromptTemplate('{}')).toThrow('{} in the template is no slot');
    expect(() => new PromptTemplate(null as unknown as string)).toThrow('A template is a text, not null.');
  });

  it('knows its slots as types', () => {
    expectTypeOf<SlotsOf<'{{a}} {b} {c d}}} {b}'>>().toEqualTypeOf<'b' | 'c d'>();
    expectTypeOf<SlotsOf<'no slots'>>().toEqualTypeOf<never>();
    expectTypeOf<SlotsOf<string>>().toEqualTypeOf<string>();
    // @ts-expect-error: the slot answer has no value
    expect(() => pair.format({ question: 'Why?' })).toThrow();
    // @ts-expect-error: there is no slot anwser
    expect(() => pair.format({ question: 'Why?', answer: '', anwser: '' })).toThrow();
  });
});

describe('hydrate on a template', () => {
  it('takes the columns that the template has slots for', () => {
    expect(pair.hydrate({ id: 7, question: 'Why?', answer: 'Because.' })).toBe(
      pair.format({ question: 'Why?', answer: 'Because.' }),
    );
  });

  it('names the column that is not there, and those that are', () => {
    expect(() => pair.hydrate({ question: 'Why?', reply: 'Because.' })).toThrow(
      'The row has no column "answer" for the template\'s slot; its columns are: question, reply.',
    );
  });
});

describe('partial', () => {
  it('fills some slots and leaves the others open, in text and in type', () => {
    const rest = pair.partial({ question: 'Which {braces}?' });
    expectTypeOf(rest.slots).toEqualTypeOf<readonly 'answer'[]>();
    expect(rest.slots).toEqual(['answer']);
    expect(rest.format({ answer: 'These.' })).toBe(
      pair.format({ question: 'Which {braces}?', answer: 'These.' }),
    );
  });

  it('keeps escapes and stop strings', () => {
    const template = new PromptTemplate('{{{a}{b}}}', { stop: ['END'] }).partial({ a: 1 });
    expect(template.format({ b: 2 })).toBe('{12}');
    expect(template.stop).toEqual(['END']);
  });

  it('refuses a value that has no slot', () => {
    expect(() => pair.partial({ topic: '' } as unknown as { question: string })).toThrow('no slot "topic"');
  });
});
