/** Beam search: following the likeliest continuations at once, as transformers does it. */
import type { CausalLM } from '../models/index.ts';
import type { Settings } from './options.ts';
import { readTokens, rowOf } from './prefill.ts';
import { processorsFor } from './processors.ts';
import type { Prompt } from './prompt.ts';
import { type Random, randomNumbers } from './random.ts';
import { logSoftmax, sampleIndices } from './sample.ts';
import { stopFor } from './stop.ts';
import { topIndices } from './top.ts';

/** What keeps a beam from being chosen. */
const NEVER = -1e9;

interface Beam {
  readonly tokens: readonly number[];
  /** The sum of the log-probabilities of its new tokens; of a finished beam, divided by the length penalty. */
  readonly score: number;
  /** The row of the last step that it continues. */
  readonly row: number;
  readonly done: boolean;
}

/** The search for the continuations of one prompt. */
interface Search {
  running: Beam[];
  finished: Beam[];
  /** Whether a running beam may still become better than a finished one. */
  open: boolean;
}

export interface BeamResult {
  /** The best continuations of each prompt, prompt included. */
  readonly sequences: number[][];
  /** Their log-probabilities, divided by the length penalty. */
  readonly scores: number[];
}

export async function searchBeams(model: CausalLM, prompt: Prompt, settings: Settings): Promise<BeamResult> {
  const { numBeams, eosTokenIds, numReturnSequences, signal } = settings;
  const promptLength = prompt.inputIds[0]!.length;
  const { vocabularySize } = model.architecture;
  const processors = processorsFor(settings, promptLength);
  const stop = stopFor(settings, prompt.maxLength);
  const random = randomNumbers(settings.seed);
  const read = await readTokens(model, prompt, signal);
  const { cache } = read;

  const firstRows = prompt.inputIds.flatMap((_, i) => new Array<number>(numBeams).fill(i));
  cache.selectRows(firstRows);
  let logits = firstRows.map(row => rowOf(read.logits, row, vocabularySize));
  // At first all beams are the same; only one of them counts.
  const searches: Search[] = prompt.inputIds.map((tokens, i) => ({
    running: Array.from({ length: numBeams }, (_, beam) => ({
      tokens,
      score: beam === 0 ? 0 : NEVER,
      row: i * numBeams + beam,
      done: false,
    })),
    finished: Array.from({ length: numBeams }, () => ({ tokens, score: NEVER, row: 0, done: false })),
    open: true,
  }));
  // Enough for numBeams to go on even if all ends of the text are among the best.
  const candidates = Math.max(2, 1 + eosTokenIds.length) * numBeams;

  for (let length = promptLength; ; length++) {
    const newTokens = length + 1 - promptLength;
    let allDone = true;
    searches.forEach((search, i) => {
      const scores = new Float32Array(numBeams * vocabularySize);
      search.running.forEach(({ tokens, score }, beam) => {
        const row = rowOf(scores, beam, vocabularySize);
        row.set(logits[i * numBeams + beam]!);
        logSoftmax(row);
        for (const process of processors) process(tokens, row);
        for (let id = 0; id < row.length; id++) row[id]! += score;
      });
      const best = chooseBest(scores, candidates, settings, random).map((index): Beam => {
        const beam = Math.floor(index / vocabularySize);
        const tokens = [...search.running[beam]!.tokens, index % vocabularySize];
        return { tokens, score: scores[index]!, row: i * numBeams + beam, done: stop(tokens) };
      });
      allDone &&= best.every(({ done }) => done);
      search.running = byScore(
        best.map(beam => (beam.done ? { ...beam, score: beam.score + NEVER } : beam)),
      ).slice(0, numBeams);
      finish(search, best, newTokens, settings);
      search.open = mayImprove(search, newTokens, prompt.maxLength - promptLength, settings);
    });

    const stopEarly =
      settings.earlyStopping === true && searches.every(({ finished }) => finished.every(({ done }) => done));
    if (allDone || stopEarly || !searches.some(({ open }) => open)) break;
    signal?.throwIfAborted();
    const running = searches.flatMap(search => search.running);
    cache.selectRows(running.map(({ row }) => row));
    const { data } = await model.step({ inputIds: running.map(({ tokens }) => [tokens.at(-1)!]) }, cache);
    logits = running.map((_, row) => rowOf(data, row, vocabularySize));
    for (const [i, search] of searches.entries()) {
      search.running = search.running.map((beam, k) => ({ ...beam, row: i * numBeams + k }));
    }
  }
  const returned = searches.flatMap(({ finished }) => finished.slice(0, numReturnSequences));
  return { sequences: returned.map(({ tokens }) => [...tokens]), scores: returned.map(({ score }) => score) };
}

/** The candidates with the highest scores, or with `doSample` drawn by them. */
function chooseBest(scores: Float32Array, count: number, { doSample }: Settings, random: Random): number[] {
  return doSample ? sampleIndices(scores, count, random) : topIndices(scores, count);
}

/** Keeps the best of the beams that were finished before and those that just were. */
function finish(search: Search, best: readonly Beam[], newTokens: number, settings: Settings): void {
  const { numBeams, lengthPenalty, earlyStopping } = settings;
  const full = earlyStopping === true && search.finished.every(({ done }) => done);
  const judged = best.map((beam, i) => {
    const done = beam.done && i < numBeams;
    const penalties = Number(full) + Number(!search.open) + Number(!done);
    return { ...beam, done, score: beam.score / newTokens ** lengthPenalty + penalties * NEVER };
  });
  search.finished = byScore([...search.finished, ...judged]).slice(0, numBeams);
}

/** Whether the best running beam may become better than the worst finished one. */
function mayImprove(
  { running, finished, open }: Search,
  newTokens: number,
  maxNewTokens: number,
  { earlyStopping, lengthPenalty }: Settings,
): boolean {
  const length = earlyStopping === 'never' && lengthPenalty > 0 ? maxNewTokens : newTokens;
  const possible = running[0]!.score / length ** lengthPenalty;
  const worst = Math.min(...finished.map(({ score }) => score));
  return open && finished.some(({ done }) => possible > (done ? worst : NEVER));
}

const byScore = (beams: readonly Beam[]): Beam[] => beams.toSorted((a, b) => b.score - a.score);
