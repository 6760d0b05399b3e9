import { afterEach, expect, it, vi } from 'vitest';
import { danfo } from '../../../lib/frames/index.ts';

afterEach(() => vi.restoreAllMocks());

it('loads danfo without what tfjs warns of where a notebook has loaded a tfjs of its own, and with all else', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  // danfo's tfjs finds this registry and fills it: each of these kernels is there already.
  const tf = await import('@tensorflow/tfjs-core');
  tf.registerKernel({ kernelName: 'Abs', backendName: 'cpu', kernelFunc: () => [] });
  const { DataFrame } = await danfo();
  expect(new DataFrame([{ a: 1 }, { a: 3 }]).shape).toEqual([2, 1]);
  expect(warn.mock.calls.filter(([words]) => String(words).includes('already'))).toEqual([]);
  expect(console.warn).toBe(warn);
});
