/** LoRA: training two thin matrices beside each frozen one. https://arxiv.org/abs/2106.09685 */
import { join } from 'node:path';
import { add, dropMask, dropout, linear, mul, type Tensor, type Value } from '../../graph/index.ts';
import { checkOptions } from '../../host.ts';
import { openPretrained, PRETRAINED_OPTIONS, type PretrainedOptions } from '../../hub/index.ts';
import type { Layers } from '../architecture.ts';
import { CausalLM } from '../causalLM.ts';
import { inputLayers, type LayerOptions } from '../layers.ts';
import { showModule } from '../modules.ts';
import type { SaveOptions } from '../preTrainedModel.ts';
import { SequenceClassifier } from '../sequenceClassifier.ts';
import { LoraConfig, type TaskType } from './config.ts';
import { readAdapterConfig, readAdapterTensors, writeAdapter } from './files.ts';
import { merge } from './merge.ts';
import { peftModules } from './modules.ts';
import {
  type AdapterParameter,
  adapterParameters,
  initialParameters,
  storedA,
  storedB,
  weightName,
} from './parameters.ts';
import { CLASSIFIER_HEADS } from './targets.ts';

/** The name of an adapter that is given none. */
const DEFAULT_NAME = 'default';

interface Adapter {
  readonly config: LoraConfig;
  /** The layers that have A and B. */
  readonly layers: readonly string[];
  readonly parameters: readonly AdapterParameter[];
}

export interface AdapterOptions {
  /** The same seed gives the same adapter; 42 if not given. */
  readonly seed?: number;
}

export interface TrainableParameters {
  readonly trainable: number;
  readonly all: number;
  readonly percent: number;
}

type Base = CausalLM | SequenceClassifier;

/** A model whose own weights stay as they are, with adapters that are trained. */
export type PeftModel<M extends Base = CausalLM> = M & WithAdapters<M>;

/** What adapters add to a model. */
export interface WithAdapters<M extends Base> {
  /** The model without adapters; the two share their numbers. */
  readonly base: M;
  /** The settings of each adapter, by its name. */
  readonly peftConfig: Readonly<Record<string, LoraConfig>>;
  /** The adapter that is in use; undefined after `disableAdapter`. */
  readonly activeAdapter: string | undefined;

  /** How many parameters are trained, of how many. */
  trainableParameters(): TrainableParameters;

  /** Prints how many parameters are trained, as PEFT does. */
  printTrainableParameters(): void;

  /**
   * Puts another new adapter beside the model; `setAdapter` takes it into use.
   *
   * @throws if there is one of this name, or its config does not fit the model
   * @example model.addAdapter('support', new LoraConfig({ r: 8 }));
   */
  addAdapter(name: string, config: LoraConfig, options?: AdapterOptions): void;

  /**
   * Reads another adapter from a folder or the hub; `setAdapter` takes it into use.
   *
   * @throws naming file and setting or tensor if it does not fit the model
   * @example await model.loadAdapter('adapters/support', 'support');
   */
  loadAdapter(idOrFolder: string, name: string, hub?: PretrainedOptions): Promise<void>;

  /**
   * Takes an adapter into use: the model runs with it, and trains it, and no other.
   *
   * @throws naming the adapters that there are, if there is none of this name
   */
  setAdapter(name: string): void;

  /** Lets the model answer as it did without adapters, until `setAdapter`. */
  disableAdapter(): void;

  /**
   * A plain model with W + s · B · A in the place of each adapted W: as fast as a model that never had adapters. Beside a
   * quantised base, the sums are of float32 weights, and rounded again when the model runs.
   *
   * @example const merged = model.mergeAndUnload();
   */
  mergeAndUnload(): M;
}

/** What PEFT calls models with adapters. */
const CLASS_NAMES: Readonly<Record<TaskType, string>> = {
  CAUSAL_LM: 'PeftModelForCausalLM',
  SEQ_CLS: 'PeftModelForSequenceClassification',
};

/** The class of models of a kind that have adapters. */
function withAdapters<M extends Base>(
  Model: new (...parts: ConstructorParameters<typeof CausalLM>) => M,
  taskType: TaskType,
): new (
  base: M,
) => PeftModel<M> {
  // Classifiers are made of the same parts but the last, which they leave alone.
  class Adapted extends (Model as unknown as typeof CausalLM) implements WithAdapters<M> {
    readonly base: M;
    readonly #adapters = new Map<string, Adapter>();
    #active: string | undefined;

    constructor(base: M) {
      const { generationConfig } = base as CausalLM;
      super(base.config, base.architecture, base.weights, base.options, generationConfig);
      this.base = base;
    }

    get peftConfig(): Readonly<Record<string, LoraConfig>> {
      return Object.fromEntries([...this.#adapters].map(([name, { config }]) => [name, config]));
    }

    get activeAdapter(): string | undefined {
      return this.#active;
    }

    override get trainable(): readonly string[] {
      const name = this.#active;
      if (name === undefined) return [];
      return this.#adapters.get(name)!.parameters.map(({ stored }) => weightName(stored, name));
    }

    trainableParameters(): TrainableParameters {
      const trainable = this.trainable.reduce((sum, name) => sum + this.weights.get(name)!.data.length, 0);
      const all = this.numParameters();
      return { trainable, all, percent: (100 * trainable) / all };
    }

    printTrainableParameters(): void {
      const { trainable, all, percent } = this.trainableParameters();
      const show = (count: number): string => count.toLocaleString('en-US');
      console.log(
        `trainable params: ${show(trainable)} || all params: ${show(all)} || trainable%: ${percent.toFixed(4)}`,
      );
    }

    /** Biases are trained in the place of the model's own and count once; of modules there are two. */
    override numParameters(options?: { readonly excludeEmbeddings?: boolean }): number {
      const added = [...this.#adapters.values()].flatMap(({ parameters }) =>
        parameters.filter(({ replaces, wholeModule }) => replaces === undefined || wholeModule !== undefined),
      );
      const sizes = added.map(({ shape }) => shape.reduce((product, dim) => product * dim, 1));
      return sizes.reduce((a, b) => a + b, super.numParameters(options));
    }

    addAdapter(name: string, config: LoraConfig, { seed = 42 }: AdapterOptions = {}): void {
      const adapter = this.#prepare(name, config);
      this.#keep(name, adapter, initialParameters(adapter.parameters, this.weights, seed));
    }

    async loadAdapter(idOrFolder: string, name: string, hub: PretrainedOptions = {}): Promise<void> {
      const files = await openPretrained(idOrFolder, hub, 'An adapter');
      const adapter = this.#prepare(name, await readAdapterConfig(files));
      this.#keep(name, adapter, await readAdapterTensors(files, adapter.parameters));
    }

    setAdapter(name: string): void {
      if (!this.#adapters.has(name)) {
        throw new Error(`The model has no adapter ${name}; it has ${[...this.#adapters.keys()].join(', ')}.`);
      }
      this.#active = name;
      this.changeGraphs();
    }

    disableAdapter(): void {
      this.#active = undefined;
      this.changeGraphs();
    }

    /** x · Wᵀ + s · (x · Aᵀ) · Bᵀ where a layer has an adapter; for training, W has as many bits as when the model runs. */
    override layers(given: LayerOptions = {}): Layers {
      const { quantization } = this.options;
      const options = given.training && quantization ? { ...given, quantization, ownHead: true } : given;
      const active = this.#active;
      if (active === undefined) return super.layers(options);
      const { config, layers, parameters } = this.#adapters.get(active)!;
      const shapes = parameters.map(({ stored, shape }) => [weightName(stored, active), shape] as const);
      const replaced = parameters.flatMap(({ stored, replaces }) =>
        replaces === undefined ? [] : [[replaces, weightName(stored, active)] as const],
      );
      const own = inputLayers(this.architecture, options, shapes, new Map(replaced));
      const adapted = new Set(layers);
      const { training = false, seed = 0 } = options;
      const share = training ? config.loraDropout : 0;
      const masks = new Map<string, Tensor>();
      // One for each layer, also where a checkpoint computes it twice.
      const maskOf = (x: Tensor, name: string): Tensor => {
        const mask = masks.get(name) ?? dropMask(x.shape, share, seed * layers.length + layers.indexOf(name));
        masks.set(name, mask);
        return mask;
      };
      return {
        parameter: own.parameter,
        linear: (x, name) => {
          const y = own.linear(x, name);
          if (!adapted.has(name)) return y;
          const read = share === 0 ? x : dropout(x, share, maskOf(x, name));
          const narrow = linear(read, own.parameter(weightName(storedA(name), active)));
          const b = own.parameter(weightName(storedB(name), active));
          const wide = linear(narrow, b, undefined, { exactGradient: name === this.architecture.head });
          return add(y, mul(wide, config.scale));
        },
        block: own.block,
      };
    }

    mergeAndUnload(): M {
      // Copies: training writes into a model's arrays, and those of the base are its own.
      const weights = new Map(
        [...this.base.weights.keys()].map(name => [name, copyOf(this.weights.get(name)!)]),
      );
      const name = this.#active;
      if (name !== undefined) this.#merge(name, weights);
      return new Model(this.config, this.architecture, weights, this.options, this.generationConfig);
    }

    /** Writes the adapters alone, which PEFT reads: `default` into the folder, others into folders of their names in it. */
    override async savePretrained(folder: string, { dtype }: SaveOptions = {}): Promise<void> {
      for (const [name, { config, layers, parameters }] of this.#adapters) {
        const tensors = parameters.map(
          ({ stored }) => [stored, this.weights.get(weightName(stored, name))!] as const,
        );
        const path = name === DEFAULT_NAME ? folder : join(folder, name);
        await writeAdapter(
          path,
          config,
          taskType,
          layers,
          new Map(tensors),
          this.config._name_or_path,
          dtype,
        );
      }
    }

    override toString(): string {
      const { modules } = this.architecture;
      const name = this.#active ?? [...this.#adapters.keys()][0]!;
      const { config, layers, parameters } = this.#adapters.get(name)!;
      const saved = parameters.flatMap(({ wholeModule = [] }) => wholeModule);
      return showModule(peftModules(modules, CLASS_NAMES[taskType], { name, config, layers, saved }));
    }

    #merge(name: string, weights: Map<string, Value<'float32'>>): void {
      const { config, layers, parameters } = this.#adapters.get(name)!;
      const trained = (stored: string): Value<'float32'> => this.weights.get(weightName(stored, name))!;
      for (const layer of layers) {
        const weight = weights.get(`${layer}.weight`)!;
        const merged = merge(weight, trained(storedA(layer)), trained(storedB(layer)), config.scale);
        weights.set(`${layer}.weight`, merged);
      }
      for (const { stored, replaces } of parameters) {
        if (replaces !== undefined) weights.set(replaces, copyOf(trained(stored)));
      }
    }

    #prepare(name: string, given: LoraConfig): Adapter {
      if (!/^\w[\w-]*$/.test(name)) {
        throw new RangeError(
          `An adapter's name has letters, digits, _ and - only, not ${JSON.stringify(name)}.`,
        );
      }
      if (this.#adapters.has(name)) throw new Error(`The model has an adapter ${name} already.`);
      if (!(given instanceof LoraConfig)) {
        throw new TypeError('An adapter needs new LoraConfig({ … }), which fills in what is not given.');
      }
      if (given.taskType !== undefined && given.taskType !== taskType) {
        throw new TypeError(`The adapter is for ${given.taskType} and the model for ${taskType}.`);
      }
      const heads = taskType === 'SEQ_CLS' ? CLASSIFIER_HEADS : [];
      const modulesToSave = [...new Set([...given.modulesToSave, ...heads])];
      const config = new LoraConfig({ ...given, taskType, modulesToSave });
      return { config, ...adapterParameters(this, config) };
    }

    #keep(name: string, adapter: Adapter, tensors: ReadonlyMap<string, Value<'float32'>>): void {
      for (const [stored, value] of tensors) this.weights.set(weightName(stored, name), value);
      this.#adapters.set(name, adapter);
    }
  }
  return Adapted as unknown as new (
    base: M,
  ) => PeftModel<M>;
}

const copyOf = (value: Value<'float32'>): Value<'float32'> => ({ ...value, data: value.data.slice() });

const PeftModelForCausalLM = withAdapters(CausalLM, 'CAUSAL_LM');
const PeftModelForSequenceClassification = withAdapters(SequenceClassifier, 'SEQ_CLS');

function withoutAdapters<M extends Base>(base: M): PeftModel<M> {
  if ('peftConfig' in base)
    throw new TypeError('The model has adapters already; use its addAdapter or loadAdapter.');
  const model =
    base instanceof SequenceClassifier
      ? new PeftModelForSequenceClassification(base)
      : new PeftModelForCausalLM(base);
  return model as unknown as PeftModel<M>;
}

/**
 * Puts a new adapter, `default`, beside a model; before training it changes nothing, since B begins as zeros.
 *
 * The model that is given stays as it is, and its numbers are not copied.
 *
 * @throws naming the layers that there are, if the model has none that the config names
 * @example const model = getPeftModel(base, new LoraConfig({ r: 8, loraAlpha: 16 }));
 */
export function getPeftModel<M extends Base>(
  base: M,
  config: LoraConfig,
  options?: AdapterOptions,
): PeftModel<M> {
  const model = withoutAdapters(base);
  model.addAdapter(DEFAULT_NAME, config, options);
  model.setAdapter(DEFAULT_NAME);
  return model;
}

/** Loads adapters. */
export const PeftModel = {
  /**
   * Puts an adapter that was saved, here or by PEFT, beside a model, and takes it into use.
   *
   * @param idOrFolder a folder, or an id on the hub
   * @param name what the adapter is called here; `default` if not given
   * @throws naming file and setting or tensor if it is missing, asks for what is not written here, or belongs to another
   * model
   * @example const model = await PeftModel.fromPretrained(base, 'someone/support-adapter');
   */
  async fromPretrained<M extends Base>(
    base: M,
    idOrFolder: string,
    name: string = DEFAULT_NAME,
    hub: PretrainedOptions = {},
  ): Promise<PeftModel<M>> {
    checkOptions('PeftModel.fromPretrained', hub, PRETRAINED_OPTIONS);
    const model = withoutAdapters(base);
    await model.loadAdapter(idOrFolder, name, hub);
    model.setAdapter(name);
    return model;
  },
} as const;
