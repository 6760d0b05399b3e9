/** The layers of a model whose parameters are the inputs of a graph. */
import { checkpoint, dequantize, input, linear, type Shape, type Tensor } from '../graph/index.ts';
import type { Architecture, Layers } from './architecture.ts';
import { isEmbedding, parameterShapes } from './modules.ts';
import {
  blocksName,
  QUANTIZATIONS,
  type QuantizationName,
  quantizedShapes,
  scalesName,
} from './quantization.ts';

export interface LayerOptions {
  /**
   * Takes of the embedding only the rows that a batch uses, [touched, hidden], by which the batch's token ids are then
   * counted; see TrainingStep.
   */
  readonly lookedUp?: boolean;
  /** Leaves out at random what is left out while training. */
  readonly training?: boolean;
  /** What is left out follows from it and from the number of the step. */
  readonly seed?: number;
  /** Keeps of each block only what goes into it, and computes the rest again for the gradient. */
  readonly gradientCheckpointing?: boolean;
  /** Gives a head that shares the embedding a parameter of its own, under its own name. */
  readonly ownHead?: boolean;
  /** Reads the weights of linear layers as whole numbers and scales, under the names of quantization.ts. */
  readonly quantization?: QuantizationName | undefined;
}

/**
 * The layers of a model for one graph, of which each parameter becomes an input.
 *
 * @param more names and shapes of parameters that the architecture does not have
 * @param replaced names of these that stand in for the architecture's own, by the own names
 * @throws if the embedding is to be looked up but the head needs all of it
 */
export function inputLayers(
  architecture: Architecture,
  { lookedUp = false, ownHead = false, gradientCheckpointing = false, quantization }: LayerOptions = {},
  more: Iterable<readonly [string, Shape]> = [],
  replaced: ReadonlyMap<string, string> = new Map(),
): Layers {
  const { embedding, head } = architecture;
  const tied = architecture.tied && !ownHead;
  if (lookedUp && tied) throw new Error(`The head needs all rows of ${embedding}, which it shares.`);
  const shapes = new Map<string, Shape>([...storedShapes(architecture), ...more]);
  if (ownHead) shapes.set(`${head}.weight`, [architecture.vocabularySize, architecture.hiddenSize]);
  if (lookedUp) shapes.set(embedding, ['touched', architecture.hiddenSize]);
  const inputs = new Map<string, Tensor>();
  const quantized = new Map<string, Tensor>();

  const parameter = (asked: string): Tensor => {
    const name = replaced.get(asked) ?? asked;
    let tensor = inputs.get(name);
    if (tensor === undefined) {
      const shape = shapes.get(name);
      if (shape === undefined) throw new Error(`internal: the model has no parameter ${name}.`);
      inputs.set(name, (tensor = input(name, shape)));
    }
    return tensor;
  };
  const weightOf = (name: string): Tensor => {
    if (quantization === undefined || replaced.has(name)) return parameter(name);
    let weight = quantized.get(name);
    if (weight === undefined) {
      const shape = shapes.get(name) as readonly [number, number];
      const { blocks, scales } = quantizedShapes(shape, quantization);
      const parts = [input(blocksName(name), blocks, 'uint8'), input(scalesName(name), scales)] as const;
      quantized.set(name, (weight = dequantize(...parts, shape[1], QUANTIZATIONS[quantization])));
    }
    return weight;
  };
  return {
    parameter,
    linear(x, name) {
      const weight = weightOf(tied && name === head ? embedding : `${name}.weight`);
      const bias = shapes.has(`${name}.bias`) ? parameter(`${name}.bias`) : undefined;
      return linear(x, weight, bias, { exactGradient: name === head });
    },
    block: (x, compute) => (gradientCheckpointing ? checkpoint(x, compute) : compute(x)),
  };
}

/** The shapes of the parameters that are stored, by name: a tied head is not. */
export function storedShapes(
  { modules, tied, head }: Architecture,
  { excludeEmbeddings = false } = {},
): Map<string, readonly number[]> {
  const shapes = parameterShapes(modules, module => !excludeEmbeddings || !isEmbedding(module));
  if (tied) shapes.delete(`${head}.weight`);
  return shapes;
}
