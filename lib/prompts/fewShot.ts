/** Few-shot prompts: solved examples in front of the question. */
import { escapeBraces } from './slots.ts';
import { type Hydrator, PromptTemplate } from './template.ts';

const SEPARATOR = '\n\n';

/**
 * The examples as text, hydrated one after another, with a blank line between them.
 *
 * @throws naming the example that lacks a column
 * @example formatExamples(templates.questionAnswer, [{ question: 'Is 7 prime?', answer: 'Yes.' }]);
 */
export function formatExamples<Row extends object>(template: Hydrator<Row>, examples: Iterable<Row>): string {
  return Array.from(examples, (example, index) => {
    try {
      return template.hydrate(example);
    } catch (error) {
      throw new Error(`Example ${index}: ${(error as Error).message}`, { cause: error });
    }
  }).join(SEPARATOR);
}

/**
 * A template with solved examples in front of it; braces in the examples stay as they are.
 *
 * @throws naming the example that lacks a column
 * @example
 * const examples = [{ question: 'Is 7 prime?', answer: 'Yes.' }];
 * fewShot(templates.questionAnswer, examples, templates.question).format({ question: 'Is 9 prime?' });
 */
export function fewShot<Row extends object, Slot extends string>(
  example: Hydrator<Row>,
  examples: Iterable<Row>,
  prompt: PromptTemplate<string, Slot>,
): PromptTemplate<string, Slot> {
  const shown = formatExamples(example, examples);
  const text = shown === '' ? prompt.text : `${escapeBraces(shown)}${SEPARATOR}${prompt.text}`;
  return new PromptTemplate(text, { stop: prompt.stop });
}
