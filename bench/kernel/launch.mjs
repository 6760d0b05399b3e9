/** Starts a kernel process from its command line and connects a measuring client to it. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client.mjs';
import { processTree, treeMemory } from './processes.mjs';

const CHANNELS = ['shell', 'control', 'stdin', 'iopub', 'hb'];

async function freePorts(count) {
  const servers = [];
  for (let index = 0; index < count; index++) {
    const server = createServer();
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
  }
  const ports = servers.map(server => server.address().port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

/** A running kernel with its client. */
export class Kernel {
  stderr = '';
  exited = undefined;

  /**
   * Starts a kernel and waits for its first `kernel_info_reply`.
   * @param spec `{ name, argv, env?, cwd?, interrupt? }`; `{connection_file}` in `argv` is replaced
   * @returns the kernel, with `readyMs`: milliseconds from spawning to that reply, and `unanswered`: how many
   *   requests before the answered one got none
   * @throws when the process ends first or does not answer within `timeout` milliseconds
   */
  static async start(spec, { timeout = 60_000 } = {}) {
    const kernel = new Kernel();
    kernel.spec = spec;
    kernel.folder = mkdtempSync(join(tmpdir(), 'kernel-bench-'));
    const ports = await freePorts(CHANNELS.length);
    kernel.connection = {
      transport: 'tcp',
      ip: '127.0.0.1',
      key: randomUUID(),
      signature_scheme: 'hmac-sha256',
      kernel_name: spec.name,
    };
    CHANNELS.forEach((channel, index) => {
      kernel.connection[`${channel}_port`] = ports[index];
    });
    const file = join(kernel.folder, 'connection.json');
    writeFileSync(file, JSON.stringify(kernel.connection), { mode: 0o600 });
    const [program, ...args] = spec.argv.map(arg => arg.replace('{connection_file}', file));
    // What is measured shall not end up in the user's history.
    const history = join(kernel.folder, 'history.jsonl');
    const env = { ...process.env, TUNELAB_HISTORY_FILE: history, ...spec.env };
    const startedAt = performance.now();
    kernel.process = spawn(program, args, {
      cwd: spec.cwd ?? kernel.folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    kernel.startedAt = startedAt;
    kernel.process.stderr.on('data', bytes => {
      kernel.stderr = (kernel.stderr + bytes).slice(-20_000);
    });
    const exited = new Promise(resolve => {
      kernel.process.once('error', error => resolve(error.message));
      kernel.process.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    exited.then(how => {
      kernel.exited = how;
    });
    kernel.exit = exited;
    kernel.client = new Client(kernel.connection);
    const info = await kernel.#firstReply(timeout);
    if (info === undefined) {
      const why = kernel.exited
        ? `it ended with ${kernel.exited}`
        : `no kernel_info_reply within ${timeout} ms`;
      await kernel.stop();
      const said = kernel.stderr.replaceAll(process.cwd(), '.').trim().slice(0, 300);
      throw new Error(`${spec.name} did not start: ${why}${said ? `: ${said}` : ''}`);
    }
    kernel.readyMs = info.replyAt - startedAt;
    kernel.info = info.reply.content;
    return kernel;
  }

  /** Asks for kernel_info until an answer comes, as front ends do: a kernel may lose what arrives while it binds. */
  async #firstReply(timeout) {
    const asked = [];
    for (const deadline = performance.now() + timeout; performance.now() < deadline && this.alive; ) {
      asked.push(this.client.send('kernel_info_request', {}, { needsIdle: false }));
      await Promise.race([
        ...asked.map(info => info.done),
        this.exit,
        new Promise(resolve => setTimeout(resolve, 500)),
      ]);
      const answered = asked.find(info => info.reply !== undefined);
      if (answered) {
        this.unanswered = asked.indexOf(answered);
        return answered;
      }
    }
    return undefined;
  }

  /** Waits until an idle status has been seen: from then on the subscription to iopub holds. */
  async settle() {
    for (let attempt = 0; attempt < 50; attempt++) {
      const info = await this.client.request('kernel_info_request', {}, { timeout: 500 });
      if (!info.timedOut) return this;
    }
    throw new Error(`${this.spec.name} never said idle`);
  }

  get alive() {
    return this.exited === undefined;
  }

  memory() {
    return treeMemory(this.process.pid);
  }

  /** Interrupts the way the kernel's kernelspec asks for. */
  interrupt() {
    if (this.spec.interrupt === 'message')
      return this.client.send('interrupt_request', {}, { channel: 'control' });
    this.process.kill('SIGINT');
    return undefined;
  }

  /** Ends the kernel and whatever it started. */
  async stop() {
    const tree = this.alive ? processTree(this.process.pid) : [];
    if (this.alive) {
      this.client.send('shutdown_request', { restart: false }, { channel: 'control' });
      await Promise.race([this.exit, new Promise(resolve => setTimeout(resolve, 700))]);
    }
    this.client.close();
    for (const pid of tree) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // already gone
      }
    }
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
