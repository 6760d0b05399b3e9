/** `npm test`: sets up what is missing, then type check, lint and tests. Arguments go to vitest: `npm test -- test/cli`. */
import { binOf, ensureReady, node } from './ensure.mjs';

ensureReady();

const colors = process.stdout.isTTY ? [] : ['--colors=off'];
const steps = [
  ['Type check', binOf('typescript', 'tsc'), ['-p', 'tsconfig.json']],
  ['Lint', binOf('@biomejs/biome', 'biome'), ['ci', ...colors, '.']],
  ['Tests', binOf('vitest'), ['run', ...process.argv.slice(2)]],
];
for (const [name, script, args] of steps) {
  console.log(`${name} ...`);
  const status = node(script, ...args);
  if (status === 0) continue;
  console.error(`${name}: failed`);
  process.exit(status);
}
