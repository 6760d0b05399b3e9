import { expect, it } from 'vitest';
import { PromptTemplate, templates } from '../../../lib/prompts/index.ts';
import { pairTemplate } from '../../../lib/runner/pairTemplate.ts';

it('makes the course’s two texts of a pair', () => {
  const pair = pairTemplate(templates.questionAnswer);
  const row = { question: 'Why {braces}?', answer: 'Because.\n' };
  expect(pair.text(row.question, row.answer)).toBe(templates.questionAnswer.hydrate(row));
  expect(pair.prompt(row.question)).toBe(templates.question.hydrate(row));
});

it('takes any two slots, the first to ask and the second to answer', () => {
  const pair = pairTemplate(new PromptTemplate('[INST]{instruction}[/INST] {response}'));
  expect(pair.prompt('Sit!')).toBe('[INST]Sit![/INST]');
  expect(pair.text('Sit!', 'No.')).toBe('[INST]Sit![/INST] No.');
});

it('cuts an answer at the first text that ends it', () => {
  const { cut } = pairTemplate(new PromptTemplate('{a} {b}', { stop: ['### Q', '\n\n'] }));
  expect(cut(' One.\n\nTwo. ### Q')).toBe('One.');
  expect(cut(' One. ### Q\n\nTwo.')).toBe('One.');
  expect(cut(' One. ')).toBe('One.');
  expect(cut('### Q: more')).toBe('');
});

it('refuses templates that it cannot ask with', () => {
  expect(() => pairTemplate(templates.question)).toThrow(
    "A runner's template has two slots, one for the input and one for the output, not 1: question.",
  );
  expect(() => pairTemplate(new PromptTemplate('{input} {output}</s>'))).toThrow(
    "A runner's template must end with its second slot, {output}",
  );
});
