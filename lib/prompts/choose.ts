/** A choice of template row by row. */
import type { Hydrator } from './template.ts';

/** A template for each row. */
export interface TemplateChoice<Row extends object, Template extends Hydrator<Row> = Hydrator<Row>>
  extends Hydrator<Row> {
  /**
   * The template of a row, and with it the stop strings that belong to its text.
   *
   * @throws if none was chosen for the row
   */
  templateFor(row: Row): Template;
}

/**
 * Makes the text of each row with the template that `choose` returns for it.
 *
 * @throws when a row is hydrated for which `choose` returns no template
 * @example
 * const short = new PromptTemplate('Q: {question}\nA:', { stop: ['\n'] });
 * const long = new PromptTemplate('Context: {context}\n\nQ: {question}\nA:', { stop: ['\nContext:'] });
 * const either = chooseTemplate((row: { question: string; context?: string }) => (row.context ? long : short));
 * either.hydrate({ question: 'Why?' }); // 'Q: Why?\nA:'
 * either.templateFor({ question: 'Why?' }).stop; // ['\n']
 */
export function chooseTemplate<Row extends object, Template extends Hydrator<Row>>(
  choose: (row: Row) => Template,
): TemplateChoice<Row, Template> {
  const templateFor = (row: Row): Template => {
    const template = choose(row);
    if (typeof template?.hydrate !== 'function') {
      throw new TypeError(
        `The function given to chooseTemplate returned ${String(template)} for the row with the columns ${Object.keys(row).join(', ')}; return a template.`,
      );
    }
    return template;
  };
  return { templateFor, hydrate: row => templateFor(row).hydrate(row) };
}
