/** Data sets and the formats they come in. */
export { concatenateDatasets, interleaveDatasets } from './combine.ts';
export { Dataset, type FrameLike } from './dataset.ts';
export { DatasetDict } from './datasetDict.ts';
export { ClassLabel, type Dtype, type Feature, type FeatureMap } from './features.ts';
export { checkUtf8, type OnBadLine, unpackedBytes } from './formats/index.ts';
export { IterableDataset } from './iterableDataset.ts';
export { IterableDatasetDict } from './iterableDatasetDict.ts';
export { type Row, readJsonl, writeJsonl } from './jsonl.ts';
export { type DataFiles, type LoadDatasetOptions, loadDataset } from './loadDataset.ts';
export { loadFromDisk } from './loadFromDisk.ts';
export { range } from './range.ts';
export { type Column, inferFeatures, type Table, tableOfColumns, tableOfRows } from './table.ts';
export type { Batch, Merged } from './types.ts';
export type { FeatureSpec } from './verbs/cast.ts';
export type { InterleaveOptions, StoppingStrategy } from './verbs/interleave.ts';
export type { BatchedFilterOptions, BatchedMapOptions, FilterOptions, MapOptions } from './verbs/options.ts';
export type { SplitOptions } from './verbs/split.ts';
