/** The parameters of one adapter: which there are, under which names, and how they begin. */
import type { Value } from '../../graph/index.ts';
import { uniformNumbers } from '../initialize.ts';
import { storedShapes } from '../layers.ts';
import { parameterShapes } from '../modules.ts';
import type { PreTrainedModel } from '../preTrainedModel.ts';
import type { LoraConfig } from './config.ts';
import { moduleOf, modulesNamed, targetLayers } from './targets.ts';

/** A parameter that an adapter has. */
export interface AdapterParameter {
  /** The name in PEFT's files, without the prefix that all have. */
  readonly stored: string;
  readonly shape: readonly number[];
  /** The model's own parameter that it stands in for; not there for A and B. */
  readonly replaces?: string;
  /** The module that is trained whole, if it belongs to one. */
  readonly wholeModule?: string;
}

/** A and B of an adapted layer, by the names in PEFT's files. */
export const storedA = (layer: string): string => `${layer}.lora_A.weight`;
export const storedB = (layer: string): string => `${layer}.lora_B.weight`;

/** The name among the model's weights, where several adapters live side by side: `….lora_A.default.weight`. */
export function weightName(stored: string, adapter: string): string {
  const dot = stored.lastIndexOf('.');
  return `${stored.slice(0, dot)}.${adapter}${stored.slice(dot)}`;
}

/** @throws naming what the model has, if the config names layers or modules that it has not */
export function adapterParameters(
  model: Pick<PreTrainedModel, 'architecture' | 'config'>,
  config: LoraConfig,
): { readonly layers: string[]; readonly parameters: AdapterParameter[] } {
  const layers = targetLayers(model, config);
  const saved = modulesNamed(model, config.modulesToSave);
  const { modules, head } = model.architecture;
  const shapes = parameterShapes(modules);
  const parameters: AdapterParameter[] = layers.flatMap(layer => {
    const [outputs, inputs] = shapes.get(`${layer}.weight`) as readonly [number, number];
    return [
      { stored: storedA(layer), shape: [config.r, inputs] },
      { stored: storedB(layer), shape: [outputs, config.r] },
    ];
  });
  for (const [name, shape] of storedShapes(model.architecture)) {
    const module = moduleOf(name);
    const adapted = layers.includes(module);
    if (saved.includes(module)) {
      const named = module === head && config.modulesToSave.includes('lm_head') ? 'lm_head' : module;
      parameters.push({
        stored: named + name.slice(module.length),
        shape,
        replaces: name,
        wholeModule: module,
      });
    } else if (name.endsWith('.bias') && (config.bias === 'all' || (config.bias === 'loraOnly' && adapted))) {
      parameters.push({ stored: adapted ? `${module}.base_layer.bias` : name, shape, replaces: name });
    }
  }
  return { layers, parameters };
}

/**
 * How the parameters begin: A at random, B as zeros, so that nothing changes at first, and the rest as the model has it.
 *
 * @param seed the same seed gives the same numbers
 */
export function initialParameters(
  parameters: readonly AdapterParameter[],
  weights: ReadonlyMap<string, Value<'float32'>>,
  seed: number,
): Map<string, Value<'float32'>> {
  const random = uniformNumbers(seed);
  const values = new Map<string, Value<'float32'>>();
  for (const { stored, shape, replaces } of parameters) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const data = replaces === undefined ? new Float32Array(size) : weights.get(replaces)!.data.slice();
    if (stored.endsWith('.lora_A.weight')) {
      // Kaiming's uniform distribution as PyTorch begins linear layers: up to 1 / √inputs.
      const limit = 1 / Math.sqrt(shape[1]!);
      for (let i = 0; i < data.length; i++) data[i] = limit * (2 * random() - 1);
    }
    values.set(stored, { dtype: 'float32', shape, data });
  }
  return values;
}
