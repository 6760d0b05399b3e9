import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateWithScores } from '../../../lib/generation/index.ts';
import { settle } from '../../../lib/generation/options.ts';
import { processorsFor } from '../../../lib/generation/processors.ts';
import { AutoModelForCausalLM, type CausalLM } from '../../../lib/models/index.ts';
import { referenceRuns } from '../devices.ts';

const GOLDEN = join(import.meta.dirname, '../../../../shared/data/golden');
const missing = !existsSync(GOLDEN);
const reason = missing ? ' (skipped: the reference values of ../shared/data/golden are not here)' : '';

interface Golden {
  readonly logits: { readonly last_row: readonly number[] };
  readonly left_padded: {
    readonly ids: number[][];
    readonly mask: number[][];
    readonly row1_last_logits_8: readonly number[];
  };
  readonly generate: {
    readonly prompt: readonly number[];
    readonly greedy_new20: readonly number[];
    readonly greedy_max_length12: readonly number[];
    readonly 'greedy_rep_penalty1.3': readonly number[];
    readonly greedy_no_repeat_ngram2: readonly number[];
    readonly beam4_new12: readonly number[];
    readonly beam4_early_lp2: readonly number[];
    readonly beam4_all: { readonly sequences: number[][]; readonly scores: readonly number[] };
  };
  readonly 'sampling_T0.7_k20_p0.9': { readonly kept_ids: number[]; readonly probs: number[] };
}

describe.skipIf(missing).each(referenceRuns)(
  `%s on %s continues as transformers 5.18${reason}`,
  (kind, device) => {
    let model: CausalLM;
    let golden: Golden;

    beforeAll(async () => {
      golden = JSON.parse(readFileSync(join(GOLDEN, 'golden.json'), 'utf8'))[kind] as Golden;
      model = await AutoModelForCausalLM.fromPretrained(join(GOLDEN, kind), { device });
    });

    it.each([
      ['greedy_new20', { maxNewTokens: 20 }],
      ['greedy_max_length12', { maxLength: 12 }],
      ['greedy_rep_penalty1.3', { maxNewTokens: 20, repetitionPenalty: 1.3 }],
      ['greedy_no_repeat_ngram2', { maxNewTokens: 20, noRepeatNgramSize: 2 }],
      ['beam4_new12', { maxNewTokens: 12, numBeams: 4 }],
      ['beam4_early_lp2', { maxNewTokens: 12, numBeams: 4, earlyStopping: true, lengthPenalty: 2 }],
    ] as const)('%s', async (name, options) => {
      const { prompt, [name]: expected } = golden.generate;
      expect(await model.generate(prompt, { ...options, padTokenId: 0 })).toEqual([expected]);
    });

    it('returns all four beams with their scores, to 1e-5', async () => {
      const { prompt, beam4_all } = golden.generate;
      const options = { maxNewTokens: 12, numBeams: 4, numReturnSequences: 4, padTokenId: 0 };
      const { sequences, sequencesScores } = await generateWithScores(model, prompt, options);
      expect(sequences).toEqual(beam4_all.sequences);
      for (const [i, score] of beam4_all.scores.entries()) expect(sequencesScores![i]).toBeCloseTo(score, 5);
    });

    it('draws from the same tokens with the same probabilities, to 1e-5', () => {
      const expected = golden['sampling_T0.7_k20_p0.9'];
      const scores = Float32Array.from(golden.logits.last_row);
      const options = { doSample: true, temperature: 0.7, topK: 20, topP: 0.9 };
      for (const process of processorsFor(settle(options, {}, scores.length), 0)) process([], scores);
      const kept = [...scores.keys()].filter(id => scores[id]! > -Infinity);
      expect(kept).toEqual(expected.kept_ids);
      const weights = kept.map(id => Math.exp(scores[id]!));
      const total = weights.reduce((a, b) => a + b);
      for (const [i, p] of expected.probs.entries()) expect(weights[i]! / total).toBeCloseTo(p, 5);
    });

    it('reads a prompt that is padded on the left', async () => {
      const { ids, mask, row1_last_logits_8 } = golden.left_padded;
      const cache = model.createCache(2);
      const { data } = await model.step({ inputIds: ids, attentionMask: mask }, cache);
      const row = data.subarray(model.architecture.vocabularySize);
      for (const [i, logit] of row1_last_logits_8.entries()) expect(row[i]).toBeCloseTo(logit, 4);
    });
  },
);
