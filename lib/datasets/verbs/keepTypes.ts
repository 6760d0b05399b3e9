/** Lets columns keep the types of those that they replace, as Python does, where these hold the new values. */
import { ColumnBuilder, UnfitValueError } from '../columns/builder.ts';
import type { Dtype, Feature, FeatureMap } from '../features.ts';
import { sameFeature } from '../features.ts';
import { type Column, ColumnTable, type Table, type TypedColumn } from '../table.ts';

/** The made columns, typed as the earlier ones of the same name if their values allow it: classes stay classes. */
export function keepTypes(made: Table, earlier: FeatureMap): Table {
  const columns = [...made.features].map(([name, feature]): [string, TypedColumn] => {
    const column = made.column(name);
    const own = earlier.get(name);
    const kept =
      own && !sameFeature(own, feature) && mayHold(own, feature) ? rebuilt(column, own) : undefined;
    return [name, kept ?? { feature, column }];
  });
  return new ColumnTable(made.rowCount, new Map(columns));
}

const NUMBERS: ReadonlySet<Dtype> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float32',
  'float64',
]);

function mayHold(own: Feature, inferred: Feature): boolean {
  if (sameFeature(own, inferred)) return true;
  if (inferred.type === 'value') {
    const { dtype } = inferred;
    if (dtype === 'null') return true;
    if (own.type === 'classLabel') return dtype === 'int64' || dtype === 'string';
    if (own.type !== 'value') return false;
    return (
      own.dtype === 'json' ||
      (NUMBERS.has(own.dtype) && NUMBERS.has(dtype)) ||
      (own.dtype === 'date' && dtype === 'timestamp')
    );
  }
  if (own.type === 'value') return own.dtype === 'json';
  if (inferred.type === 'list') return own.type === 'list' && mayHold(own.feature, inferred.feature);
  if (inferred.type !== 'struct' || own.type !== 'struct') return false;
  return [...inferred.fields].every(([name, field]) => {
    const ownField = own.fields.get(name);
    return ownField !== undefined && mayHold(ownField, field);
  });
}

/** The column as one of the given type; nothing if a value does not fit it. */
function rebuilt(column: Column, feature: Feature): TypedColumn | undefined {
  const builder = new ColumnBuilder(feature);
  try {
    for (let i = 0; i < column.length; i++) builder.push(column.get(i));
  } catch (error) {
    if (error instanceof UnfitValueError) return undefined;
    throw error;
  }
  return { feature: builder.feature, column: builder.finish() };
}
