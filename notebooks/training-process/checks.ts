/** Checks of the exercises in lesson 5: each prints what is right, or what is still wrong. */
import { kindOf, notYet, right, toDo } from '../verdict.ts';

/** What the checks need of a tokenizer and of a model. */
interface Tokenizer {
  encode(text: string): Promise<number[]>;
}

interface Model {
  forward(batch: { inputIds: number[][]; labels: number[][] }): Promise<{ loss?: number }>;
}

interface Row {
  readonly question: string;
  readonly answer: string;
  readonly inputIds: readonly number[];
}

/** The label that the loss leaves out. */
const LEFT_OUT = -100;
/** Rows, batch size, accumulation, epochs, and how many steps that is. */
const PLANS = [
  [8, 1, 4, 1, 2],
  [630, 1, 4, 2, 316],
  [630, 2, 8, 3, 120],
  [9, 4, 1, 2, 6],
  [9, 4, 2, 1, 2],
] as const;
const SENTENCES = [
  'She opened the door and looked at the garden.',
  'Door the opened garden and at looked the she.',
];

/** Exercise 1: the number of steps of a training run. */
export function checkSteps(steps: unknown): void {
  console.log(judgeSteps(steps));
}

/** Exercise 2: the perplexity of a text. */
export async function checkPerplexity(
  perplexity: unknown,
  model: Model,
  tokenizer: Tokenizer,
): Promise<void> {
  console.log(await judgePerplexity(perplexity, model, tokenizer));
}

/** Exercise 3: labels of a row that count its answer alone. */
export async function checkAnswerLabels(labels: unknown, row: Row, tokenizer: Tokenizer): Promise<void> {
  console.log(await judgeAnswerLabels(labels, row, tokenizer));
}

function judgeSteps(steps: unknown): string {
  if (steps === undefined) return toDo('steps has no value yet.');
  if (typeof steps !== 'function') return notYet(`steps should be a function, and it is ${kindOf(steps)}.`);
  for (const [rows, batchSize, accumulation, epochs, wanted] of PLANS) {
    const found: unknown = steps(rows, batchSize, accumulation, epochs);
    if (found === wanted) continue;
    const given = typeof found === 'number' ? String(found) : kindOf(found);
    return notYet(
      `for ${rows} rows in batches of ${batchSize}, accumulated over ${accumulation}, and ${epochs} epochs it gives ${given}.`,
    );
  }
  return right('630 rows make 120 steps, and the other cases are right, too.');
}

async function judgePerplexity(perplexity: unknown, model: Model, tokenizer: Tokenizer): Promise<string> {
  if (perplexity === undefined) return toDo('perplexity has no value yet.');
  if (typeof perplexity !== 'function') {
    return notYet(`perplexity should be a function, and it is ${kindOf(perplexity)}.`);
  }
  const found: number[] = [];
  for (const sentence of SENTENCES) {
    const inputIds = [await tokenizer.encode(sentence)];
    const { loss } = await model.forward({ inputIds, labels: inputIds });
    const pending: unknown = perplexity(sentence);
    const value: unknown = await pending;
    if (typeof value !== 'number') return notYet(`it should give a number, and it gives ${kindOf(value)}.`);
    if (Math.abs(value - loss!) < 1e-3) return notYet('that is the loss; the perplexity is e to its power.');
    if (Math.abs(value / Math.exp(loss!) - 1) > 1e-3) {
      return notYet(
        `of "${sentence}" it gives ${value.toPrecision(4)}; is the loss that of this text alone?`,
      );
    }
    found.push(value);
  }
  const [natural, mixed] = found.map(value => value.toFixed(0));
  return right(`${natural} for "${SENTENCES[0]}" and ${mixed} for the same words in disorder.`);
}

async function judgeAnswerLabels(labels: unknown, row: Row, tokenizer: Tokenizer): Promise<string> {
  if (labels === undefined) return toDo('labels has no value yet.');
  if (!Array.isArray(labels)) return notYet(`labels should be an array, and it is ${kindOf(labels)}.`);
  const { question, inputIds } = row;
  if (labels.length !== inputIds.length) {
    return notYet(`there are ${labels.length} labels, and the row has ${inputIds.length} tokens.`);
  }
  const prompt = await tokenizer.encode(`### Question:\n${question}\n\n### Answer:`);
  for (const [i, label] of labels.entries()) {
    if (i < prompt.length && label !== LEFT_OUT) {
      return notYet(`token ${i} belongs to the prompt, and its label is ${label}.`);
    }
    if (i < prompt.length || label === inputIds[i]) continue;
    return label === LEFT_OUT
      ? notYet(`token ${i} belongs to the answer, and its label is ${LEFT_OUT}.`)
      : notYet(`the label of token ${i} should be its id, ${inputIds[i]}, and it is ${label}.`);
  }
  return right(
    `${prompt.length} labels are left out, and the ${labels.length - prompt.length} of the answer count.`,
  );
}
