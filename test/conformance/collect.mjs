/**
 * Loaded into a kernel's processes: at SIGUSR2 each collects its garbage and writes what remains, in bytes, into the
 * file that its process id names in the folder `COLLECT_FOLDER`. The file is there from the start.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const file = join(process.env.COLLECT_FOLDER, String(process.pid));
  process.on('SIGUSR2', async () => {
    const session = new Session();
    session.connect();
    // What a first collection finds dead may have held more: finalizers run between two turns of the event loop.
    for (let round = 0; round < 3; round++) {
      // Unlike `gc()`, this hands memory that is not used back to the system.
      session.post('HeapProfiler.collectGarbage');
      await setImmediate();
    }
    session.disconnect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(`${file}.new`, String(heapUsed + external));
    renameSync(`${file}.new`, file);
  });
  writeFileSync(file, '');
}
