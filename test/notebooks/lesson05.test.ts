/** The exercises of lesson 5: what their checks say to right answers and to the usual wrong ones. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AutoModelForCausalLM } from '../../lib/models/index.ts';
import { templates } from '../../lib/prompts/index.ts';
import { AutoTokenizer } from '../../lib/tokenizers/index.ts';
import { checkAnswerLabels, checkPerplexity, checkSteps } from '../../notebooks/training-process/checks.ts';
import { printed } from './printed.ts';

const folder = fileURLToPath(new URL('../../models/tunelab-base', import.meta.url));
const tokenizer = await AutoTokenizer.fromPretrained(folder);

describe('exercise 1: how many steps', () => {
  const judged = (steps: unknown): Promise<string> => printed(() => checkSteps(steps));

  it('takes a function that rounds up twice', async () => {
    const steps = (rows: number, size: number, accumulation: number, epochs: number): number =>
      Math.ceil(Math.ceil(rows / size) / accumulation) * epochs;
    expect(await judged(steps)).toBe('✓ Right: 630 rows make 120 steps, and the other cases are right, too.');
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['a number', 120, /a function, and it is a number/],
    ['nothing returned', () => {}, /for 8 rows .* gives undefined/],
    [
      'rounding at the end',
      (r: number, s: number, a: number, e: number) => Math.ceil((r * e) / s / a),
      /gives 315/,
    ],
    ['rounding down', (r: number, s: number, a: number, e: number) => Math.floor(r / s / a) * e, /gives 314/],
    [
      'one rounding',
      (r: number, s: number, a: number, e: number) => Math.round(Math.ceil(r / s) / a) * e,
      /gives (117|2)/,
    ],
  ])('says what is wrong with %s', async (_, steps, message) => {
    expect(await judged(steps)).toMatch(message);
  });
});

describe('exercise 2: perplexity', async () => {
  const model = await AutoModelForCausalLM.fromPretrained(folder);
  const judged = (perplexity: unknown): Promise<string> =>
    printed(() => checkPerplexity(perplexity, model, tokenizer));
  const lossOf = async (text: string): Promise<number> => {
    const inputIds = [await tokenizer.encode(text)];
    return (await model.forward({ inputIds, labels: inputIds })).loss!;
  };

  it('finds the sentence in order more natural', async () => {
    const said = await judged(async (text: string) => Math.exp(await lossOf(text)));
    const [, natural, mixed] = said.match(/^✓ Right: (\d+) for .* and (\d+) for the same words/)!;
    expect(Number(natural)).toBeLessThan(Number(mixed) / 4);
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['the loss', lossOf, /that is the loss/],
    [
      'another base',
      async (text: string) => 2 ** (await lossOf(text)),
      /is the loss that of this text alone/,
    ],
    ['no number', () => 'many', /it gives a string/],
  ])('says what is wrong with %s', async (_, perplexity, message) => {
    expect(await judged(perplexity)).toMatch(message);
  });
});

describe('exercise 3: labels of the answer', async () => {
  const pair = { question: 'What is an epoch?', answer: 'One pass over the rows.' };
  const inputIds = await tokenizer.encode(templates.questionAnswer.format(pair) + tokenizer.eosToken);
  const row = { ...pair, inputIds };
  const { length } = await tokenizer.encode(templates.question.hydrate(pair));
  const right = inputIds.map((id, i) => (i < length ? -100 : id));
  const judged = (labels: unknown): Promise<string> =>
    printed(() => checkAnswerLabels(labels, row, tokenizer));

  it('takes the ids of the answer after -100 for the prompt', async () => {
    expect(await judged(right)).toBe(
      `✓ Right: ${length} labels are left out, and the ${right.length - length} of the answer count.`,
    );
  });

  it.each([
    ['nothing', undefined, /^○ To do/],
    ['a promise', Promise.resolve(right), /is an await missing/],
    ['the answer alone', right.slice(length), /labels, and the row has/],
    ['all ids', inputIds, /token 0 belongs to the prompt/],
    ['no end', [...right.slice(0, -1), -100], /belongs to the answer, and its label is -100/],
    ['ids that are shifted', [...right.slice(1), 0], /token \d+ belongs to the prompt/],
  ])('says what is wrong with %s', async (_, labels, message) => {
    expect(await judged(labels)).toMatch(message);
  });
});
