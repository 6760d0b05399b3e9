/** Runs graphs through WebGPU, where constants and variables stay in the GPU's memory. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { mapValues, type Value, type Values } from '../value.ts';
import {
  type Accepts,
  type Engine,
  type Form,
  newName,
  type OnnxTensors,
  type ToOnnxTensor,
} from './engine.ts';

/** Opens a session that gives the inputs of these names back as they are, each under its new name. */
export type OpenCopy = (names: readonly string[], to: 'cpu' | 'gpu-buffer') => Promise<InferenceSession>;

/** A variable is a buffer that one run writes and the next one reads; after that it is freed. */
export class GpuEngine implements Engine {
  readonly #session: InferenceSession;
  readonly #toOnnxTensor: ToOnnxTensor;
  readonly #openCopy: OpenCopy;
  /** Sessions that buffers came from or were read with, by what they copy. */
  readonly #copiers = new Map<string, InferenceSession>();
  /** What the constants were made of. */
  #given: Values = {};
  #constants: OnnxTensors = {};
  #current: OnnxTensors = {};

  static async create(
    session: InferenceSession,
    toOnnxTensor: ToOnnxTensor,
    constants: Values,
    variables: Values,
    openCopy: OpenCopy,
  ): Promise<GpuEngine> {
    const engine = new GpuEngine(session, toOnnxTensor, openCopy);
    await engine.setConstants(constants);
    engine.#current = await engine.#upload(variables);
    return engine;
  }

  private constructor(session: InferenceSession, toOnnxTensor: ToOnnxTensor, openCopy: OpenCopy) {
    this.#session = session;
    this.#toOnnxTensor = toOnnxTensor;
    this.#openCopy = openCopy;
  }

  async run(
    feeds: Values,
    forms: Readonly<Record<string, Form>>,
    accepts: Accepts,
  ): Promise<Record<string, Value>> {
    const given = mapValues(feeds, this.#toOnnxTensor);
    const outputs = (await this.#session.run({
      ...given,
      ...this.#constants,
      ...this.#current,
    })) as OnnxTensors;
    const results = mapValues(forms, (_, name) => fromOnnxTensor(outputs[name]!));
    const fresh = mapValues(this.#current, (_, name) => outputs[newName(name)]!);
    const [kept, dropped] = accepts(results) ? [fresh, this.#current] : [this.#current, fresh];
    for (const tensor of Object.values(dropped)) tensor.dispose();
    this.#current = kept;
    return results;
  }

  async setConstants(values: Values): Promise<void> {
    const changed = Object.entries(values).filter(([name, value]) => value !== this.#given[name]);
    for (const [name] of changed) this.#constants[name]?.dispose();
    this.#constants = { ...this.#constants, ...(await this.#upload(Object.fromEntries(changed))) };
    this.#given = values;
  }

  async variables(): Promise<Values> {
    return mapValues(await this.#copy(this.#current, 'cpu'), fromOnnxTensor);
  }

  async release(): Promise<void> {
    for (const tensor of Object.values({ ...this.#constants, ...this.#current })) tensor.dispose();
    for (const session of [this.#session, ...this.#copiers.values()]) await session.release();
  }

  #upload(values: Values): Promise<OnnxTensors> {
    return this.#copy(mapValues(values, this.#toOnnxTensor), 'gpu-buffer');
  }

  async #copy(tensors: OnnxTensors, to: 'cpu' | 'gpu-buffer'): Promise<OnnxTensors> {
    const names = Object.keys(tensors);
    if (names.length === 0) return {};
    const key = [to, ...names].join('\n');
    let copier = this.#copiers.get(key);
    if (copier === undefined) this.#copiers.set(key, (copier = await this.#openCopy(names, to)));
    const results = (await copier.run(tensors)) as OnnxTensors;
    return mapValues(tensors, (_, name) => results[newName(name)]!);
  }
}

function fromOnnxTensor({ type, dims, data }: OnnxTensor): Value {
  return { dtype: type, shape: dims, data } as Value;
}
