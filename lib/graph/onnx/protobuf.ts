/** Writes protocol buffer messages: https://protobuf.dev/programming-guides/encoding */

const utf8 = new TextEncoder();

/** One message as a list of byte chunks, so that large tensors are copied once, at the end. */
export class Message {
  readonly chunks: Uint8Array[] = [];
  byteLength = 0;

  /** A whole number; undefined writes nothing. */
  integer(field: number, value: number | undefined): this {
    if (value === undefined) return this;
    return this.#push(varint(field << 3), varint(value));
  }

  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.#push(varint((field << 3) | 1), bytes);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varint((field << 3) | 5), bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint((field << 3) | 2), varint(value.byteLength), value);
  }

  message(field: number, value: Message): this {
    this.#push(varint((field << 3) | 2), varint(value.byteLength));
    for (const chunk of value.chunks) this.#push(chunk);
    return this;
  }

  /** Whole numbers in one field, without a tag for each. */
  packed(field: number, values: readonly number[]): this {
    const content = new Message();
    for (const value of values) content.#push(varint(value));
    return this.message(field, content);
  }

  toBytes(): Uint8Array {
    return Buffer.concat(this.chunks, this.byteLength);
  }

  #push(...chunks: Uint8Array[]): this {
    for (const chunk of chunks) {
      this.chunks.push(chunk);
      this.byteLength += chunk.byteLength;
    }
    return this;
  }
}

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
