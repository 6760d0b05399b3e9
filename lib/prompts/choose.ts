/** A choice of template row by row. */
import type { Hydrator } from './template.ts';

/**
 * Makes the text of each row with the template that `choose` returns for it.
 *
 * @throws when a row is hydrated for which `choose` returns no template
 * @example
 * const short = new PromptTemplate('Q: {question}');
 * const long = new PromptTemplate('Context: {context}\nQ: {question}');
 * const either = chooseTemplate((row: { context?: string }) => (row.context ? long : short));
 * either.hydrate({ question: 'Why?' }); // 'Q: Why?'
 */
export function chooseTemplate<Row extends object>(choose: (row: Row) => Hydrator): Hydrator<Row> {
  return {
    hydrate(row) {
      const template = choose(row);
      if (typeof template?.hydrate !== 'function') {
        throw new TypeError(
          `The function given to chooseTemplate returned ${String(template)} for the row with the columns ${Object.keys(row).join(', ')}; return a template.`,
        );
      }
      return template.hydrate(row);
    },
  };
}
