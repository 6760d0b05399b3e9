/** Features as Python's `datasets` writes them down, in dataset_info.json and in the metadata of Arrow and Parquet files. */
import type { Dtype, Feature, FeatureMap } from '../features.ts';

/** Names of the types that Python calls otherwise. */
const DTYPES: Partial<Record<Dtype, string>> = { date: 'date32', timestamp: 'timestamp[ms]' };

export function pythonFeatures(features: FeatureMap): Record<string, unknown> {
  return Object.fromEntries([...features].map(([name, feature]) => [name, pythonFeature(feature)]));
}

function pythonFeature(feature: Feature): unknown {
  switch (feature.type) {
    case 'value':
      if (feature.dtype === 'json') return { _type: 'Json' };
      return { dtype: DTYPES[feature.dtype] ?? feature.dtype, _type: 'Value' };
    case 'classLabel':
      return { names: feature.names, _type: 'ClassLabel' };
    case 'list':
      return { feature: pythonFeature(feature.feature), _type: 'List' };
    case 'struct':
      return pythonFeatures(feature.fields);
  }
}

/** What a file says of its columns under the key `huggingface`. */
export function huggingfaceMetadata(features: FeatureMap): string {
  return JSON.stringify({ info: { features: pythonFeatures(features) } });
}
