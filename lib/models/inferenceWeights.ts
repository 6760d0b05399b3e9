/** Weights as part of a session instead of inputs of each run: ONNX Runtime arranges them once for its matrix products. */
import type { Graph, Value, Values } from '../graph/index.ts';
import type { Architecture } from './architecture.ts';
import { blocksName, type QuantizationName, quantizeWeight, scalesName } from './quantization.ts';

/** The weights that a graph for inference reads, by its inputs' names; the embedding is left to be fed. */
export function inferenceWeights(
  { inputs }: Graph,
  { embedding, head, tied }: Architecture,
  weights: ReadonlyMap<string, Value<'float32'>>,
  quantization: QuantizationName | undefined,
): Values {
  const all = new Map(weights);
  if (tied) all.set(`${head}.weight`, weights.get(embedding)!);
  all.delete(embedding);
  const values: Record<string, Value> = {};
  for (const [name, value] of all) {
    if (name in inputs) values[name] = value;
    else if (quantization !== undefined && blocksName(name) in inputs) {
      const { blocks, scales } = quantizeWeight(value, quantization);
      values[blocksName(name)] = blocks;
      values[scalesName(name)] = scales;
    }
  }
  return values;
}
