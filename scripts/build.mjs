/** Compiles kernel/, lib/ and cli/ into dist/. `npm install tunelab` gets dist/ ready made and has no TypeScript to run. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
if (!existsSync(join(root, 'tsconfig.build.json'))) process.exit(0);

const typescript = dirname(require.resolve('typescript/package.json'));
const tsc = join(typescript, require('typescript/package.json').bin.tsc);
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
