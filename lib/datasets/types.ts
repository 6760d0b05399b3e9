/** The types of rows as the verbs change them. */
import type { ClassLabel } from './features.ts';

/** Shows an intersection as the one object it is. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** Rows `T` without the columns `R`, and with the columns of `U` over them. */
export type Merged<T, U, R extends PropertyKey = never> = Simplify<Omit<T, R | keyof U> & U>;

/** Rows `T` with one column called otherwise. */
export type Renamed<T, From extends keyof T, To extends PropertyKey> = Simplify<
  Omit<T, From> & Record<To, T[From]>
>;

/** Rows `T` with columns called as `N` says, new name by present name. */
export type RenamedAll<T, N> = Simplify<
  Omit<T, keyof N> & { [K in keyof T & keyof N as N[K] & string]: T[K] }
>;

/** Rows by column: for each column its values, in the rows' order. */
export type Batch<T> = { [K in keyof T]: T[K][] };

/** What a batched function returns: for each column an array or typed array. */
export type BatchResult<U> = { [K in keyof U]: ArrayLike<U[K]> };

/** The names of a row's columns, which an editor offers; others are for the data set to refuse. */
export type ColumnName<T> = (keyof T & string) | (string & {});

/** The values of a column of a type; 64-bit integers too great for a number are bigints all the same. */
export type ValueOf<F> = F extends ClassLabel | 'float32' | 'float64' | `${'' | 'u'}int${8 | 16 | 32 | 64}`
  ? number
  : F extends 'string'
    ? string
    : F extends 'bool'
      ? boolean
      : F extends 'date' | 'timestamp'
        ? Date
        : F extends 'binary'
          ? Uint8Array
          : unknown;

/** The type that a value has once it is kept: integers are numbers where these hold them exactly. */
export type Kept<V> = V extends bigint ? number | bigint : V;
