/** The Jupyter messaging protocol 5.5: the shapes of what travels. https://jupyter-client.readthedocs.io/en/stable/messaging.html */

export const PROTOCOL_VERSION = '5.5';

export type Channel = 'shell' | 'control' | 'stdin' | 'iopub';

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

export type Json = Record<string, unknown>;

export interface Message {
  readonly header: Header;
  /** Empty for a message that answers nothing. */
  readonly parentHeader: Partial<Header>;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Uint8Array[];
}

/** A received message with what an answer to it needs. */
export interface Incoming extends Message {
  /** Routing prefix as raw bytes: a client may choose any identity, not only text. */
  readonly identities: readonly Uint8Array[];
  /** The header as received: the parent header of every answer, never serialized twice. */
  readonly headerBytes: Uint8Array;
}
