/** Connection files: where a kernel listens and the key that signs its messages. */
import { getHashes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface ConnectionInfo {
  readonly transport: 'tcp' | 'ipc';
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
  readonly kernel_name?: string;
}

export const PORTS = ['shell_port', 'control_port', 'stdin_port', 'iopub_port', 'hb_port'] as const;
export type PortName = (typeof PORTS)[number];

/** A connection file that cannot be used; the message is one line for the user. */
export class ConnectionFileError extends Error {
  override name = 'ConnectionFileError';
}

/**
 * Reads and checks a connection file.
 * @throws {ConnectionFileError} when the file is missing, is not JSON, or lacks or mistypes a field
 */
export function readConnectionFile(path: string): ConnectionInfo {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConnectionFileError(`cannot read the connection file ${path}: ${(error as Error).message}`);
  }
  let info: Record<string, unknown>;
  try {
    info = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new ConnectionFileError(`the connection file ${path} is not JSON`);
  }
  if (typeof info !== 'object' || info === null)
    throw new ConnectionFileError(`the connection file ${path} is not a JSON object`);
  const transport = info.transport ?? 'tcp';
  if (transport !== 'tcp' && transport !== 'ipc') {
    throw new ConnectionFileError(
      `the connection file ${path} has transport ${JSON.stringify(transport)}; tcp or ipc is needed`,
    );
  }
  for (const port of PORTS) {
    const value = info[port];
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > 65_535) {
      throw new ConnectionFileError(
        `the connection file ${path} has ${port} ${JSON.stringify(value)}; a port number is needed`,
      );
    }
  }
  for (const field of ['ip', 'key', 'signature_scheme']) {
    if (info[field] !== undefined && typeof info[field] !== 'string') {
      throw new ConnectionFileError(`the connection file ${path} has a ${field} that is not a string`);
    }
  }
  const scheme = (info.signature_scheme as string | undefined) ?? 'hmac-sha256';
  if (!scheme.startsWith('hmac-') || !getHashes().includes(scheme.slice('hmac-'.length))) {
    throw new ConnectionFileError(
      `the connection file ${path} has signature_scheme ${scheme}; hmac-sha256 is usual`,
    );
  }
  return { ip: '127.0.0.1', key: '', signature_scheme: 'hmac-sha256', ...info, transport } as ConnectionInfo;
}

/** The ZeroMQ address of one of the kernel's sockets. */
export function endpoint(info: ConnectionInfo, port: PortName): string {
  return info.transport === 'ipc' ? `ipc://${info.ip}-${info[port]}` : `tcp://${info.ip}:${info[port]}`;
}

export function newKey(): string {
  return randomUUID();
}
