/** The devices that are here to test on: the CPU, and a GPU or a software one that Vulkan, Metal or Direct3D offers. */
import { constant, type Device, graph, Session } from '../../lib/graph/index.ts';

async function hasGpu(): Promise<boolean> {
  try {
    await (await Session.create(graph({ one: constant(1) }), { device: 'webgpu' })).release();
    return true;
  } catch (error) {
    if (String(error).includes('There is no GPU')) return false;
    throw error;
  }
}

export const devices: readonly Device[] = (await hasGpu()) ? ['cpu', 'webgpu'] : ['cpu'];
