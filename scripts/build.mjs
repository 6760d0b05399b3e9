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
// Node takes half a millisecond a module: as one file the process that runs cells is ready a tenth sooner.
const runtime = join(root, 'dist/kernel/runtime');
await build({
  entryPoints: [join(runtime, 'main.js'), join(runtime, 'control.js')],
  outdir: runtime,
  allowOverwrite: true,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
