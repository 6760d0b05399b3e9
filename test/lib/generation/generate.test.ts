import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { generate, inference } from '../../../lib/generation/index.ts';
import { AutoModelForCausalLM, type CausalLM } from '../../../lib/models/index.ts';
import { devices } from '../devices.ts';
import { makeModel, makeTokenizer, POSITIONS, TOKENS, VOCABULARY } from './model.ts';

const PROMPT = [7, 3, 90, 41, 12];

const runs = devices.flatMap(device => [['gpt_neox', device] as const, ['llama', device] as const]);

describe.each(runs)('%s on %s', (kind, device) => {
  const model = makeModel(kind, { device });
  const onCpu = makeModel(kind);

  it('continues token by token as if it read the whole text each time', async () => {
    const text = [...PROMPT];
    for (let i = 0; i < 70; i++) text.push(await likeliest(onCpu, text));
    expect(await model.generate(PROMPT, { maxNewTokens: 70 })).toEqual([text]);
  });

  it('reads a prompt that takes several runs', async () => {
    const prompt = Array.from({ length: 530 }, (_, i) => (i * 31) % TOKENS);
    const [text] = await model.generate(prompt, { maxNewTokens: 1 });
    expect(text!.at(-1)).toBe(await likeliest(onCpu, prompt));
  });

  it('gives each row of a batch that is padded on the left what it gives the row alone', async () => {
    const rows = [[5, 6, 7, 8, 9, 10, 11], PROMPT, [250]];
    const inputIds = rows.map(row => [...new Array<number>(7 - row.length).fill(0), ...row]);
    const attentionMask = rows.map(row => [
      ...new Array<number>(7 - row.length).fill(0),
      ...row.map(() => 1),
    ]);
    const batch = await model.generate({ inputIds, attentionMask }, { maxNewTokens: 20 });
    for (const [i, row] of rows.entries()) {
      const [alone] = await model.generate(row, { maxNewTokens: 20 });
      expect(batch[i]!.slice(7)).toEqual(alone!.slice(row.length));
    }
  });
});

describe('options', () => {
  const model = makeModel();

  it('ends a row with its end token and fills it up while others go on', async () => {
    const prompts = [PROMPT, [5, 6, 7, 8, 9]];
    const options = { maxNewTokens: 12, noRepeatNgramSize: 1 };
    const [first, second] = await model.generate(prompts, options);
    const eosTokenId = first!.slice(8).find(id => !second!.includes(id))!;
    const ended = first!.slice(0, first!.indexOf(eosTokenId) + 1);
    const fill = (id: number) => [...ended, ...new Array<number>(17 - ended.length).fill(id)];
    const rows = await model.generate(prompts, { ...options, eosTokenId, padTokenId: 1 });
    expect(rows).toEqual([fill(1), second]);
    expect(await model.generate(prompts, { ...options, eosTokenId })).toEqual([fill(eosTokenId), second]);
  });

  it('lets a text end only after minNewTokens', async () => {
    const [free] = await model.generate(PROMPT, { maxNewTokens: 8 });
    const eosTokenId = free![PROMPT.length]!;
    expect(await model.generate(PROMPT, { maxNewTokens: 8, eosTokenId })).toEqual([free!.slice(0, 6)]);
    const [longer] = await model.generate(PROMPT, { maxNewTokens: 8, eosTokenId, minNewTokens: 4 });
    expect(longer!.length).toBeGreaterThanOrEqual(PROMPT.length + 4);
    expect(longer!.slice(PROMPT.length, PROMPT.length + 4)).not.toContain(eosTokenId);
  });

  it('adds 20 tokens where nothing is said', async () => {
    expect((await model.generate(PROMPT))[0]).toHaveLength(25);
  });

  it('takes what generation_config.json says before its own defaults, and keeps it when a model is saved', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tunelab-generation-'));
    try {
      await model.savePretrained(join(root, 'a'));
      writeFileSync(join(root, 'a', 'generation_config.json'), '{"max_new_tokens": 3, "eos_token_id": null}');
      await (await AutoModelForCausalLM.fromPretrained(join(root, 'a'))).savePretrained(join(root, 'b'));
      const loaded = await AutoModelForCausalLM.fromPretrained(join(root, 'b'));
      expect((await loaded.generate(PROMPT))[0]).toHaveLength(8);
      expect((await loaded.generate(PROMPT, { maxNewTokens: 2 }))[0]).toHaveLength(7);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('chooses no number that the tokenizer has no token for', async () => {
    const tokenizer = await makeTokenizer();
    const options = { doSample: true, topK: 0, temperature: 100, seed: 1, maxNewTokens: 300 };
    const [free] = await model.generate(PROMPT, options);
    const [masked] = await model.generate(PROMPT, { ...options, tokenizer });
    expect(Math.max(...free!)).toBeGreaterThanOrEqual(TOKENS);
    expect(Math.max(...masked!)).toBeLessThan(TOKENS);
    const [without] = await model.generate(PROMPT, { maxNewTokens: 40, suppressTokens: free!.slice(5) });
    expect(without!.slice(5).filter(id => free!.slice(5).includes(id))).toEqual([]);
  });

  it('draws the same with the same seed, and something else with another', async () => {
    const draw = (seed: number) => generate(model, PROMPT, { doSample: true, seed, maxNewTokens: 30 });
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });

  it('returns several texts of one prompt, drawn or as beams', async () => {
    const drawn = await model.generate(PROMPT, { doSample: true, numReturnSequences: 3, seed: 3 });
    expect(new Set(drawn.map(String)).size).toBe(3);
    const beams = await model.generate(PROMPT, {
      doSample: true,
      numBeams: 4,
      numReturnSequences: 4,
      seed: 3,
    });
    expect(new Set(beams.map(String)).size).toBe(4);
  });

  it('stops where a stop string is complete', async () => {
    const tokenizer = await makeTokenizer();
    const [free] = await model.generate(PROMPT, { maxNewTokens: 30, tokenizer });
    const text = tokenizer.decode(free!.slice(5));
    const stop = text.slice(6, 9);
    const [stopped] = await model.generate(PROMPT, {
      maxNewTokens: 30,
      tokenizer,
      stopStrings: ['nowhere', stop],
    });
    const found = tokenizer.decode(stopped!.slice(5));
    expect(stopped!.length).toBeLessThan(free!.length);
    expect(found.endsWith(stop)).toBe(true);
    expect(found.indexOf(stop)).toBe(found.length - stop.length);
  });

  it('does not stop at a stop string that is in the prompt already', async () => {
    const tokenizer = await makeTokenizer();
    const prompt = await tokenizer.encode('hello###');
    const options = { maxNewTokens: 5, tokenizer, suppressTokens: await tokenizer.encode('#') };
    expect((await model.generate(prompt, { ...options, stopStrings: '###' }))[0]).toHaveLength(
      prompt.length + 5,
    );
  });

  it('can be ended by a signal, and lets other work run meanwhile', async () => {
    const controller = new AbortController();
    let turns = 0;
    const watch = (async () => {
      for (; turns < 5; turns++) await setImmediate();
      controller.abort(new Error('enough'));
    })();
    await expect(model.generate(PROMPT, { maxNewTokens: 500, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
    await watch;
    expect(turns).toBe(5);
  });

  it('follows the weights when they change', async () => {
    const own = makeModel();
    const before = await own.generate(PROMPT, { maxNewTokens: 10 });
    const head = own.weights.get('embed_out.weight')!;
    own.weights.set('embed_out.weight', { ...head, data: head.data.map(x => -x) });
    const after = await own.generate(PROMPT, { maxNewTokens: 10 });
    expect(after).not.toEqual(before);
    expect(after[0]![5]).toBe(await likeliest(own, PROMPT));
  });
});

describe('mistakes are named', () => {
  const model = makeModel();
  const long = new Array<number>(POSITIONS + 1).fill(3);
  it.each([
    ['an empty prompt', [], {}, 'The prompt is empty'],
    ['a text', 'Once', {}, 'A prompt is token ids, not "Once"; generate(await tokenizer(text))'],
    ['a promise', Promise.resolve([1]), {}, "a tokenizer's promise must be awaited"],
    [
      'rows of different lengths',
      [[1, 2], [3]],
      {},
      'Row 1 of the prompts has 1 tokens and row 0 has 2; pad them',
    ],
    [
      'an id outside the embedding',
      [4, 999],
      {},
      `the token 999, and the model's embedding has ${VOCABULARY} rows`,
    ],
    ['an id that is no number', [4, Number.NaN], {}, 'The prompt has the token NaN'],
    ['a prompt that is too long', long, {}, `has ${POSITIONS + 1} tokens and the model takes ${POSITIONS}`],
    ['more than the positions', [1, 2], { maxNewTokens: 700 }, 'make 702, and the model takes 600 at most'],
    ['a maxLength that is reached', [1, 2, 3], { maxLength: 3 }, 'has 3 tokens already and maxLength is 3'],
    [
      'padding on the right',
      { inputIds: [[1, 2]], attentionMask: [[1, 0]] },
      {},
      'Row 0 of the prompts ends in padding',
    ],
    [
      'a mask of another length',
      { inputIds: [[1, 2]], attentionMask: [[1]] },
      {},
      'Row 0 of attentionMask must',
    ],
    ['a temperature of 0', [1], { doSample: true, temperature: 0 }, 'temperature must be above 0, not 0.'],
    ['a topP above 1', [1], { topP: 1.5 }, 'topP must be above 0 and at most 1, not 1.5.'],
    ['half a beam', [1], { numBeams: 1.5 }, 'numBeams must be a whole number from 1 on, not 1.5.'],
    ['maxNewTokens 0', [1], { maxNewTokens: 0 }, 'maxNewTokens must be a whole number from 1 on, not 0.'],
    ['several likeliest texts', [1], { numReturnSequences: 2 }, 'set doSample or numBeams'],
    [
      'more texts than beams',
      [1],
      { numBeams: 2, numReturnSequences: 3 },
      'numReturnSequences is 3 and numBeams 2',
    ],
    ['an end outside the vocabulary', [1], { eosTokenId: 272 }, 'eosTokenId is 272'],
    ['a stop string without a tokenizer', [1], { stopStrings: 'x' }, 'stopStrings needs tokenizer'],
    [
      "Python's spelling",
      [1],
      { max_new_tokens: 3 },
      'generate has no option "max_new_tokens"; the nearest is maxNewTokens; there are maxNewTokens, maxLength,',
    ],
    ['an unknown option', [1], { topQ: 3 }, 'generate has no option "topQ"; the nearest is topK; there are'],
  ])('%s', async (_, input, options, message) => {
    await expect(generate(model, input as number[], options as object)).rejects.toThrow(message);
  });

  it("a tokenizer that has more tokens than the model's embedding", async () => {
    const tokenizer = await makeTokenizer();
    tokenizer.addTokens(Array.from({ length: VOCABULARY - TOKENS + 1 }, (_, i) => `<user${i}>`));
    await expect(inference(`Hello <user${VOCABULARY - TOKENS}>`, model, tokenizer)).rejects.toThrow(
      `The prompt has the token 272 (<user${VOCABULARY - TOKENS}>), and the model's embedding has 272 rows`,
    );
  });

  it('weights that training has made NaN', async () => {
    const broken = makeModel();
    const name = 'gpt_neox.final_layer_norm.weight';
    const { shape, data } = broken.weights.get(name)!;
    broken.weights.set(name, { dtype: 'float32', shape, data: data.map(() => Number.NaN) });
    for (const options of [{}, { doSample: true, seed: 1 }, { numBeams: 2 }]) {
      await expect(generate(broken, PROMPT, options)).rejects.toThrow('NaN where there should be logits');
    }
  });

  it('nothing to fill short rows with', async () => {
    const tokenizer = await makeTokenizer();
    const prompts = [PROMPT, [5, 6, 7, 8, 9]];
    const options = { maxNewTokens: 12, noRepeatNgramSize: 1, tokenizer };
    const [first, second] = await model.generate(prompts, options);
    const stopStrings = tokenizer.decode([first!.slice(5).find(id => !second!.includes(id))!]);
    await expect(generate(model, prompts, { ...options, stopStrings })).rejects.toThrow(
      'say with padTokenId what fills the short ones',
    );
  });
});

/** The token with the largest logit after a text that is read at once. */
async function likeliest(model: CausalLM, text: readonly number[]): Promise<number> {
  const { logits } = await model.forward({ inputIds: [text] });
  const last = logits.data.subarray(-model.architecture.vocabularySize);
  return last.indexOf(Math.max(...last));
}
