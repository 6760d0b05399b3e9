/** Gathers stream output into few messages: at once when a cell prints now and then, in batches when it floods. */
import type { StreamName } from '../runtime/channel.ts';

/** The longest that output waits, in milliseconds. */
const INTERVAL = 15;
/** Bytes of one stream message at most. */
const LIMIT = 512 * 1024;

const PREFIX = {
  stdout: Buffer.from('{"name":"stdout","text":"'),
  stderr: Buffer.from('{"name":"stderr","text":"'),
};
const SUFFIX = Buffer.from('"}');

export class OutputBatcher {
  readonly #publish: (cell: number, content: Uint8Array) => void;
  #cell = 0;
  #name: StreamName = 'stdout';
  #chunks: Buffer[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #lastFlush = 0;

  /** @param publish gets the content of a `stream` message as JSON bytes */
  constructor(publish: (cell: number, content: Uint8Array) => void) {
    this.#publish = publish;
  }

  /** @param json the inside of a JSON string, in UTF-8 */
  write(name: StreamName, cell: number, json: Buffer): void {
    if (this.#bytes > 0 && (cell !== this.#cell || name !== this.#name || this.#bytes + json.length > LIMIT))
      this.flush();
    this.#cell = cell;
    this.#name = name;
    this.#chunks.push(json);
    this.#bytes += json.length;
    if (this.#timer || this.#immediate) return;
    const wait = this.#lastFlush + INTERVAL - performance.now();
    if (wait > 1) this.#timer = setTimeout(() => this.flush(), wait);
    // What arrived together leaves together.
    else this.#immediate = setImmediate(() => this.flush());
  }

  flush(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    if (this.#bytes === 0) return;
    const content = Buffer.concat([PREFIX[this.#name], ...this.#chunks, SUFFIX]);
    this.#chunks = [];
    this.#bytes = 0;
    this.#lastFlush = performance.now();
    this.#publish(this.#cell, content);
  }
}
