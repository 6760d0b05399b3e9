/** Reference: the hashes that ipykernel 7.4 gives these texts, and JupyterLab with it; exact. */
import { expect, test } from 'vitest';
import { HASH_SEED, murmur2 } from '../../../kernel/debugger/murmur2.ts';

test.each([
  ['', 3990065800],
  ['a', 2167009006],
  ['ab', 2805137849],
  ['abc', 3350977461],
  ['let x = 1;\nx + 1', 1337468207],
  ['é🎉 ü'.repeat(9), 3087036025],
])('%j', (text, hash) => {
  expect(murmur2(text, HASH_SEED)).toBe(hash);
});
