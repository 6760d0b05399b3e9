/** Class labels, which Python's `datasets` writes down beside the columns of Parquet and Arrow files. */
import { ClassLabel, type FeatureMap } from '../features.ts';

/** @param metadata the text under the key `huggingface`, if there is one */
export function withClassLabels(features: FeatureMap, metadata: string | undefined): FeatureMap {
  if (metadata === undefined) return features;
  const { info } = JSON.parse(metadata) as { info?: { features?: Record<string, unknown> } };
  return new Map(
    [...features].map(([name, feature]) => {
      const said = info?.features && Object.hasOwn(info.features, name) ? info.features[name] : undefined;
      const { _type: type, names } = Object(said) as { _type?: unknown; names?: unknown };
      const isLabel = type === 'ClassLabel' && Array.isArray(names);
      return [name, isLabel ? new ClassLabel(names as string[]) : feature] as const;
    }),
  );
}
