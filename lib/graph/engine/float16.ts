/** Whether an engine multiplies matrices in float16. */
import { graph } from '../graph.ts';
import { toOnnx } from '../onnx/model.ts';
import { matmul } from '../operators/matmul.ts';
import { input } from '../tensor.ts';
import type { Device } from './device.ts';

/** The answer of the GPU, which is asked once. */
let asked: Promise<unknown> | undefined;

/** @throws if the device does not compute in float16 */
export async function checkFloat16(device: Device): Promise<void> {
  if (device === 'cpu') {
    throw new Error(
      "float16 needs a GPU: ONNX Runtime's CPU engine computes in float32 and would only round in between; leave out dtype 'float16' or fp16, or choose the device 'webgpu'.",
    );
  }
  try {
    await (asked ??= multiply());
  } catch (error) {
    if (!String(error).includes('requires f16')) throw error;
    throw new Error(
      "This GPU, or its driver, does not compute in float16 (WebGPU's feature shader-f16); leave out dtype 'float16' or fp16, and it computes in float32.",
      { cause: error },
    );
  }
}

/** A product of two matrices: shaders are written, and refused, when they first run. */
async function multiply(): Promise<void> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const x = input('x', [1, 1]);
  const model = toOnnx(graph({ y: matmul(x, x) }), {}, { dtype: 'float16' });
  const session = await InferenceSession.create(model, {
    executionProviders: ['webgpu'],
    logSeverityLevel: 4,
  });
  try {
    await session.run({ x: new Tensor('float32', [1], [1, 1]) });
  } finally {
    await session.release();
  }
}
