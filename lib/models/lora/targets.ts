/** Which parts of a model a config of LoRA means. */
import { linearNames, parameterShapes } from '../modules.ts';
import type { PreTrainedModel } from '../preTrainedModel.ts';
import type { LoraConfig } from './config.ts';

type Model = Pick<PreTrainedModel, 'architecture' | 'config'>;

/** The layers that PEFT adapts if nothing is said, by model type. */
const DEFAULT_TARGETS: Readonly<Record<string, readonly string[]>> = {
  gpt_neox: ['query_key_value'],
  llama: ['q_proj', 'v_proj'],
  mistral: ['q_proj', 'v_proj'],
  qwen2: ['q_proj', 'v_proj'],
};
const ALL_LINEAR = 'all-linear';
/** What heads of classifiers are called; PEFT asks for both to be saved, and a model has one. */
export const CLASSIFIER_HEADS: readonly string[] = ['classifier', 'score'];

/**
 * The names of the linear layers that get adapters.
 *
 * @throws naming the layers that there are, if a target is none of them
 */
export function targetLayers(model: Model, { targetModules, modulesToSave }: LoraConfig): string[] {
  const { modules, tied, head } = model.architecture;
  const saved = new Set(modulesNamed(model, modulesToSave));
  // A tied head is the embedding, which merging an adapter would change too.
  const names = linearNames(modules).filter(name => !saved.has(name) && !(tied && name === head));
  const targets = targetModules ?? DEFAULT_TARGETS[String(model.config.model_type)]!;
  const nothing = (target: string): never => {
    const known = new Set(names.map(name => name.slice(name.lastIndexOf('.') + 1)));
    throw new Error(`The model has no linear layer ${target} to adapt; it has ${[...known].join(', ')}.`);
  };
  if (typeof targets === 'string') {
    if (targets.toLowerCase() === ALL_LINEAR) return names.filter(name => name !== head);
    const pattern = expression(targets);
    const found = names.filter(name => pattern.test(name));
    return found.length > 0 ? found : nothing(`whose name is ${targets}`);
  }
  const isTarget = (name: string, target: string): boolean => name === target || name.endsWith(`.${target}`);
  const unknown = targets.find(target => !names.some(name => isTarget(name, target)));
  if (unknown !== undefined) nothing(unknown);
  return names.filter(name => targets.some(target => isTarget(name, target)));
}

/**
 * The modules that are trained whole, by full name; the head may also be called lm_head, as transformers 5 does.
 *
 * @throws naming the modules that there are, if one is none of them or cannot be replaced
 */
export function modulesNamed({ architecture }: Model, wanted: readonly string[]): string[] {
  const { modules, head, tied, embedding } = architecture;
  const names = [...new Set([...parameterShapes(modules).keys()].map(parameter => moduleOf(parameter)))];
  const isWanted = (name: string, one: string): boolean =>
    name.endsWith(one) || (one === 'lm_head' && name === head);
  for (const one of wanted) {
    if (CLASSIFIER_HEADS.includes(one) && CLASSIFIER_HEADS.includes(head)) continue;
    const found = names.filter(name => isWanted(name, one));
    if (found.length === 0) {
      const known = new Set(names.map(name => name.slice(name.lastIndexOf('.') + 1)));
      throw new Error(`The model has no module ${one} to train whole; it has ${[...known].join(', ')}.`);
    }
    if (found.includes(moduleOf(embedding)) || (tied && found.includes(head))) {
      throw new Error(`modulesToSave has ${one}, but the embedding stays frozen beside adapters.`);
    }
  }
  return names.filter(name => wanted.some(one => isWanted(name, one)));
}

/** The module that a parameter belongs to. */
export const moduleOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf('.'));

function expression(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (error) {
    throw new SyntaxError(`targetModules is no regular expression: ${(error as Error).message}`);
  }
}
