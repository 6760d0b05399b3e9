/** The kernel's entry: `node main.js --connection-file FILE [--heap-mb N]`. */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { ConnectionFileError, readConnectionFile } from './protocol/index.ts';
import { log, Session } from './session/session.ts';
import { isTypesMode, TYPES_MODES, type TypesMode } from './session/types.ts';

function fail(message: string): never {
  process.stderr.write(`tunelab: ${message}\n`);
  process.exit(1);
}

interface Arguments {
  readonly file: string;
  readonly heapMegabytes: number | undefined;
  readonly types: TypesMode;
}

function readArguments(): Arguments {
  try {
    const { values, positionals } = parseArgs({
      options: { 'connection-file': { type: 'string', short: 'f' }, 'heap-mb': { type: 'string' } },
      allowPositionals: true,
    });
    const file = values['connection-file'] ?? positionals[0];
    if (!file) fail('no connection file given; Jupyter starts a kernel with --connection-file FILE');
    const heap = values['heap-mb'] ?? process.env.TUNELAB_HEAP_MB;
    const heapMegabytes = heap === undefined ? undefined : Number(heap);
    if (heapMegabytes !== undefined && !(Number.isInteger(heapMegabytes) && heapMegabytes >= 64)) {
      fail(`--heap-mb takes a whole number of megabytes, at least 64; not '${heap}'`);
    }
    const types = process.env.TUNELAB_TYPES || 'error';
    if (!isTypesMode(types)) fail(`TUNELAB_TYPES takes ${TYPES_MODES.join(', ')}; not '${types}'`);
    return { file, heapMegabytes, types };
  } catch (error) {
    fail((error as Error).message);
  }
}

/** Ends the kernel when the Jupyter server that started it is gone. */
function watchParent(): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1) return;
  setInterval(() => {
    try {
      process.kill(parent, 0);
    } catch {
      process.exit(0);
    }
  }, 2_000).unref();
}

// What passes through here is short-lived; V8 would let its nursery grow to 32 MB, and the rest to four times what is in use.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=50');
const { file, heapMegabytes, types } = readArguments();
try {
  const session = new Session(readConnectionFile(file), {
    heapMegabytes,
    types,
    onExit: code => process.exit(code),
  });
  process.on('SIGINT', () => session.interrupt());
  process.on('SIGTERM', () => session.shutdown());
  process.on('uncaughtException', error => log(`internal: ${error.stack}`));
  watchParent();
  await session.start();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof ConnectionFileError) fail(message);
  if (code === 'EADDRINUSE')
    fail(`the addresses in ${file} are already in use; is another kernel running with this connection file?`);
  fail(`cannot listen on the addresses in ${file}: ${message}`);
}
