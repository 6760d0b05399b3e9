/** Runs graphs with ONNX Runtime, on the CPU or through WebGPU on any GPU. */
import type { InferenceSession } from 'onnxruntime-node';
import { drawn, isDrawn } from './draw.ts';
import { CpuEngine } from './engine/cpu.ts';
import { type Device, type DeviceChoice, openOn } from './engine/device.ts';
import { type Accepts, type Engine, newName, type ToOnnxTensor } from './engine/engine.ts';
import { checkFloat16 } from './engine/float16.ts';
import { GpuEngine, type OpenCopy } from './engine/gpu.ts';
import { type Graph, graph as graphOf } from './graph.ts';
import type { ProductDtype } from './onnx/lowering.ts';
import { toOnnx } from './onnx/model.ts';
import { showShape } from './shape.ts';
import { fits, resolveDim, sizesOf } from './sizes.ts';
import type { Tensor } from './tensor.ts';
import { mapValues, type Value, type Values } from './value.ts';

export interface SessionOptions {
  /** Where the graph runs: on the CPU if nothing is said. */
  readonly device?: DeviceChoice;
  /**
   * What matrix products are computed in: float32 if nothing is said. Float16 needs a GPU that has it; weights, norms, softmax
   * and losses stay in float32, as with torch.autocast, and so do sums over tokens; `matmul` says why.
   */
  readonly dtype?: ProductDtype | undefined;
  /** Threads on the CPU; as many as there are cores if not given. */
  readonly threads?: number;
  /**
   * Inputs that become part of the model, by name: weights that ONNX Runtime arranges once for its operators, in memory of
   * its own.
   */
  readonly initializers?: Values;
  /** Inputs that stay the same until `setConstants`, by name: weights that are not trained. They stay on the device. */
  readonly constants?: Values;
  /**
   * Inputs that each run replaces, with their first values, by name: what the output `newName(name)` says, the next run
   * reads. They stay on the device. The session goes on to write into the arrays that are given here.
   */
  readonly variables?: Values;
  /** Writes ONNX Runtime's timing of every node to a JSON file with this prefix. */
  readonly profile?: string;
}

type Tensors = Readonly<Record<string, Tensor>>;

/** A graph that is ready to run. */
export class Session {
  readonly device: Device;
  readonly #engine: Engine;
  /** What runs are fed. */
  readonly #inputs: Tensors;
  /** What runs draw. */
  readonly #drawn: Tensors;
  /** What runs give back. */
  readonly #outputs: Tensors;
  /** What stays the same from run to run. */
  readonly #constants: Tensors;
  #runs = 0;

  /**
   * Prepares a graph.
   *
   * @throws if a GPU or float16 is asked for and there is none, or if a constant or variable does not fit the graph
   * @example
   * const x = input('x', ['n']);
   * const session = await Session.create(graph({ y: mul(x, x) }));
   * const { y } = await session.run({ x: float32([1, 2, 3], [3]) });
   */
  static async create(graph: Graph, options: SessionOptions = {}): Promise<Session> {
    const { device: choice = 'cpu', dtype, threads, profile } = options;
    const { initializers = {}, constants = {}, variables = {} } = options;
    checkKept(graph, { ...initializers, ...constants }, variables);
    const ort = await import('onnxruntime-node');
    const stays = new Set(Object.keys(variables).map(newName));
    const open = async (on: Device): Promise<InferenceSession> => {
      if (dtype === 'float16') await checkFloat16(on);
      const model = toOnnx(graph, {}, { beside: initializers, dtype, forCpu: on === 'cpu' });
      return ort.InferenceSession.create(model, {
        externalData: Object.entries(initializers).map(([path, { data }]) => {
          return { path, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
        }),
        executionProviders: [on],
        // What goes wrong is thrown; it need not be printed too.
        logSeverityLevel: 4,
        // Plans of the memory are made for each shape of the inputs, and batches differ in theirs.
        enableMemPattern: false,
        // Threads that wait sleep: 5 % slower on an idle machine, and up to five times as fast on a busy one.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        ...(threads !== undefined && { intraOpNumThreads: threads }),
        ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
        ...(on === 'webgpu' && {
          preferredOutputLocation: mapValues(graph.outputs, (_, name) =>
            stays.has(name) ? 'gpu-buffer' : 'cpu',
          ),
        }),
      });
    };
    const openCopy: OpenCopy = (names, to) =>
      ort.InferenceSession.create(
        toOnnx(graphOf(Object.fromEntries(names.map(name => [newName(name), graph.inputs[name]!])))),
        { executionProviders: ['webgpu'], logSeverityLevel: 4, preferredOutputLocation: to },
      );
    const toOnnxTensor: ToOnnxTensor = ({ dtype, data, shape }) =>
      new ort.Tensor(dtype, data as Float32Array, shape);

    const { session, device } = await openOn(choice, open);
    const fed = without(graph.inputs, name => name in initializers || name in constants || name in variables);
    return new Session(
      device,
      device === 'cpu'
        ? new CpuEngine(session, toOnnxTensor, constants, variables)
        : await GpuEngine.create(session, toOnnxTensor, constants, variables, openCopy),
      without(fed, name => isDrawn(fed[name]!)),
      without(fed, name => !isDrawn(fed[name]!)),
      without(graph.outputs, name => stays.has(name)),
      without(graph.inputs, name => !(name in constants)),
    );
  }

  private constructor(
    device: Device,
    engine: Engine,
    inputs: Tensors,
    drawn: Tensors,
    outputs: Tensors,
    constants: Tensors,
  ) {
    this.device = device;
    this.#engine = engine;
    this.#inputs = inputs;
    this.#drawn = drawn;
    this.#outputs = outputs;
    this.#constants = constants;
  }

  /**
   * Runs the graph once, on this thread: nothing else happens on it until the result is there.
   *
   * @param feeds the graph's inputs by name, without its constants, variables and initializers; others are left alone
   * @param run the number of the run, which says what is drawn at random; one more than before if not given
   * @param accepts says whether the variables are replaced, from the run's results; always if not given
   * @returns its outputs by name, without those that replace variables
   * @throws if an input is missing, or has another dtype or shape than the graph says
   */
  async run(
    feeds: Values,
    run: number = this.#runs + 1,
    accepts: Accepts = () => true,
  ): Promise<Record<string, Value>> {
    this.#runs = run;
    const sizes = sizesOf(this.#inputs, feeds);
    const needed = mapValues(this.#inputs, ({ dtype }, name) => {
      const value = feeds[name]!;
      if (value.dtype === dtype) return value;
      throw new TypeError(`${name} is ${value.dtype} where the graph has ${dtype}.`);
    });
    const forms = mapValues(this.#outputs, ({ dtype, shape }) => {
      return { dtype, shape: shape.map(dim => resolveDim(dim, sizes)) };
    });
    const random = mapValues(this.#drawn, tensor => drawn(tensor, sizes, run));
    return this.#engine.run({ ...needed, ...random }, forms, accepts);
  }

  /**
   * Takes the constants anew; to a GPU goes what is another value than before.
   *
   * @param values by name, others among them are left alone
   * @throws if one is missing or does not fit the graph
   */
  async setConstants(values: ReadonlyMap<string, Value>): Promise<void> {
    const taken = mapValues(this.#constants, (tensor, name) => checked(name, values.get(name), tensor));
    await this.#engine.setConstants(taken);
  }

  /** The variables as they are now; on the CPU in arrays that later runs write to. */
  async variables(): Promise<Values> {
    return this.#engine.variables();
  }

  /** Frees what the session holds. */
  async release(): Promise<void> {
    await this.#engine.release();
  }
}

/** @throws if a constant or a variable is no input of the graph, or does not fit it or what replaces it */
function checkKept({ inputs, outputs }: Graph, constants: Values, variables: Values): void {
  const check = (name: string, value: Value, tensor: Tensor | undefined): void => {
    if (tensor === undefined) {
      throw new Error(`The graph has no input ${name}, or no output "${newName(name)}" to replace it.`);
    }
    checked(name, value, tensor);
  };
  for (const [name, value] of Object.entries({ ...constants, ...variables }))
    check(name, value, inputs[name]);
  for (const [name, value] of Object.entries(variables)) check(name, value, outputs[newName(name)]);
}

/** @throws if a value is missing or is none of what the tensor stands for */
function checked(name: string, value: Value | undefined, tensor: Tensor): Value {
  if (value?.dtype === tensor.dtype && fits(value.shape, tensor)) return value;
  const found = value === undefined ? 'missing' : `${value.dtype} ${showShape(value.shape)}`;
  throw new TypeError(`${name} is ${found} where the graph has ${tensor.dtype} ${showShape(tensor.shape)}.`);
}

function without<T>(record: Readonly<Record<string, T>>, drop: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !drop(name)));
}
