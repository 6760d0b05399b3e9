/** The two texts that a template makes of a pair: the one to learn from and the one to answer. */
import type { PromptTemplate } from '../prompts/index.ts';

/** A template of two slots, for the input and then, at its end, for the output. */
export interface PairTemplate {
  /** Input and output, as a model learns them. */
  text(input: string, output: string): string;
  /** The text up to where the output belongs, with no white space at its end: many tokens begin with a space. */
  prompt(input: string): string;
  /** An answer up to the first text that ends it, and without white space around it. */
  cut(answer: string): string;
  readonly stop: readonly string[];
}

/** @throws if the template has not two slots, or does not end with the second */
export function pairTemplate(template: PromptTemplate<string, string>): PairTemplate {
  const [input, output, ...others] = template.slots;
  if (input === undefined || output === undefined || others.length > 0) {
    throw new RangeError(
      `A runner's template has two slots, one for the input and one for the output, not ${template.slots.length}: ${template.slots.join(', ') || '(none)'}.`,
    );
  }
  if (!template.text.endsWith(`{${output}}`)) {
    throw new RangeError(
      `A runner's template must end with its second slot, {${output}}: what stands behind it cannot be told from an answer.`,
    );
  }
  const { stop } = template;
  const text = (question: string, answer: string): string =>
    template.format({ [input]: question, [output]: answer });
  return {
    text,
    stop,
    prompt: question => text(question, '').trimEnd(),
    cut(answer) {
      const ends = stop.map(end => answer.indexOf(end)).filter(at => at >= 0);
      return answer.slice(0, Math.min(answer.length, ...ends)).trim();
    },
  };
}
