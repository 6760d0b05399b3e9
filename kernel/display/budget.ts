/** `util.inspect` that gives up once it has formatted more text than anyone will read. */
import { type InspectOptions, inspect } from 'node:util';

const overBudget = Symbol('over budget');

/** The text form of a value, or undefined when its parts come to more than `limit` characters. */
export function inspectWithin(value: unknown, options: InspectOptions, limit: number): string | undefined {
  let spent = 0;
  // inspect passes each primitive through `stylize`; throwing there is the only way to stop it early.
  const stylize = (text: string): string => {
    spent += text.length + 1;
    if (spent > limit) throw overBudget;
    return text;
  };
  try {
    return inspect(value, { ...options, stylize } as InspectOptions);
  } catch (error) {
    if (error === overBudget) return undefined;
    throw error;
  }
}
