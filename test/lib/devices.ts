/**
 * The devices that are here to test on: the CPU, and a GPU or a software one that Vulkan, Metal or Direct3D offers. With
 * TUNELAB_TEST_GPU=required its absence is an error, so that nobody takes tests for passed that did not run.
 */
import { constant, type Device, graph, Session } from '../../lib/graph/index.ts';

async function hasGpu(): Promise<boolean> {
  try {
    await (await Session.create(graph({ one: constant(1) }), { device: 'webgpu' })).release();
    return true;
  } catch (error) {
    if (process.env.TUNELAB_TEST_GPU === 'required' || !String(error).includes('There is no GPU'))
      throw error;
    return false;
  }
}

export const devices: readonly Device[] = (await hasGpu()) ? ['cpu', 'webgpu'] : ['cpu'];

/** The models that there are reference values of, on each device. */
export const referenceRuns = devices.flatMap(device => [
  ['neox', device] as const,
  ['llama', device] as const,
]);
