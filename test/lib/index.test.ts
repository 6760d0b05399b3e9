import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';

it('loads no heavy room, and so takes the processor for well under 150 ms', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunelab-import-'));
  try {
    const outfile = join(folder, 'index.mjs');
    buildSync({
      entryPoints: [fileURLToPath(new URL('../../lib/index.ts', import.meta.url))],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
    });
    // Packages cannot be found from the temporary folder, so an import of one at load time would fail here.
    const code = `const before = process.cpuUsage(); await import('${pathToFileURL(outfile)}'); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000);`;
    const milliseconds = [1, 2, 3].map(() =>
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })),
    );
    expect(Math.min(...milliseconds)).toBeLessThan(150);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
