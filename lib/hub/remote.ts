/** A file of the hub read where it lies: as a stream, or a few bytes of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { replyError, resolveUrl } from './errors.ts';
import { type HubOptions, look, prepare } from './file.ts';
import { checkFileName } from './names.ts';
import { HubUnreachable, isConnectionError, request } from './request.ts';

/** A file at the hub of which nothing has been read yet. */
export interface RemoteFile {
  /** In bytes. */
  readonly size: number;
  /** The bytes in order; leaving the loop early closes the connection. A connection that breaks is taken up again. */
  bytes(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Bytes `from` to, but without, `to`. */
  slice(from: number, to: number): Promise<Uint8Array>;
}

const BREAKS = 5;
const WAIT_MS = 500;

/**
 * Opens a file of a repository without downloading it.
 *
 * @throws as `hubFile` does
 * @example const { size } = await openRemote('EleutherAI/pythia-70m', 'model.safetensors');
 */
export async function openRemote(
  repoId: string,
  filename: string,
  options: HubOptions = {},
): Promise<RemoteFile> {
  checkFileName(filename);
  const { wanted } = await prepare(repoId, options);
  const { commit, size } = await look({ ...wanted, filename });
  const at = { ...wanted, filename, revision: commit };

  async function* bytes(from: number, to: number): AsyncGenerator<Uint8Array, void, undefined> {
    let next = from;
    for (let breaks = 0; next < to; ) {
      const before = next;
      const whole = next === 0 && to === size;
      const reply = await request(resolveUrl(at), {
        token: at.token,
        ...(whole ? {} : { range: [next, to] as const }),
      });
      if (reply.status !== (whole ? 200 : 206)) {
        if (reply.status >= 400) throw await replyError(reply, at);
        reply.discard();
        throw new Error(
          `${new URL(resolveUrl(at)).host} does not give parts of ${filename}; load it without streaming.`,
        );
      }
      try {
        for await (const piece of reply.bytes()) {
          next += piece.length;
          yield piece;
        }
      } catch (error) {
        if (!isConnectionError(error)) throw error;
      }
      if (next < to) await sleep(WAIT_MS);
      breaks = next > before ? 0 : breaks + 1;
      if (breaks === BREAKS) {
        throw new HubUnreachable(
          `The connection broke ${BREAKS} times in a row at byte ${next} of ${filename} (${repoId}); try again later.`,
        );
      }
    }
  }

  return {
    size,
    bytes: () => bytes(0, size),
    async slice(from, to) {
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes(from, Math.min(to, size))) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}
