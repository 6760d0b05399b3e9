/** One training step as one graph: forward, backward, clipping and the optimizer. */
import {
  type Device,
  emptyValue,
  float32,
  type Graph,
  grad,
  graph,
  input,
  int32,
  mapValues,
  mul,
  newName,
  Session,
  type SessionOptions,
  type Tensor,
  type Value,
  type Values,
} from '../graph/index.ts';
import { clipByGlobalNorm } from './clip.ts';
import { type LossScale, nextLossScale } from './lossScale.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { numberRows, putRows, takeRows } from './rows.ts';

/** With `dtype` float16 the loss is scaled, and a step whose gradients do not fit into float16 changes nothing. */
export interface TrainingStepOptions
  extends Pick<SessionOptions, 'device' | 'dtype' | 'threads' | 'profile'> {
  /** The loss of a batch, as graph. */
  readonly loss: Tensor;
  /** The inputs of that graph that are trained, by name. */
  readonly parameters: ReadonlyMap<string, Tensor>;
  /**
   * Parameters of which the graph takes only some rows, by name, and the feed whose numbers say which: the embedding and
   * the token ids. A row that no token asks for is then neither copied nor updated.
   */
  readonly lookups?: ReadonlyMap<string, string>;
  /** The values of all parameters, trained or not, by name; those that are trained are replaced at each step. */
  readonly weights: Map<string, Value<'float32'>>;
  /** Gives what the graph reads beside these weights, by the names of its inputs: a model's `quantizedWeights`. */
  readonly quantizedWeights?: (graph: Graph) => Values;
  readonly optimizer: Optimizer;
  /** The longest that all gradients as one vector may be; 0 for no limit. */
  readonly maxGradNorm: number;
  /** Where an earlier step with the same optimizer and parameters had come to; from the beginning if not given. */
  readonly resumed?: OptimizerState;
}

/** What an optimizer remembers between steps. */
export interface OptimizerState {
  /** How many steps were taken. */
  readonly steps: number;
  readonly values: ReadonlyMap<string, Value<'float32'>>;
  /** Of steps in float16. */
  readonly lossScale?: LossScale | undefined;
}

export interface StepResult {
  readonly loss: number;
  /** The length of all gradients as one vector, before clipping. */
  readonly gradNorm: number;
  /** Whether the gradients were too large for float16: nothing has changed but the scale of the loss, which is halved. */
  readonly skipped: boolean;
}

/** Trains a model's weights, a batch at a time. */
export class TrainingStep {
  readonly #session: Session;
  readonly #options: TrainingStepOptions;
  readonly #lookups: ReadonlyMap<string, string>;
  #steps: number;
  #lossScale: LossScale | undefined;

  /**
   * Builds the graph of a step and prepares it to run.
   *
   * @throws if there are lookups and the optimizer's step needs all rows, or if what is resumed is of another optimizer
   * @example
   * const step = await TrainingStep.create({ loss, parameters, weights, optimizer: adamW(), maxGradNorm: 1 });
   * const { loss } = await step.run(batch, 1e-3);
   */
  static async create(options: TrainingStepOptions): Promise<TrainingStep> {
    const { loss, parameters, weights, lookups, optimizer, maxGradNorm, resumed } = options;
    const [table] = lookups?.keys() ?? [];
    if (table !== undefined && !optimizer.byRow) {
      throw new Error(`This optimizer changes all rows of ${table} at each step; train it without lookups.`);
    }
    const lossScale = options.dtype === 'float16' ? input(LOSS_SCALE, []) : undefined;
    const scaled = lossScale === undefined ? loss : mul(loss, lossScale);
    const gradients = grad(scaled, [...parameters.values()]);
    const { norm, scale } = clipByGlobalNorm(gradients, maxGradNorm, lossScale);
    const scalars = mapValues(optimizer.scalars(1, 0), (_, name) => input(name, []));
    const outputs: Record<string, Tensor> = { loss, gradNorm: norm };
    const variables: Record<string, Value<'float32'>> = {};
    [...parameters].forEach(([name, parameter], i) => {
      const weight = weights.get(name)!;
      const remembered = optimizer.state(weight.shape);
      const state = mapValues(remembered, (shape, key) => input(stateName(key, name), shape));
      const indices = lookups?.has(name) ? input(rowsName(name), [parameter.shape[0]!], 'int32') : undefined;
      const rows = indices && { rows: { indices, count: weight.shape[0]! } };
      const after = optimizer.update({ parameter, gradient: gradients[i]!, scale, state, scalars, ...rows });
      outputs[newName(name)] = after.parameter;
      if (rows === undefined) variables[name] = weight;
      for (const [key, shape] of Object.entries(remembered)) {
        outputs[newName(stateName(key, name))] = after.state[key]!;
        variables[stateName(key, name)] = remembers(resumed, stateName(key, name), shape);
      }
    });
    const trained = graph(outputs);
    const frozen = [...weights].filter(([name]) => name in trained.inputs && !parameters.has(name));
    const session = await Session.create(trained, {
      ...options,
      variables,
      constants: Object.fromEntries(frozen),
      initializers: options.quantizedWeights?.(trained) ?? {},
    });
    return new TrainingStep(session, options);
  }

  private constructor(session: Session, options: TrainingStepOptions) {
    this.#session = session;
    this.#options = options;
    this.#lookups = options.lookups ?? new Map();
    this.#steps = options.resumed?.steps ?? 0;
    if (options.dtype === 'float16') this.#lossScale = options.resumed?.lossScale ?? nextLossScale();
  }

  /** Where the steps run. */
  get device(): Device {
    return this.#session.device;
  }

  /**
   * Takes one step on a batch. One that is skipped is taken again by the next call, on another batch.
   *
   * @param batch the feeds of the loss beside the parameters
   */
  async run(batch: Values, learningRate: number): Promise<StepResult> {
    const { optimizer, weights } = this.#options;
    const steps = this.#steps + 1;
    const scalars = {
      ...optimizer.scalars(steps, learningRate),
      ...(this.#lossScale && { [LOSS_SCALE]: this.#lossScale.scale }),
    };
    const feeds: Record<string, Value> = {
      ...batch,
      ...mapValues(scalars, value => float32([value], [])),
    };
    const touched = new Map<string, Int32Array>();
    for (const [name, feed] of this.#lookups) {
      const { rows, indices } = numberRows(batch[feed]!);
      touched.set(name, rows);
      feeds[name] = takeRows(weights.get(name)!, rows);
      feeds[rowsName(name)] = int32(rows, [rows.length]);
      feeds[feed] = indices;
    }

    const results = await this.#session.run(
      feeds,
      steps,
      ({ gradNorm }) => this.#lossScale === undefined || Number.isFinite(gradNorm!.data[0]),
    );

    const loss = Number(results.loss!.data[0]);
    const gradNorm = Number(results.gradNorm!.data[0]);
    if (this.#lossScale !== undefined) {
      const finite = Number.isFinite(gradNorm);
      // Gradients that are too large without a scale too, or a loss that is no number, no scale can mend.
      const skipped = !finite && Number.isFinite(loss) && this.#lossScale.scale > 1;
      this.#lossScale = nextLossScale(this.#lossScale, finite);
      if (!finite) return { loss, gradNorm, skipped };
    }
    this.#steps = steps;
    for (const [name, rows] of touched) {
      const table = weights.get(name)!;
      putRows(table, rows, results[newName(name)]!);
      // Another value, so that who keeps a copy of the table sees that it has changed.
      weights.set(name, { ...table });
    }
    // On the CPU this only passes on which arrays are the current ones.
    if (this.device === 'cpu') await this.sync();
    return { loss, gradNorm, skipped: false };
  }

  /** Puts the weights as they are now into `weights`; needed after steps on a GPU, where they stay between steps. */
  async sync(): Promise<void> {
    const { weights } = this.#options;
    for (const [name, value] of Object.entries(await this.#session.variables())) {
      if (weights.has(name)) weights.set(name, value as Value<'float32'>);
    }
  }

  /** What a later step goes on from beside the weights; on the CPU in arrays that further steps write to. */
  async state(): Promise<OptimizerState> {
    const { weights } = this.#options;
    const variables = Object.entries(await this.#session.variables());
    const values = variables.filter(([name]) => !weights.has(name)) as [string, Value<'float32'>][];
    return { steps: this.#steps, values: new Map(values), lossScale: this.#lossScale };
  }

  /** Frees what the step holds; the weights stay. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

function remembers(
  resumed: OptimizerState | undefined,
  name: string,
  shape: readonly number[],
): Value<'float32'> {
  if (resumed === undefined) return emptyValue('float32', shape);
  const value = resumed.values.get(name);
  if (value?.shape.join() === shape.join()) return value;
  const found = value === undefined ? 'is not there' : `has shape [${value.shape.join(', ')}]`;
  throw new Error(
    `The optimizer's state does not fit: ${name} ${found} and should have shape [${shape.join(', ')}]; resume with the same optimizer and model.`,
  );
}

const LOSS_SCALE = 'lossScale';

const stateName = (key: string, parameter: string): string => `${key} of ${parameter}`;

const rowsName = (parameter: string): string => `numbers of the rows of ${parameter}`;
