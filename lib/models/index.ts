/** Models: their graphs, their weights on disk, loading and saving. */
export type { Architecture, BatchTensors, KeyValueShape, Layers, Mix } from './architecture.ts';
export {
  type Batch,
  batchTensors,
  checkPositions,
  feedBatch,
  feedLabels,
  type LabelledPosition,
  type LabelTensors,
  labelledPositions,
  labelTensors,
  type Rows,
} from './batch.ts';
export type { KeyValueCache } from './cache.ts';
export { AutoModelForCausalLM, CausalLM, checkContinues, type ModelOutput } from './causalLM.ts';
export type { ModelConfig } from './config.ts';
export { type ExportOptions, exportOnnx, type OnnxDtype } from './exportOnnx.ts';
export type { LayerOptions } from './layers.ts';
export { type LoraBias, LoraConfig, type LoraOptions, type TaskType } from './lora/config.ts';
export { type AdapterOptions, getPeftModel, PeftModel } from './lora/peftModel.ts';
export { PreTrainedModel, type RunOptions, type SaveOptions } from './preTrainedModel.ts';
export type { QuantizationName } from './quantization.ts';
export { listSafetensors, readSafetensors, type WeightDtype, writeSafetensors } from './safetensors.ts';
export {
  AutoModelForSequenceClassification,
  type ClassifierBatch,
  type ClassifierOptions,
  type ClassifierOutput,
  SequenceClassifier,
} from './sequenceClassifier.ts';
