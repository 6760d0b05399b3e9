/** What an operator's lowering may use: nodes, constants, and sizes that are known only when the graph runs. */
import { type Dim, factorsOf, type Shape, showShape } from '../shape.ts';
import type { DataType } from '../tensor.ts';
import { ARRAYS } from '../value.ts';
import { Message } from './protobuf.ts';

/** A whole number or a list of them, a text, or a number that ONNX wants as a float. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** `TensorProto.DataType` of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, which numbers the fields below. */
export const ONNX_TYPES: Readonly<Record<DataType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** What a session computes matrix products in. */
export type ProductDtype = 'float32' | 'float16';

const FLOAT16 = 10;
const CACHED_ELEMENTS = 2 ** 22;

interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Collects the nodes and constants of one ONNX graph. */
export class Lowering {
  readonly #products: ProductDtype;
  readonly #forCpu: boolean;
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, Message>();
  /** Where to read the size that a name stands for: a tensor and its axis. */
  readonly #dims = new Map<string, { readonly tensor: string; readonly axis: number }>();
  readonly #sizes = new Map<string, string>();
  /** What nodes have computed, and which of it is an output, under which name. */
  readonly #results = new Set<string>();
  readonly #outputs = new Map<string, string>();
  /** What values are called in float16. */
  readonly #halves = new Map<string, string>();

  /**
   * @param options.dtype what `narrow` and `widen` put matrix products in
   * @param options.forCpu whether the nodes run on a processor
   */
  constructor({
    dtype = 'float32',
    forCpu = false,
  }: { dtype?: ProductDtype | undefined; forCpu?: boolean } = {}) {
    this.#products = dtype;
    this.#forCpu = forCpu;
  }

  /** Adds a node and returns the name of its output; ONNX Runtime's own operators have a name like `com.microsoft.QuickGelu`. */
  emit(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const output = `${type}_${this.#nodes.length}`;
    this.#nodes.push({ type, inputs, output, attributes });
    this.#results.add(output);
    return output;
  }

  /** Whether a matrix is made on a processor and is larger than the caches of most. */
  overflowsCaches([rows, columns]: readonly Dim[]): boolean {
    return this.#forCpu && Number(rows) * Number(columns) > CACHED_ELEMENTS;
  }

  /** A float32 value as matrix products take it. */
  narrow(value: string): string {
    if (this.#products === 'float32') return value;
    let half = this.#halves.get(value);
    if (half === undefined) this.#halves.set(value, (half = this.emit('Cast', [value], { to: FLOAT16 })));
    return half;
  }

  /** The result of a matrix product as float32; a product that reads it takes it as it was. */
  widen(product: string): string {
    if (this.#products === 'float32') return product;
    const value = this.emit('Cast', [product], { to: ONNX_TYPES.float32 });
    this.#halves.set(value, product);
    return value;
  }

  /** A constant tensor; without a shape, a scalar. Equal ones are stored once. */
  constant(dtype: DataType, values: readonly number[], shape: readonly number[] = []): string {
    const name = `${dtype}[${shape.join()}]:${values.join()}`;
    if (!this.#constants.has(name)) {
      const bytes =
        dtype === 'int64' ? ARRAYS.int64.from(values.map(BigInt)) : ARRAYS[dtype].from(values as number[]);
      this.#constants.set(name, tensorMessage(name, dtype, shape, new Uint8Array(bytes.buffer)));
    }
    return name;
  }

  /** A list of whole numbers, as ONNX takes axes and sizes. */
  integers(values: readonly number[]): string {
    return this.constant('int64', values, [values.length]);
  }

  /** A shape as a list of integers, for Reshape and Expand. */
  shape(shape: Shape): string {
    if (shape.every(dim => typeof dim === 'number')) return this.integers(shape);
    const parts = shape.map(dim => this.#size(dim));
    return parts.length === 1 ? parts[0]! : this.emit('Concat', parts, { axis: 0 });
  }

  /** Notes that a tensor has this shape, so that its named sizes can be read from it. */
  define(tensor: string, shape: Shape): void {
    shape.forEach((dim, axis) => {
      if (typeof dim === 'string' && !this.#dims.has(dim)) this.#dims.set(dim, { tensor, axis });
    });
  }

  /** Makes a value an output of the graph under a name of its own. */
  output(value: string, name: string): void {
    if (this.#results.has(value) && !this.#outputs.has(value)) this.#outputs.set(value, name);
    else this.#nodes.push({ type: 'Identity', inputs: [value], output: name, attributes: {} });
  }

  nodes(): Message[] {
    const renamed = (value: string): string => this.#outputs.get(value) ?? value;
    return this.#nodes.map(node =>
      nodeMessage({ ...node, inputs: node.inputs.map(renamed), output: renamed(node.output) }),
    );
  }

  constants(): Message[] {
    return [...this.#constants.values()];
  }

  /** One size as a list of one integer. */
  #size(dim: Dim): string {
    if (typeof dim === 'number') return this.integers([dim]);
    let size = this.#sizes.get(dim);
    if (size === undefined) {
      const source = this.#dims.get(dim);
      const factors = factorsOf(dim);
      if (source !== undefined) {
        size = this.emit('Shape', [source.tensor], { start: source.axis, end: source.axis + 1 });
      } else if (factors.length > 1) {
        size = factors.map(factor => this.#size(factor)).reduce((a, b) => this.emit('Mul', [a, b]));
      } else {
        throw new Error(`internal: no tensor has the size ${showShape([dim])}.`);
      }
      this.#sizes.set(dim, size);
    }
    return size;
  }
}

/** A TensorProto. */
export function tensorMessage(
  name: string,
  dtype: DataType,
  shape: readonly number[],
  bytes: Uint8Array,
): Message {
  return new Message().packed(1, shape).integer(2, ONNX_TYPES[dtype]).text(8, name).bytes(9, bytes);
}

/** A NodeProto. */
function nodeMessage({ type, inputs, output, attributes }: OnnxNode): Message {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  const dot = type.lastIndexOf('.');
  message
    .text(2, output)
    .text(3, output)
    .text(4, type.slice(dot + 1));
  for (const [name, value] of Object.entries(attributes)) message.message(5, attributeMessage(name, value));
  return dot < 0 ? message : message.text(7, type.slice(0, dot));
}

/** An AttributeProto. */
function attributeMessage(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.text(4, value).integer(20, 3);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
}
