import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { AutoTokenizer, type PreTrainedTokenizer } from '../../../lib/tokenizers/index.ts';
import { folder } from './tiny.ts';

const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const read = (path: string) => readFileSync(`${data}/${path}`, 'utf8');
const loaded = (file: string) =>
  AutoTokenizer.fromPretrained(folder({ 'tokenizer.json': read(`tokenizers/${file}`) }));

interface Golden {
  readonly file: string;
  readonly vocab_size: number;
  readonly rows: readonly {
    readonly text: string;
    readonly ids: number[];
    readonly tokens: string[];
    /** In code points. */
    readonly offsets: [number, number][];
    readonly decoded: string;
  }[];
}

describe.skipIf(!existsSync(data))(
  'with the real tokenizers (skipped where the shared data is not there)',
  () => {
    let pythia: PreTrainedTokenizer;
    beforeAll(async () => {
      pythia = await loaded('gpt_neox_20b_tokenizer.json');
    });

    it("gives every figure of the course's lesson on data preparation", async () => {
      const texts = ['Hi, how are you?', "I'm good", 'Yes'];
      const ids = [12764, 13, 849, 403, 368, 32];
      expect((await pythia(texts[0] as string)).inputIds).toEqual(ids);
      expect(pythia.decode(ids)).toBe(texts[0]);
      expect(await pythia.encodeBatch(texts)).toEqual([ids, [42, 1353, 1175], [4374]]);
      await expect(pythia(texts, { padding: true })).rejects.toThrow(
        'tokenizer.padToken = tokenizer.eosToken',
      );

      pythia.padToken = pythia.eosToken;
      expect((await pythia(texts, { padding: true })).inputIds).toEqual([
        ids,
        [42, 1353, 1175, 0, 0, 0],
        [4374, 0, 0, 0, 0, 0],
      ]);
      const cut = await pythia(texts, { maxLength: 3, truncation: true });
      expect(cut.inputIds).toEqual([[12764, 13, 849], [42, 1353, 1175], [4374]]);
      pythia.truncationSide = 'left';
      const left = await pythia(texts, { maxLength: 3, truncation: true });
      expect(left.inputIds).toEqual([[403, 368, 32], [42, 1353, 1175], [4374]]);
      const both = await pythia(texts, { maxLength: 3, truncation: true, padding: true });
      expect(both.inputIds).toEqual([
        [403, 368, 32],
        [42, 1353, 1175],
        [4374, 0, 0],
      ]);
      pythia.truncationSide = 'right';
    });

    it('gives what the Rust tokenizers gave for awkward strings: ids, tokens, offsets and text', async () => {
      const golden = JSON.parse(read('tokenizers/golden.json')) as Record<string, Golden>;
      for (const { file, vocab_size, rows } of Object.values(golden)) {
        const tokenizer = await loaded(file);
        expect(tokenizer.length).toBe(vocab_size);
        expect(rows).toHaveLength(20);
        const texts = rows.map(row => row.text);
        const { inputIds, offsetMapping } = await tokenizer(texts, { returnOffsetsMapping: true });
        for (const [index, { text, ids, tokens, offsets, decoded }] of rows.entries()) {
          expect(inputIds[index]).toEqual(ids);
          expect(tokenizer.convertIdsToTokens(ids)).toEqual(tokens);
          const characters = [...text];
          const utf16 = offsets.map(pair => pair.map(at => characters.slice(0, at).join('').length));
          expect(offsetMapping[index]).toEqual(utf16);
          expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(decoded);
        }
      }
    });

    it('counts the tokens of the documentation set', async () => {
      const rows = read('lamini/lamini_docs.jsonl')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as { question: string; answer: string });
      const hydrated = `### Question:\n${rows[0]?.question}\n\n### Answer:${rows[0]?.answer}`;
      const first = await pythia.encode(hydrated);
      expect([first.length, ...first.slice(0, 4)]).toEqual([86, 4118, 19782, 27, 187]);

      const golden = JSON.parse(read('lamini/golden_split_tokens.json'));
      const ids = await pythia.encodeBatch(rows.map(row => row.question + row.answer));
      expect(ids.map(row => row.length)).toEqual(golden.token_lengths);
      expect(ids.slice(0, 20)).toEqual(golden.tokens_first_20);
      // Over the lists as Python's json writes them, with a space after each comma.
      const text = JSON.stringify(ids).replaceAll(',', ', ');
      expect(createHash('sha256').update(text).digest('hex')).toBe(golden.tokens_sha256);
    });

    it('decodes every token of the vocabulary as the native package does', async () => {
      const { Tokenizer } = await import('tokenizers');
      const native = Tokenizer.fromString(read('tokenizers/gpt_neox_20b_tokenizer.json'));
      const ids = Array.from({ length: pythia.length }, (_, id) => [id]);
      expect(pythia.batchDecode(ids)).toEqual(await native.decodeBatch(ids, false));
      const all = ids.flat();
      expect(pythia.decode(all, { skipSpecialTokens: true })).toBe(await native.decode(all, true));
    });

    it('trains as AutoTokenizer does in Python (transformers 5.18), the 23 runs of spaces kept', async () => {
      const lines = ['low lower lowest  new', 'def f():\n    return  1', 'wide wider widest   new newest'];
      const own = await pythia.trainNewFromIterator(Array(5).fill(lines), 268);
      expect([own.vocabSize, own.length]).toEqual([268, 291]);
      expect(own.decode([265, 266, 267])).toBe('   newlow');
      const tokens = [
        'de',
        'f',
        'Ġ',
        'f',
        '(',
        ')',
        ':',
        'Ċ',
        '    ',
        'r',
        'e',
        't',
        'u',
        'r',
        'n',
        '  ',
        '1',
      ];
      expect(await own.tokenize('def f():\n    return  1')).toEqual(tokens);
    });

    it('shows what the wrong tokenizer makes of ids', async () => {
      const gpt2 = await loaded('gpt2_tokenizer.json');
      expect(gpt2.decode(await pythia.encode('Hi, how are you?'))).not.toContain('how are you');
    });
  },
);
