/** Runs graphs on the CPU, where arrays are read and written in place. */
import type { InferenceSession } from 'onnxruntime-node';
import { SEQUENCE_OUTPUT } from '../onnx/model.ts';
import { emptyValue, mapValues, type Value, type Values } from '../value.ts';
import {
  type Accepts,
  type Engine,
  type Form,
  newName,
  type OnnxTensors,
  type ToOnnxTensor,
} from './engine.ts';

/**
 * Has two arrays for each variable, of which each run reads one and writes the other. Never the same one: an operator
 * that still needs the old weights would read new ones, and nobody would be told.
 */
export class CpuEngine implements Engine {
  readonly #session: InferenceSession;
  readonly #toOnnxTensor: ToOnnxTensor;
  #constants: Values;
  #current: Values;
  #spare: Values;

  /** @param variables first values, whose arrays are written to from the second run on */
  constructor(session: InferenceSession, toOnnxTensor: ToOnnxTensor, constants: Values, variables: Values) {
    this.#session = session;
    this.#toOnnxTensor = toOnnxTensor;
    this.#constants = constants;
    this.#current = variables;
    this.#spare = mapValues(variables, ({ dtype, shape }) => emptyValue(dtype, shape));
  }

  async run(
    feeds: Values,
    forms: Readonly<Record<string, Form>>,
    accepts: Accepts,
  ): Promise<Record<string, Value>> {
    const results = mapValues(forms, ({ dtype, shape }) => emptyValue(dtype, shape));
    const written = Object.entries(this.#spare).map(([name, value]) => [newName(name), value]);
    await runInto(
      this.#session,
      mapValues({ ...feeds, ...this.#constants, ...this.#current }, this.#toOnnxTensor),
      mapValues({ ...results, ...Object.fromEntries(written) }, this.#toOnnxTensor),
    );
    if (accepts(results)) [this.#current, this.#spare] = [this.#spare, this.#current];
    return results;
  }

  async setConstants(values: Values): Promise<void> {
    this.#constants = values;
  }

  async variables(): Promise<Values> {
    return this.#current;
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/**
 * Runs a session so that it writes its outputs into arrays that are there already.
 *
 * The binding does write into them, and then copies each into a new one, which for weights takes ten times as long as
 * computing them. It does so output by output. The first output here is a sequence, for which it has no JavaScript value:
 * it gives up before it copies, when everything is computed and in place.
 */
async function runInto(session: InferenceSession, feeds: OnnxTensors, outputs: OnnxTensors): Promise<void> {
  try {
    await session.run(feeds, { [SEQUENCE_OUTPUT]: null, ...outputs });
  } catch (error) {
    if (!String((error as Error).message).startsWith('Non tensor type')) throw error;
  }
}
