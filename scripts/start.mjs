/** `npm start`: sets up what is missing, then runs every notebook through the kernel into out/. */
import { join } from 'node:path';
import { ensureReady, node, root } from './ensure.mjs';

/** Seconds for one cell: none of the notebooks comes near it, and a cell that hangs must not hang the start. */
const CELL_TIMEOUT = 900;

ensureReady();
console.log('Running the notebooks in notebooks/');
const status = node(
  join(root, 'dist', 'cli', 'main.js'),
  ...['run', 'notebooks', '--out', 'out', '--html', '--timeout', String(CELL_TIMEOUT)],
  ...process.argv.slice(2),
);
if (status === 130) process.exit(status);

console.log(`
Look at the results: open the .html files in out/ in a browser.
To work in the notebooks yourself:
  JupyterLab  npx tunelab install, then jupyter lab, and choose "TypeScript (tunelab)"
  VS Code     npx tunelab install; with the Jupyter extension open a notebook, Select Kernel, Jupyter Kernel, "TypeScript (tunelab)"
  Not sure    npx tunelab doctor`);
process.exit(status);
