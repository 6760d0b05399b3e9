import { describe, expect, it } from 'vitest';
import { inference, stream } from '../../../lib/generation/index.ts';
import { TextPieces } from '../../../lib/generation/textPieces.ts';
import { makeModel, makeTokenizer, POSITIONS } from './model.ts';

describe('stream', () => {
  it('gives the text of generate, in pieces that hold whole characters', async () => {
    const model = makeModel();
    const tokenizer = await makeTokenizer();
    const prompt = await tokenizer('hello');
    const options = { doSample: true, seed: 9, maxNewTokens: 60, tokenizer };
    const pieces: string[] = [];
    for await (const piece of stream(model, prompt, options)) pieces.push(piece);
    const [ids] = await model.generate(prompt, options);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('')).toBe(
      tokenizer.decode(ids!.slice(prompt.inputIds.length), { skipSpecialTokens: true }),
    );
  });

  it('holds a character back until its last byte is there', async () => {
    const tokenizer = await makeTokenizer();
    const pieces = new TextPieces(tokenizer, await tokenizer.encode('hello'));
    const found = (await tokenizer.encode(' hello größe 😀!')).map(id => pieces.push(id));
    expect(found.join('')).toBe(' hello größe 😀!');
    expect(found.filter(piece => piece.includes('\ufffd'))).toEqual([]);
    expect(found).toContain('😀');
    expect(pieces.end()).toBe('');
  });

  it('ends with a replacement sign where the text ends inside a character', async () => {
    const tokenizer = await makeTokenizer();
    const pieces = new TextPieces(tokenizer, []);
    const [first] = await tokenizer.encode('ö');
    expect([pieces.push(first!), pieces.end()]).toEqual(['', '\ufffd']);
  });

  it('refuses several prompts and beams', async () => {
    const tokenizer = await makeTokenizer();
    const model = makeModel();
    await expect(stream(model, [[1], [2]], { tokenizer }).next()).rejects.toThrow(
      'stream continues one prompt',
    );
    await expect(stream(model, [1], { tokenizer, numBeams: 2 }).next()).rejects.toThrow('numBeams is 2');
  });

  it('ends when its reader does', async () => {
    const tokenizer = await makeTokenizer();
    for await (const piece of stream(makeModel(), [5], { tokenizer, maxNewTokens: 500 })) {
      expect(piece).not.toBe('');
      break;
    }
  });
});

describe('inference', () => {
  it('gives what follows the text', async () => {
    const model = makeModel();
    const tokenizer = await makeTokenizer();
    const ids = await tokenizer.encode('hello hello');
    const [all] = await model.generate(ids, { maxNewTokens: 12, tokenizer });
    expect(await inference('hello hello', model, tokenizer, { maxOutputTokens: 12 })).toBe(
      tokenizer.decode(all!.slice(ids.length), { skipSpecialTokens: true }),
    );
  });

  it('cuts a text to maxInputTokens, and to what the model has room for', async () => {
    const model = makeModel();
    const tokenizer = await makeTokenizer();
    const options = { maxOutputTokens: 8 };
    const cut = await inference('hello world', model, tokenizer, { ...options, maxInputTokens: 1 });
    expect(cut).toBe(await inference('hello', model, tokenizer, options));
    const long = 'x'.repeat(2 * POSITIONS);
    expect(await inference(long, model, tokenizer, options)).toBe(
      await inference(long.slice(0, POSITIONS - 8), model, tokenizer, options),
    );
  });

  it('names what it cannot do', async () => {
    const [model, tokenizer] = [makeModel(), await makeTokenizer()];
    await expect(inference('', model, tokenizer)).rejects.toThrow('The prompt is empty');
    await expect(inference('x', model, tokenizer, { maxOutputTokens: 0 })).rejects.toThrow(
      'maxOutputTokens must',
    );
    await expect(inference('x', model, tokenizer, { maxOutputTokens: 600 })).rejects.toThrow(
      'maxOutputTokens is 600',
    );
  });
});
