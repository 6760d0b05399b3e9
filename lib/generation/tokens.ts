/** Continuing texts a token at a time, by the likeliest token or by drawing one. */
import type { CausalLM } from '../models/index.ts';
import type { Settings } from './options.ts';
import { readTokens, rowOf } from './prefill.ts';
import { processorsFor } from './processors.ts';
import type { Prompt } from './prompt.ts';
import { randomNumbers } from './random.ts';
import { sampleToken } from './sample.ts';
import { stopFor } from './stop.ts';
import { argMax } from './top.ts';

/**
 * The next token of each row, until all rows are done.
 *
 * With `numReturnSequences` each prompt stands for so many rows. A row that is done goes on with padding.
 */
export async function* nextTokens(
  model: CausalLM,
  prompt: Prompt,
  settings: Settings,
): AsyncGenerator<number[], void> {
  const { numReturnSequences, doSample, padTokenId, signal } = settings;
  const { vocabularySize } = model.architecture;
  const processors = processorsFor(settings, prompt.inputIds[0]!.length);
  const stop = stopFor(settings, prompt.maxLength);
  const random = randomNumbers(settings.seed);
  const read = await readTokens(model, prompt, signal);
  const { cache } = read;

  const rows = prompt.inputIds.flatMap((_, i) => new Array<number>(numReturnSequences).fill(i));
  const texts = rows.map(row => [...prompt.inputIds[row]!]);
  const open = rows.map(() => true);
  cache.selectRows(rows);
  let logits = rows.map(row => rowOf(read.logits, row, vocabularySize));
  for (;;) {
    const next = texts.map((tokens, i) => {
      if (!open[i]) {
        if (padTokenId !== undefined) return padTokenId;
        throw new Error('Rows are done at different times; say with padTokenId what fills the short ones.');
      }
      // Rows that continue one prompt share its logits at first.
      const scores = processors.length > 0 ? logits[i]!.slice() : logits[i]!;
      for (const process of processors) process(tokens, scores);
      return doSample ? sampleToken(scores, random) : argMax(scores);
    });
    texts.forEach((tokens, i) => {
      tokens.push(next[i]!);
      if (open[i] && stop(tokens)) open[i] = false;
    });
    yield next;
    if (!open.includes(true)) return;
    signal?.throwIfAborted();
    const { data } = await model.step({ inputIds: next.map(id => [id]) }, cache);
    logits = rows.map((_, i) => rowOf(data, i, vocabularySize));
  }
}
