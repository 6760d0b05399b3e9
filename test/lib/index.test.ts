import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';

it('loads no heavy room, and so in well under 150 ms', () => {
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
    const code = `const t = performance.now(); await import('${pathToFileURL(outfile)}'); console.log(performance.now() - t);`;
    const milliseconds = Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }),
    );
    expect(milliseconds).toBeLessThan(150);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
