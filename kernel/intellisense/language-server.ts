/** TypeScript's language server as a process: started, spoken to over its standard input and output, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The server's own program; Node's launcher in front of it would only cost memory. */
export function serverProgram(): string {
  const fromTypescript = createRequire(createRequire(import.meta.url).resolve('typescript/package.json'));
  const folder = dirname(
    fromTypescript.resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`),
  );
  return join(folder, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
}

export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  readonly #versions = new Map<string, number>();
  #nextId = 1;
  #pieces: Buffer[] = [];
  #held = 0;
  #needed = 1;
  #alive = true;

  /**
   * @param folder where relative names start
   * @param onDeath called once when the process has ended by itself or could not start
   */
  constructor(folder: string, onDeath: (why: string) => void) {
    // In a process group of its own, so that Ctrl-C in the kernel's terminal does not end it.
    this.#process = spawn(serverProgram(), ['--lsp', '--stdio'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const die = (why: string): void => {
      if (!this.#alive) return;
      this.#end();
      onDeath(why);
    };
    this.#process.once('error', error => die(error.message));
    this.#process.once('exit', (code, signal) => die(signal ?? `exit code ${code}`));
    // Writing to a process that has just ended breaks the pipe; its exit is handled above.
    this.#process.stdin!.on('error', () => {});
    this.#process.stdout!.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  async initialize(): Promise<void> {
    await this.request('initialize', {
      // The server ends when this process does.
      processId: process.pid,
      rootUri: null,
      capabilities: {
        general: { positionEncodings: ['utf-16'] },
        textDocument: { diagnostic: {}, hover: { contentFormat: ['markdown'] }, completion: {} },
      },
      initializationOptions: {
        disablePushDiagnostics: true,
        logVerbosity: 0,
        // No index of everything that could be imported, and nothing is ever downloaded.
        userPreferences: {
          suggest: { autoImports: false },
          tsserver: { automaticTypeAcquisition: { enabled: false } },
        },
      },
    });
    this.notify('initialized', {});
  }

  /** @returns what the server answers; undefined when it refuses or has ended */
  request(method: string, params: object): Promise<unknown> {
    if (!this.#alive) return Promise.resolve(undefined);
    const id = this.#nextId++;
    return new Promise(resolve => {
      this.#waiting.set(id, answer => {
        this.#waiting.delete(id);
        resolve(answer?.result);
      });
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: object): void {
    if (this.#alive) this.#send({ jsonrpc: '2.0', method, params });
  }

  /** Gives a document its text: documents live in the server only, never on disk. */
  setDocument(uri: string, languageId: string, text: string): void {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    if (version === 1)
      this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
    else
      this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** Ends the process; its death is not reported. */
  stop(): void {
    this.#end();
    this.#process.kill('SIGKILL');
  }

  #end(): void {
    this.#alive = false;
    for (const settle of [...this.#waiting.values()]) settle(undefined);
  }

  #send(message: object): void {
    const json = Buffer.from(JSON.stringify(message));
    this.#process.stdin!.write(Buffer.concat([Buffer.from(`Content-Length: ${json.length}\r\n\r\n`), json]));
  }

  #read(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return;
    let bytes = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    this.#needed = 1;
    for (;;) {
      const head = bytes.indexOf('\r\n\r\n');
      if (head < 0) break;
      const length = Number(/Content-Length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1]);
      const end = head + 4 + length;
      if (bytes.length < end) {
        this.#needed = end;
        break;
      }
      this.#receive(JSON.parse(bytes.toString('utf8', head + 4, end)) as Answer);
      bytes = bytes.subarray(end);
    }
    this.#pieces = bytes.length ? [bytes] : [];
    this.#held = bytes.length;
  }

  #receive(message: Answer): void {
    if (message.id === undefined) return;
    // The server asks for settings and registrations; it has all it needs.
    if (message.method !== undefined) this.#send({ jsonrpc: '2.0', id: message.id, result: null });
    else this.#waiting.get(message.id)?.(message);
  }
}
