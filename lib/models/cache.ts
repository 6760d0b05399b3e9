/** Reading texts a few tokens at a time: the keys and values of earlier tokens are kept instead of computed again. */
import {
  cachedAttention,
  concat,
  equal,
  expandDims,
  type Graph,
  gather,
  graph,
  input,
  type Tensor,
  type Value,
  where,
} from '../graph/index.ts';
import type { Architecture, KeyValueShape, Layers } from './architecture.ts';
import { batchTensors } from './batch.ts';

/** The cache grows by so many tokens at a time. */
const BLOCK = 64;
const MINUS_INFINITY = -3.4028234663852886e38;

/**
 * The graph that reads new tokens after those of a cache.
 *
 * Inputs beside the weights: those of `batchTensors`, `lastRows` [batch] with the rows of the hidden states to continue
 * from, and the cache's feeds. Outputs: `logits` [batch, vocabulary], and `newKeys` and `newValues` [layers, batch,
 * groups, seq, size].
 */
export function cachedGraph(architecture: Architecture, layers: Layers): Graph {
  const { groups, size } = architecture.keyValues;
  const batch = batchTensors();
  const pastMask = input('pastMask', ['batch', 'past'], 'int32');
  const pastBias = expandDims(expandDims(where(equal(pastMask, 1), 0, MINUS_INFINITY), 1), 1);
  const keys: Tensor[] = [];
  const values: Tensor[] = [];
  const hidden = architecture.hiddenStates(layers, batch, (query, key, value, bias) => {
    const past = (name: string): Tensor => input(`${name} ${keys.length}`, ['batch', groups, 'past', size]);
    const kept = { key: past('keys'), value: past('values'), bias: pastBias };
    keys.push(expandDims(key, 0));
    values.push(expandDims(value, 0));
    return cachedAttention(query, key, value, bias, kept);
  });
  const rows = gather(hidden, input('lastRows', ['batch'], 'int32'));
  const logits = layers.linear(rows, architecture.head);
  return graph({ logits, newKeys: concat(keys, 0), newValues: concat(values, 0) });
}

/** The keys and values of the tokens that a model has read, for each row of a batch. */
export class KeyValueCache {
  readonly #shape: KeyValueShape;
  #batch: number;
  #capacity = 0;
  #length = 0;
  /** A [batch, groups, capacity, size] array for each layer. */
  #keys: Float32Array<ArrayBuffer>[];
  #values: Float32Array<ArrayBuffer>[];
  /** [batch, capacity]: 1 where there is a token. */
  #mask = new Int32Array(0);
  /** How many tokens each row has, padding left out. */
  #tokens: number[];

  constructor(shape: KeyValueShape, batch: number) {
    this.#shape = shape;
    this.#batch = batch;
    this.#keys = Array.from({ length: shape.layers }, () => new Float32Array(0));
    this.#values = Array.from({ length: shape.layers }, () => new Float32Array(0));
    this.#tokens = new Array<number>(batch).fill(0);
    // ONNX Runtime does not reshape tensors without elements, so that there is room before there are tokens.
    this.#grow(BLOCK);
  }

  get batch(): number {
    return this.#batch;
  }

  /** How many positions are taken, padding included. */
  get length(): number {
    return this.#length;
  }

  /** How many tokens each row has, padding left out. */
  get tokens(): readonly number[] {
    return this.#tokens;
  }

  /** What `cachedGraph` wants to know of the past. */
  feeds(): Record<string, Value> {
    const { groups, size } = this.#shape;
    const shape = [this.#batch, groups, this.#capacity, size];
    const feeds: Record<string, Value> = {
      pastMask: { dtype: 'int32', shape: [this.#batch, this.#capacity], data: this.#mask },
    };
    for (let layer = 0; layer < this.#shape.layers; layer++) {
      feeds[`keys ${layer}`] = { dtype: 'float32', shape, data: this.#keys[layer]! };
      feeds[`values ${layer}`] = { dtype: 'float32', shape, data: this.#values[layer]! };
    }
    return feeds;
  }

  /**
   * Adds the outputs of `cachedGraph`.
   *
   * @param keys [layers, batch, groups, seq, size]
   * @param mask [batch, seq]: 1 for tokens, 0 for padding
   */
  append(keys: Float32Array, values: Float32Array, mask: readonly (readonly number[])[]): void {
    const { layers, groups, size } = this.#shape;
    const seq = mask[0]!.length;
    if (this.#length + seq > this.#capacity) this.#grow(this.#length + seq);
    const rows = this.#batch * groups;
    const [from, width] = [this.#length * size, seq * size];
    for (let layer = 0; layer < layers; layer++) {
      for (let row = 0; row < rows; row++) {
        const source = (layer * rows + row) * width;
        const target = row * this.#capacity * size + from;
        this.#keys[layer]!.set(keys.subarray(source, source + width), target);
        this.#values[layer]!.set(values.subarray(source, source + width), target);
      }
    }
    mask.forEach((row, i) => {
      this.#mask.set(row, i * this.#capacity + this.#length);
      this.#tokens[i]! += row.reduce((total, bit) => total + bit, 0);
    });
    this.#length += seq;
  }

  /** Replaces the rows of the batch by copies of the rows with these numbers, as beams and repeated samples need it. */
  selectRows(rows: readonly number[]): void {
    if (rows.length === this.#batch && rows.every((row, i) => row === i)) return;
    const { groups, size } = this.#shape;
    const select = <T extends Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
      array: T,
      width: number,
    ): T => {
      const result = new (array.constructor as new (length: number) => T)(rows.length * width);
      rows.forEach((row, i) => {
        result.set(array.subarray(row * width, (row + 1) * width), i * width);
      });
      return result;
    };
    const width = groups * this.#capacity * size;
    this.#keys = this.#keys.map(array => select(array, width));
    this.#values = this.#values.map(array => select(array, width));
    this.#mask = select(this.#mask, this.#capacity);
    this.#tokens = rows.map(row => this.#tokens[row]!);
    this.#batch = rows.length;
  }

  #grow(length: number): void {
    const capacity = Math.ceil(length / BLOCK) * BLOCK;
    const rows = this.#batch * this.#shape.groups;
    const widen = <T extends Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
      array: T,
      count: number,
      unit: number,
    ): T => {
      const [before, after] = [this.#capacity * unit, capacity * unit];
      const result = new (array.constructor as new (length: number) => T)(count * after);
      for (let i = 0; i < count; i++) result.set(array.subarray(i * before, (i + 1) * before), i * after);
      return result;
    };
    this.#keys = this.#keys.map(array => widen(array, rows, this.#shape.size));
    this.#values = this.#values.map(array => widen(array, rows, this.#shape.size));
    this.#mask = widen(this.#mask, this.#batch, 1);
    this.#capacity = capacity;
  }
}
