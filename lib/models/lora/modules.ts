/** A model with an adapter as a tree of modules, as PEFT prints it. */
import { linearModule, type Module, module, pythonFloat } from '../modules.ts';
import type { LoraConfig } from './config.ts';

export interface ShownAdapter {
  readonly name: string;
  readonly config: LoraConfig;
  /** The adapted layers. */
  readonly layers: readonly string[];
  /** The modules that are trained whole. */
  readonly saved: readonly string[];
}

/** @param type the class that PEFT has for models of this kind */
export function peftModules(
  root: Module,
  type: string,
  { name, config, layers, saved }: ShownAdapter,
): Module {
  const adapted = new Set(layers);
  const whole = new Set(saved);
  const only = (item: Module): Module => module('ModuleDict', { [name]: item });
  const adapt = (layer: Module): Module => {
    const [outputs, inputs] = layer.parameters.weight as readonly [number, number];
    const { r, loraDropout } = config;
    const settings = `p=${pythonFloat(loraDropout)}, inplace=False`;
    return module('lora.Linear', {
      base_layer: layer,
      lora_dropout: only(loraDropout > 0 ? module('Dropout', {}, settings) : module('Identity')),
      lora_A: only(linearModule(inputs, r, false)),
      lora_B: only(linearModule(r, outputs, false)),
      lora_embedding_A: module('ParameterDict'),
      lora_embedding_B: module('ParameterDict'),
      lora_magnitude_vector: module('ModuleDict'),
    });
  };
  const visit = (item: Module, path: string): Module => {
    if (adapted.has(path)) return adapt(item);
    if (whole.has(path)) {
      return module('ModulesToSaveWrapper', { original_module: item, modules_to_save: only(item) });
    }
    const prefix = path === '' ? '' : `${path}.`;
    const children = Object.entries(item.children).map(([key, child]) => [key, visit(child, prefix + key)]);
    return { ...item, children: Object.fromEntries(children) };
  };
  return module(type, { base_model: module('LoraModel', { model: visit(root, '') }) });
}
