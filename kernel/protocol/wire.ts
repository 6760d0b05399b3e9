/** Wire format: identities, delimiter, signature, four JSON parts, buffers. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { type Header, type Incoming, type Json, PROTOCOL_VERSION } from './messages.ts';

const DELIMITER = Buffer.from('<IDS|MSG>');
const EMPTY_OBJECT = Buffer.from('{}');
/** As many signatures as are remembered to recognise a replay; jupyter_client remembers 65,536 too. */
const REPLAY_MEMORY = 65_536;

/** A message that must be dropped, and why. */
export class WireError extends Error {
  override name = 'WireError';
}

export interface Outgoing {
  readonly type: string;
  /** An object, or the JSON of one as bytes (the fast path of stream output). */
  readonly content: Json | Uint8Array;
  /** The header of the request this message answers. */
  readonly parent?: Uint8Array | undefined;
  readonly metadata?: Json | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
  readonly identities?: readonly Uint8Array[] | undefined;
}

/** Signs, encodes, verifies and decodes the messages of one session. */
export class Wire {
  readonly session: string = randomUUID();
  readonly #key: string;
  readonly #algorithm: string;
  readonly #username: string;
  readonly #seen = new Set<number>();
  readonly #idPrefix = `${this.session}_${process.pid}_`;
  #count = 0;

  /**
   * @param key shared secret of the connection file; an empty key turns signing off, as the protocol says
   * @param scheme `hmac-sha256` or another hash that Node knows
   */
  constructor(key: string, scheme = 'hmac-sha256', username = 'kernel') {
    this.#key = key;
    this.#algorithm = scheme.replace(/^hmac-/, '');
    this.#username = username;
    if (key) createHmac(this.#algorithm, key);
  }

  newHeader(type: string): Header {
    return {
      msg_id: `${this.#idPrefix}${this.#count++}`,
      msg_type: type,
      session: this.session,
      username: this.#username,
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
    };
  }

  encode(message: Outgoing, header: Header = this.newHeader(message.type)): Uint8Array[] {
    const parts = [
      Buffer.from(JSON.stringify(header)),
      message.parent ?? EMPTY_OBJECT,
      message.metadata ? Buffer.from(JSON.stringify(message.metadata)) : EMPTY_OBJECT,
      message.content instanceof Uint8Array ? message.content : Buffer.from(JSON.stringify(message.content)),
    ];
    const signature = Buffer.from(this.#sign(parts));
    return [...(message.identities ?? []), DELIMITER, signature, ...parts, ...(message.buffers ?? [])];
  }

  /**
   * Verifies and decodes.
   * @throws {WireError} for a message that is malformed, wrongly signed or replayed
   */
  decode(frames: readonly Uint8Array[]): Incoming {
    const at = frames.findIndex(frame => DELIMITER.equals(frame));
    if (at < 0) throw new WireError('no <IDS|MSG> delimiter');
    if (frames.length < at + 6)
      throw new WireError(`${frames.length - at - 1} frames after the delimiter, at least 5 expected`);
    const parts = frames.slice(at + 2, at + 6);
    this.#verify(frames[at + 1]!, parts);
    const [header, parentHeader, metadata, content] = parts.map(parseObject) as [Json, Json, Json, Json];
    if (typeof header.msg_type !== 'string' || typeof header.msg_id !== 'string') {
      throw new WireError('header without msg_id or msg_type');
    }
    return {
      identities: frames.slice(0, at),
      headerBytes: parts[0]!,
      header: header as unknown as Header,
      parentHeader,
      metadata,
      content,
      buffers: frames.slice(at + 6),
    };
  }

  #sign(parts: readonly Uint8Array[]): string {
    if (!this.#key) return '';
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  #verify(signature: Uint8Array, parts: readonly Uint8Array[]): void {
    if (!this.#key) return;
    const text = this.#sign(parts);
    const expected = Buffer.from(text);
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new WireError('wrong signature');
    // The first 52 bits tell signatures apart, and a number takes a fifth of the text's memory.
    const mark = Number.parseInt(text.slice(0, 13), 16);
    if (this.#seen.has(mark)) throw new WireError('replayed message');
    this.#seen.add(mark);
    if (this.#seen.size > REPLAY_MEMORY) this.#seen.delete(this.#seen.values().next().value as number);
  }
}

function parseObject(bytes: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw new WireError(`not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError('a part is not a JSON object');
  return value as Json;
}
