/** Runs graphs through WebGPU, where constants and variables stay in the GPU's memory. */
import type { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { mapValues, type Value, type Values } from '../value.ts';
import { type Engine, type Form, newName, type OnnxTensors, type ToOnnxTensor } from './engine.ts';

/** Opens a session that gives the inputs of these names back as they are, each under its new name. */
export type OpenCopy = (names: readonly string[], to: 'cpu' | 'gpu-buffer') => Promise<InferenceSession>;

/** A variable is a buffer that one run writes and the next one reads; after that it is freed. */
export class GpuEngine implements Engine {
  readonly #session: InferenceSession;
  readonly #toOnnxTensor: ToOnnxTensor;
  readonly #constants: OnnxTensors;
  readonly #openCopy: OpenCopy;
  /** Sessions that buffers came from or were read with. */
  readonly #others: InferenceSession[];
  #reader: InferenceSession | undefined;
  #current: OnnxTensors;

  static async create(
    session: InferenceSession,
    toOnnxTensor: ToOnnxTensor,
    constants: Values,
    variables: Values,
    openCopy: OpenCopy,
  ): Promise<GpuEngine> {
    const others: InferenceSession[] = [];
    const upload = async (values: Values): Promise<OnnxTensors> => {
      if (Object.keys(values).length === 0) return {};
      const copy = await openCopy(Object.keys(values), 'gpu-buffer');
      others.push(copy);
      const results = await copy.run(mapValues(values, toOnnxTensor));
      return mapValues(values, (_, name) => results[newName(name)] as OnnxTensor);
    };
    const [kept, first] = [await upload(constants), await upload(variables)];
    return new GpuEngine(session, toOnnxTensor, kept, first, openCopy, others);
  }

  private constructor(
    session: InferenceSession,
    toOnnxTensor: ToOnnxTensor,
    constants: OnnxTensors,
    variables: OnnxTensors,
    openCopy: OpenCopy,
    others: InferenceSession[],
  ) {
    this.#session = session;
    this.#toOnnxTensor = toOnnxTensor;
    this.#constants = constants;
    this.#current = variables;
    this.#openCopy = openCopy;
    this.#others = others;
  }

  async run(feeds: Values, forms: Readonly<Record<string, Form>>): Promise<Record<string, Value>> {
    const given = mapValues(feeds, this.#toOnnxTensor);
    const results = (await this.#session.run({
      ...given,
      ...this.#constants,
      ...this.#current,
    })) as OnnxTensors;
    for (const tensor of Object.values(this.#current)) tensor.dispose();
    this.#current = mapValues(this.#current, (_, name) => results[newName(name)]!);
    return mapValues(forms, (_, name) => fromOnnxTensor(results[name]!));
  }

  async variables(): Promise<Values> {
    if (this.#reader === undefined) {
      this.#reader = await this.#openCopy(Object.keys(this.#current), 'cpu');
      this.#others.push(this.#reader);
    }
    const results = (await this.#reader.run(this.#current)) as OnnxTensors;
    return mapValues(this.#current, (_, name) => fromOnnxTensor(results[newName(name)]!));
  }

  async release(): Promise<void> {
    for (const tensor of Object.values({ ...this.#constants, ...this.#current })) tensor.dispose();
    for (const session of [this.#session, ...this.#others]) await session.release();
  }
}

function fromOnnxTensor({ type, dims, data }: OnnxTensor): Value {
  return { dtype: type, shape: dims, data } as Value;
}
