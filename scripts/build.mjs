/** Compiles kernel/, lib/ and cli/ into dist/. `npm install tunelab` gets dist/ ready made and has no TypeScript to run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
if (!existsSync(join(root, 'tsconfig.build.json'))) process.exit(0);

const typescript = dirname(require.resolve('typescript/package.json'));
const tsc = join(typescript, require('typescript/package.json').bin.tsc);
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
// Node takes half a millisecond a module: what every kernel and every notebook waits for is made one file each, in place.
const dist = join(root, 'dist');
await build({
  entryPoints: ['kernel/runtime/main.js', 'kernel/runtime/control.js', 'lib/index.js'].map(path =>
    join(dist, path),
  ),
  outdir: dist,
  outbase: dist,
  allowOverwrite: true,
  bundle: true,
  keepNames: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
