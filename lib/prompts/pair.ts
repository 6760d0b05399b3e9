/** One training text of a row, whatever its columns are called. */

/** The column pairs that question-answer sets use, in the order in which they are looked for. */
const PAIRS = [
  ['question', 'answer'],
  ['instruction', 'response'],
  ['input', 'output'],
] as const;

/** The text to train on, and where the row holds a pair, its two halves. */
export type TrainingText =
  | { readonly text: string; readonly prompt: string; readonly completion: string }
  | { readonly text: string; readonly prompt?: undefined; readonly completion?: undefined };

/**
 * The training text of a row: question and answer, instruction and response, or input and output put together, or else its text.
 *
 * @throws naming the row's columns if it has none of these, or Alpaca's three, which need a template first
 * @example trainingText({ question: 'What is 2 + 2?', answer: ' 4' }).text; // 'What is 2 + 2? 4'
 */
export function trainingText(row: object): TrainingText {
  if (['instruction', 'input', 'output'].every(name => Object.hasOwn(row, name))) {
    throw new RangeError(
      'The row has instruction, input and output, so input and output alone would lose the instruction; hydrate it with templates.alpaca into input first, and leave instruction out.',
    );
  }
  for (const [first, second] of PAIRS) {
    if (!Object.hasOwn(row, first) || !Object.hasOwn(row, second)) continue;
    const prompt = readText(row, first);
    const completion = readText(row, second);
    return { text: prompt + completion, prompt, completion };
  }
  if (Object.hasOwn(row, 'text')) return { text: readText(row, 'text') };
  const wanted = PAIRS.map(pair => pair.join(' and ')).join(', ');
  throw new RangeError(
    `The row has the columns ${Object.keys(row).join(', ') || '(none)'}; training text needs ${wanted}, or text.`,
  );
}

function readText(row: object, column: string): string {
  const value = (row as Readonly<Record<string, unknown>>)[column];
  if (typeof value === 'string') return value;
  throw new TypeError(
    `The column "${column}" of the row holds ${value === null ? 'null' : `a value of type ${typeof value}`}; training text must be text.`,
  );
}
