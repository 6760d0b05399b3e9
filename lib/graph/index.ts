/** Graphs of tensor operators: building them, differentiating them, running them. */

export { checkpoint } from './checkpoint.ts';
export type { Device, DeviceChoice } from './engine/device.ts';
export { newName } from './engine/engine.ts';
export { grad } from './grad.ts';
export { type Graph, graph } from './graph.ts';
export { interpret } from './interpret.ts';
export { type NdArray, ndarray } from './ndarray.ts';
export type { ProductDtype } from './onnx/lowering.ts';
export { toOnnx } from './onnx/model.ts';
export { Message } from './onnx/protobuf.ts';
export * from './operators/index.ts';
export { Session, type SessionOptions } from './session.ts';
export { type Dim, product, type Shape } from './shape.ts';
export { type DataType, input, type Tensor } from './tensor.ts';
export { emptyValue, float32, int32, mapValues, type Value, type Values } from './value.ts';
