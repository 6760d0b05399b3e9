/** What runs a graph that ONNX Runtime has loaded, and keeps its constants and variables. */
import type { Tensor as OnnxTensor } from 'onnxruntime-node';
import type { DataType } from '../tensor.ts';
import type { Value, Values } from '../value.ts';

export interface Engine {
  /**
   * Runs the graph once and replaces the variables, unless its results are not accepted.
   *
   * @param results dtype and shape of each output that is given back, by name
   */
  run(
    feeds: Values,
    results: Readonly<Record<string, Form>>,
    accepts: Accepts,
  ): Promise<Record<string, Value>>;

  /** Replaces the constants, of the same names and shapes. */
  setConstants(values: Values): Promise<void>;

  /** The variables as they are now. */
  variables(): Promise<Values>;

  release(): Promise<void>;
}

/** Whether a run counts, from what it gives back: if not, the variables stay as they were. */
export type Accepts = (results: Values) => boolean;

/** What is known of a value before it is computed. */
export interface Form {
  readonly dtype: DataType;
  readonly shape: readonly number[];
}

export type OnnxTensors = Readonly<Record<string, OnnxTensor>>;

export type ToOnnxTensor = (value: Value) => OnnxTensor;

/** The output of a run that replaces a variable. */
export const newName = (variable: string): string => `new ${variable}`;
