/** Starts a kernel process and connects to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelClient } from './client.ts';
import { type ConnectionInfo, newKey, PORTS } from './connection.ts';

/** How often free ports are looked for. */
const ATTEMPTS = 5;

export interface LaunchOptions {
  /** The kernel's command line; `{connection_file}` is replaced, as in a kernelspec. */
  readonly argv: readonly string[];
  /** The kernel's working folder: that of the notebook. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds to wait for the kernel's first answer. */
  readonly timeout?: number;
}

export interface RunningKernel {
  readonly client: KernelClient;
  readonly process: ChildProcess;
  readonly connection: ConnectionInfo;
  readonly connectionFile: string;
  /** Asks the kernel to end, kills it if it does not within two seconds, and removes the connection file. */
  stop(): Promise<void>;
}

/**
 * Launches a kernel on free ports and waits until it answers.
 * @throws when the process ends or does not answer in time; the message carries what it wrote to stderr
 */
export async function launchKernel(options: LaunchOptions): Promise<RunningKernel> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(options);
    } catch (error) {
      // Another program may take one of the ports between the look and the start.
      if (attempt === ATTEMPTS || !(error as Error).message.includes('already in use')) throw error;
    }
  }
}

async function launch(options: LaunchOptions): Promise<RunningKernel> {
  const [program, ...rest] = options.argv;
  if (!program) throw new Error('a kernel needs a command line');
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-'));
  const connectionFile = join(folder, 'kernel.json');
  const ports = await freePorts(PORTS.length);
  const connection: ConnectionInfo = {
    transport: 'tcp',
    ip: '127.0.0.1',
    key: newKey(),
    signature_scheme: 'hmac-sha256',
    ...(Object.fromEntries(PORTS.map((name, index) => [name, ports[index]])) as Record<
      (typeof PORTS)[number],
      number
    >),
  };
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600 });

  const kernel = spawn(
    program,
    rest.map(arg => arg.replace('{connection_file}', connectionFile)),
    {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let log = '';
  kernel.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const client = new KernelClient(connection);
  const exited = new Promise<never>((_, reject) => {
    kernel.once('error', error => reject(new Error(`cannot start ${program}: ${error.message}`)));
    // Not at its exit: what it wrote last may still be unread then.
    kernel.once('close', (code, signal) => {
      client.close();
      reject(new Error(`the kernel ended with ${signal ?? `code ${code}`}${log ? `: ${log.trim()}` : ''}`));
    });
  });
  exited.catch(() => {});

  const stop = async (): Promise<void> => {
    if (kernel.exitCode === null && kernel.signalCode === null) {
      const gone = new Promise(resolve => kernel.once('exit', resolve));
      const killer = setTimeout(() => kernel.kill('SIGKILL'), 2_000);
      // The exit below is what counts; a kernel that ends before it replies is no error.
      await client.shutdown(false, 2_000).catch(() => {});
      await gone;
      clearTimeout(killer);
    }
    client.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([client.ready(options.timeout), exited]);
  } catch (error) {
    kernel.kill('SIGKILL');
    client.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { client, process: kernel, connection, connectionFile, stop };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}
