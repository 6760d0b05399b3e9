/** Writes a graph as an ONNX model. */
import type { Graph } from '../graph.ts';
import type { Dim, Shape } from '../shape.ts';
import type { DataType, Tensor } from '../tensor.ts';
import type { Value, Values } from '../value.ts';
import { Lowering, ONNX_TYPES, type ProductDtype, tensorMessage } from './lowering.ts';
import { Message } from './protobuf.ts';

/** Version 21 of ONNX's operators came with version 10 of its file format. */
const OPERATOR_SET = 21;
const FORMAT_VERSION = 10;
/** The domain of ONNX Runtime's own operators, and its only version. */
const RUNTIME_OPERATORS = 'com.microsoft';
const MAX_BYTES = 2 ** 31 - 1;
/** `TensorProto.DataLocation`: not in the model itself. */
const EXTERNAL = 1;

/** The name of the output that `forCpu` adds. */
export const SEQUENCE_OUTPUT = 'sequence';

/**
 * Writes a graph as the bytes of an ONNX model.
 *
 * @param initializers values by input name that become part of the model
 * @param extras.beside values by input name that the model only refers to, as files that are called like them: they count
 * towards no limit and are not copied
 * @param extras.dtype what matrix products are computed in; all else, and what goes in and out, keeps its dtype
 * @param extras.forCpu writes what is fastest there, and adds an empty sequence as the first output; engine/cpu.ts says what for
 * @throws if the model would be larger than the 2 GB that its format allows
 */
export function toOnnx(
  graph: Graph,
  initializers: Values = {},
  extras: {
    readonly beside?: Values;
    readonly dtype?: ProductDtype | undefined;
    readonly forCpu?: boolean;
  } = {},
): Uint8Array {
  const lowering = new Lowering(extras);
  const names = new Map<Tensor, string>();
  for (const [name, tensor] of Object.entries(graph.inputs)) {
    names.set(tensor, name);
    lowering.define(name, tensor.shape);
  }
  const lower = (tensor: Tensor): string => {
    let name = names.get(tensor);
    if (name === undefined) {
      const { rule } = tensor;
      if ('lower' in rule && rule.lower !== undefined) name = rule.lower(lowering, tensor.inputs.map(lower));
      else if ('body' in rule) name = lower(rule.body);
      else throw new Error(`internal: ${tensor.operator} cannot be written as ONNX.`);
      lowering.define(name, tensor.shape);
      names.set(tensor, name);
    }
    return name;
  };
  for (const tensor of graph.nodes) lower(tensor);
  for (const [name, tensor] of Object.entries(graph.outputs)) lowering.output(lower(tensor), name);
  if (extras.forCpu) lowering.output(lowering.emit('SequenceEmpty', []), SEQUENCE_OUTPUT);

  const proto = new Message();
  for (const message of lowering.nodes()) proto.message(1, message);
  proto.text(2, 'tunelab');
  for (const message of lowering.constants()) proto.message(5, message);
  for (const [name, tensor] of Object.entries(graph.inputs)) {
    const initializer = initializers[name];
    const reference = extras.beside?.[name];
    if (initializer !== undefined) proto.message(5, initializerMessage(name, tensor.dtype, initializer));
    else if (reference !== undefined) proto.message(5, referenceMessage(name, reference));
    else proto.message(11, valueMessage(name, tensor));
  }
  if (extras.forCpu) proto.message(12, sequenceMessage(SEQUENCE_OUTPUT));
  for (const [name, tensor] of Object.entries(graph.outputs)) proto.message(12, valueMessage(name, tensor));

  const operatorSet = new Message().text(1, '').integer(2, OPERATOR_SET);
  const runtimeSet = new Message().text(1, RUNTIME_OPERATORS).integer(2, 1);
  const model = new Message()
    .integer(1, FORMAT_VERSION)
    .text(2, 'tunelab')
    .message(7, proto)
    .message(8, operatorSet)
    .message(8, runtimeSet);
  if (model.byteLength > MAX_BYTES) {
    throw new RangeError(
      `An ONNX file holds 2 GB at most and this model is ${(model.byteLength / 1e9).toFixed(1)} GB; ` +
        'keep the weights as inputs.',
    );
  }
  return model.toBytes();
}

function initializerMessage(name: string, dtype: DataType, { shape, data }: Value): Message {
  return tensorMessage(name, dtype, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** A TensorProto whose bytes lie in a file of its own. */
function referenceMessage(name: string, { dtype, shape, data }: Value): Message {
  const entry = (key: string, value: string): Message => new Message().text(1, key).text(2, value);
  const place = { location: name, offset: '0', length: String(data.byteLength) };
  const message = new Message().packed(1, shape).integer(2, ONNX_TYPES[dtype]).text(8, name);
  for (const [key, value] of Object.entries(place)) message.message(13, entry(key, value));
  return message.integer(14, EXTERNAL);
}

/** A ValueInfoProto. */
function valueMessage(name: string, { dtype, shape }: { dtype: DataType; shape: Shape }): Message {
  const dims = new Message();
  for (const dim of shape) dims.message(1, dimensionMessage(dim));
  const tensorType = new Message().integer(1, ONNX_TYPES[dtype]).message(2, dims);
  return new Message().text(1, name).message(2, new Message().message(1, tensorType));
}

/** The ValueInfoProto of a sequence of float32 tensors. */
function sequenceMessage(name: string): Message {
  const element = new Message().message(1, new Message().integer(1, ONNX_TYPES.float32));
  return new Message().text(1, name).message(2, new Message().message(4, new Message().message(1, element)));
}

function dimensionMessage(dim: Dim): Message {
  return typeof dim === 'number' ? new Message().integer(1, dim) : new Message().text(2, dim);
}
