import { describe, expect, it } from 'vitest';
import {
  classificationTemplate,
  fewShot,
  formatExamples,
  templates,
  trainingText,
} from '../../../lib/prompts/index.ts';

describe('templates', () => {
  it('question is questionAnswer up to where the answer begins', () => {
    const prompt = templates.question.format({ question: 'Why?' });
    const whole = templates.questionAnswer.format({ question: 'Why?', answer: 'Because.' });
    expect(whole).toBe(`${prompt}\nBecause.`);
    expect(templates.question.stop).toEqual(['### Question:']);
  });

  it('alpaca has an input part for rows with an input only', () => {
    const row = { instruction: 'Name the capital.', input: 'Norway', output: 'Oslo' };
    // The reference is what train.py of tatsu-lab/stanford_alpaca makes of the two rows.
    expect(templates.alpaca.hydrate(row)).toBe(
      'Below is an instruction that describes a task, paired with an input that provides further context. ' +
        'Write a response that appropriately completes the request.\n\n' +
        '### Instruction:\nName the capital.\n\n### Input:\nNorway\n\n### Response:',
    );
    const without =
      'Below is an instruction that describes a task. ' +
      'Write a response that appropriately completes the request.\n\n' +
      '### Instruction:\nName the capital.\n\n### Response:';
    expect(templates.alpaca.hydrate({ ...row, input: '' })).toBe(without);
    expect(templates.alpaca.hydrate({ instruction: 'Name the capital.' })).toBe(without);
    expect(templates.alpaca.stop).toEqual(['### Instruction:']);
  });
});

describe('trainingText', () => {
  it.each([
    ['question', 'answer'],
    ['instruction', 'response'],
    ['input', 'output'],
  ])('puts %s and %s together and keeps the halves', (first, second) => {
    expect(trainingText({ [first]: 'Why?', [second]: ' So.', text: 'unused' })).toEqual({
      text: 'Why? So.',
      prompt: 'Why?',
      completion: ' So.',
    });
  });

  it('takes text where there is no pair', () => {
    expect(trainingText({ text: 'Once upon a time', url: 'x' })).toEqual({ text: 'Once upon a time' });
  });

  it("names the row's columns when there is nothing to train on", () => {
    expect(() => trainingText({ question: 'Why?', reply: 'So.' })).toThrow(
      'The row has the columns question, reply; training text needs question and answer, instruction and response, input and output, or text.',
    );
    expect(() => trainingText({ text: 3 })).toThrow(
      'The column "text" of the row holds a value of type number',
    );
  });

  it('does not drop the instruction of an Alpaca row', () => {
    expect(() => trainingText({ instruction: 'Translate.', input: 'Hund', output: 'dog' })).toThrow(
      'templates.alpaca',
    );
  });
});

describe('few-shot prompts', () => {
  const examples = [
    { question: 'Is 7 prime?', answer: 'Yes.' },
    { question: 'What does { open?', answer: 'A block.' },
  ];

  it('show the examples before the question', () => {
    const prompt = fewShot(templates.questionAnswer, examples, templates.question);
    expect(prompt.slots).toEqual(['question']);
    expect(prompt.format({ question: 'Is 9 prime?' })).toBe(
      [
        '### Question:\nIs 7 prime?\n\n### Answer:\nYes.',
        '### Question:\nWhat does { open?\n\n### Answer:\nA block.',
        '### Question:\nIs 9 prime?\n\n### Answer:',
      ].join('\n\n'),
    );
  });

  it('are the plain prompt without examples', () => {
    expect(fewShot(templates.questionAnswer, [], templates.question).text).toBe(templates.question.text);
  });

  it('name the example that is not complete', () => {
    const incomplete: object[] = [examples[0]!, { question: 'Why?' }];
    expect(() => formatExamples(templates.questionAnswer, incomplete)).toThrow(
      'Example 1: The row has no column "answer"',
    );
  });
});

describe('classificationTemplate', () => {
  const labels = ['World', 'Sports', 'Business', 'Science/Technology'];

  it('asks for one of the labels', () => {
    const prompt = classificationTemplate({ labels, output: 'label' });
    expect(prompt.format({ text: 'The final went to penalties.' })).toBe(
      'Choose the label that fits the text: World, Sports, Business, Science/Technology.\n' +
        'Answer with the label alone.\n\nText: The final went to penalties.\nLabel:',
    );
    expect(prompt.stop).toEqual(['\n']);
  });

  it('shows examples in the form in which the answer is wanted', () => {
    const examples = [{ text: 'Shares {of X} rose.', label: 'Business' }];
    const text = classificationTemplate({ labels, output: 'json', examples }).format({ text: 'Rain.' });
    expect(text).toContain('Answer with JSON of the form {"label": "…"}');
    const shown = text.match(/Text: Shares \{of X\} rose\.\nJSON: (.*)\n\nText: Rain\.\nJSON:$/)?.[1];
    expect(JSON.parse(shown!)).toEqual({ label: 'Business' });
  });

  it('keeps braces in labels', () => {
    expect(classificationTemplate({ labels: ['{a}', 'b'], output: 'label' }).slots).toEqual(['text']);
  });

  it('refuses labels that leave no choice and examples outside of them', () => {
    expect(() => classificationTemplate({ labels: ['World'], output: 'label' })).toThrow(
      'at least two labels',
    );
    expect(() => classificationTemplate({ labels: ['a', 'b', 'a'], output: 'label' })).toThrow(
      '"a" is there twice',
    );
    expect(() =>
      classificationTemplate({ labels, output: 'label', examples: [{ text: 'x', label: 'Sport' }] }),
    ).toThrow('Example 0 has the label "Sport"; the labels are: World, Sports');
    expect(() => classificationTemplate({ labels, output: 'xml' as 'json' })).toThrow(
      `output must be 'label' or 'json', not "xml"`,
    );
  });
});
