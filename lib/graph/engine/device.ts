/** Which processor runs the graphs. */
import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';

/** `webgpu` is any GPU, by way of Vulkan, Metal or Direct3D. */
export type Device = 'cpu' | 'webgpu';

const CHOICES = ['cpu', 'webgpu', 'auto'] as const;

/** A device, or `auto` for a GPU if there is one. Taken from a list, so that a checker's complaint shows the names. */
export type DeviceChoice = (typeof CHOICES)[number];

/** What `auto` has come to mean. */
let found: Device | undefined;

/**
 * Opens a session on a device. The first one with `auto` finds out what there is, and says so.
 *
 * @throws if there is no such device, or a GPU is asked for and there is none
 */
export async function openOn(
  choice: DeviceChoice,
  open: (device: Device) => Promise<InferenceSession>,
): Promise<{ readonly session: InferenceSession; readonly device: Device }> {
  if (!CHOICES.includes(choice)) {
    throw new TypeError(`device must be 'cpu', 'webgpu' or 'auto', not ${JSON.stringify(choice)}.`);
  }
  if (choice === 'auto' && found === undefined && !mayHaveGpu()) {
    found = 'cpu';
    console.info('Running on the CPU: there is no GPU.');
  }
  const device = choice === 'auto' ? (found ?? 'webgpu') : choice;
  try {
    const session = await open(device);
    if (choice === 'auto' && found === undefined) console.info('Running on the GPU, through WebGPU.');
    if (choice === 'auto') found = device;
    return { session, device };
  } catch (error) {
    if (device === 'cpu' || !lacksGpu(error)) throw error;
    if (choice === 'webgpu') {
      throw new Error("There is no GPU that WebGPU can use; choose the device 'cpu' or 'auto'.", {
        cause: error,
      });
    }
    found = 'cpu';
    console.info('Running on the CPU: WebGPU finds no GPU.');
    return { session: await open('cpu'), device: 'cpu' };
  }
}

/** Whether there is a device file of a GPU, where there are such files: software that plays a GPU is slower than the CPU. */
function mayHaveGpu(): boolean {
  return platform() !== 'linux' || ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'].some(path => existsSync(path));
}

function lacksGpu(error: unknown): boolean {
  return /Failed to get a WebGPU adapter|backend not found/.test(String(error));
}
