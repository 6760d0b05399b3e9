import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { frame } from '../../../lib/frames/index.ts';
import { AnswerTable } from '../../../lib/runner/answerTable.ts';

const table = new AnswerTable([
  { question: 'Is 1 < 2?', 'tuned answer': 'Yes.', 'base answer': '', 'true answer': 'Yes.\nAlways.' },
  { question: 'Why?', 'tuned answer': '<b>', 'base answer': 'No & no', 'true answer': 'So.' },
]);

it('is a block for each question in a terminal', () => {
  expect(inspect(table)).toBe(
    [
      '1. Is 1 < 2?',
      '   tuned answer: Yes.',
      '   base answer: (nothing)',
      '   true answer: Yes.',
      '      Always.',
      '',
      '2. Why?',
      '   tuned answer: <b>',
      '   base answer: No & no',
      '   true answer: So.',
    ].join('\n'),
  );
});

it('is a table in a notebook, with texts as they are', () => {
  const display = table[Symbol.for('Jupyter.display') as never] as () => Record<string, string>;
  const bundle = display.call(table);
  expect(bundle['text/plain']).toBe(String(table));
  const cells = [...bundle['text/html']!.matchAll(/<t[hd] [^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell);
  expect(cells).toEqual([
    ...['question', 'tuned answer', 'base answer', 'true answer'],
    ...['Is 1 &lt; 2?', 'Yes.', '<em>nothing</em>', 'Yes.\nAlways.'],
    ...['Why?', '&lt;b&gt;', 'No &amp; no', 'So.'],
  ]);
});

it('is rows for whatever reads rows', async () => {
  const df = await frame(table);
  expect(df.columnNames()).toEqual(['question', 'tuned answer', 'base answer', 'true answer']);
  expect([...table].map(row => row['tuned answer'])).toEqual(['Yes.', '<b>']);
});
