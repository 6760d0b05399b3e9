/** The shapes that leave this room: MIME bundles, and the host that publishes them. */

/** What `display_data`, `update_display_data` and `execute_result` carry: one value in several forms. */
export type MimeBundle = { data: Record<string, unknown>; metadata: Record<string, unknown> };

/** The method through which a value says how it wants to be shown; Deno's kernel uses the same symbol. */
export const displaySymbol: unique symbol = Symbol.for('Jupyter.display');

/** Publishes messages of the running cell; the runtime implements it. */
export interface DisplayHost {
  send(
    type: 'display_data' | 'update_display_data' | 'clear_output' | (string & {}),
    content: object,
    metadata?: object,
    buffers?: Uint8Array[],
  ): void;
}

/** A bundle of the given forms without metadata. */
export function bundleOf(data: Record<string, unknown>): MimeBundle {
  return { data, metadata: {} };
}
