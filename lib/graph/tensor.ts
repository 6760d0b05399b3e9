/** The nodes of a graph: each makes one tensor, of which dtype and shape are known before anything runs. */

import type { NdArray } from './ndarray.ts';
import type { Lowering } from './onnx/lowering.ts';
import { type Shape, showShape } from './shape.ts';

export type DataType = 'float32' | 'int32' | 'int64' | 'uint8' | 'bool';

/** A value that a graph will compute; tensors point at what they are made of, so outputs alone are a graph. */
export interface Tensor {
  readonly operator: string;
  readonly inputs: readonly Tensor[];
  readonly dtype: DataType;
  readonly shape: Shape;
  readonly rule: Rule;
}

/** Turns sizes by name into numbers while a graph runs. */
export type Resolve = (shape: Shape) => number[];

/** What an operator means: its value, and how a change of its output follows from changes of its inputs. */
export type Rule = Primitive | Composite | InputRule;

interface Differentiable {
  /**
   * The gradient of the loss with respect to each input, from that with respect to the output, as more graph;
   * undefined for an input that no gradient reaches. Without it nothing flows through the operator.
   */
  readonly gradient?: (upstream: Tensor, output: Tensor) => readonly (Tensor | undefined)[];
}

/** An operator that says itself what it computes. */
export interface Primitive extends Differentiable {
  /** The value in float64: the definition that engines are checked against. */
  readonly evaluate: (inputs: NdArray[], resolve: Resolve) => NdArray;
  /** Writes the operator as ONNX nodes and returns the name of their result. */
  readonly lower: (onnx: Lowering, inputs: string[]) => string;
}

/** An operator made of others, that has a better gradient or an ONNX operator of its own. */
export interface Composite extends Differentiable {
  readonly body: Tensor;
  readonly lower?: Primitive['lower'];
}

/** A value that is fed when the graph runs, or drawn at random. */
export interface InputRule {
  readonly input: string;
  /** Fills the value for a run of this number, if nothing is to be fed. */
  readonly draw?: (data: Uint8Array, run: number) => void;
}

/** A new node; the shape and dtype of a composite are those of its body. */
export function node(operator: string, inputs: readonly Tensor[], rule: Composite): Tensor;
export function node(
  operator: string,
  inputs: readonly Tensor[],
  rule: Primitive & { readonly shape: Shape; readonly dtype: DataType },
): Tensor;
export function node(
  operator: string,
  inputs: readonly Tensor[],
  rule: Composite | (Primitive & { readonly shape: Shape; readonly dtype: DataType }),
): Tensor {
  const { shape, dtype } = 'body' in rule ? rule.body : rule;
  return { operator, inputs, dtype, shape, rule };
}

/**
 * A value that is given when the graph runs: a batch, or a weight.
 *
 * @param shape sizes; a name stands for a size that may change from run to run
 * @example const inputIds = input('inputIds', ['batch', 'seq'], 'int32');
 */
export function input(name: string, shape: Shape, dtype: DataType = 'float32'): Tensor {
  return { operator: 'input', inputs: [], dtype, shape, rule: { input: name } };
}

/** `float32 [batch, 512]`, or with the name of an input. */
export function showTensor({ dtype, shape, rule }: Tensor): string {
  return `${'input' in rule ? `${rule.input} ` : ''}${dtype} ${showShape(shape)}`;
}
