/** Class labels, which Python's `datasets` writes down beside the columns of Parquet and Arrow files. */
import { ClassLabel, type Feature, type FeatureMap } from '../features.ts';

/** @param metadata the text under the key `huggingface`, if there is one */
export function withClassLabels(features: FeatureMap, metadata: string | undefined): FeatureMap {
  if (metadata === undefined) return features;
  const { info } = JSON.parse(metadata) as { info?: { features?: unknown } };
  return labelledFields(features, info?.features);
}

/** A type with its class labels, also inside lists and structs; `said` is what Python wrote of it. */
function labelled(feature: Feature, said: unknown): Feature {
  const { _type: type, names, feature: items } = Object(said) as Record<string, unknown>;
  if (type === 'ClassLabel' && Array.isArray(names)) return new ClassLabel(names as string[]);
  if (feature.type === 'list') return { type: 'list', feature: labelled(feature.feature, items) };
  return feature.type === 'struct'
    ? { type: 'struct', fields: labelledFields(feature.fields, said) }
    : feature;
}

function labelledFields(fields: FeatureMap, said: unknown): FeatureMap {
  const of = (name: string): unknown =>
    Object.hasOwn(Object(said), name) ? (said as Record<string, unknown>)[name] : undefined;
  return new Map([...fields].map(([name, feature]) => [name, labelled(feature, of(name))]));
}
