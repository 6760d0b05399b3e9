/** `tunelab kernel`: starts the kernel on a connection file, as Jupyter does through the kernelspec. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { CliError, UsageError } from './errors.ts';
import { command, wholeNumber } from './options.ts';
import { kernelMain } from './package.ts';

export const kernel = command({
  name: 'kernel',
  summary: 'Starts the kernel on a connection file, as Jupyter does through the kernelspec.',
  operands: '',
  flags: {
    'connection-file': { value: 'FILE', help: 'where to listen and the key that signs messages' },
    'heap-mb': { value: 'N', help: 'heap limit of the process that runs the cells, in megabytes' },
  },
  run: async values => {
    const file = values['connection-file'];
    if (file === undefined) throw new UsageError('tunelab kernel: --connection-file FILE is needed');
    const heap =
      values['heap-mb'] === undefined
        ? []
        : ['--heap-mb', String(wholeNumber('--heap-mb', values['heap-mb'], 64))];
    if (!existsSync(kernelMain))
      throw new CliError(`the kernel is not built (no ${kernelMain}); run: npm run build`);
    // The same process becomes the kernel, so that signals and its exit code are the kernel's own.
    process.argv = [process.execPath, kernelMain, '--connection-file', file, ...heap];
    await import(pathToFileURL(kernelMain).href);
    return await new Promise<number>(() => {});
  },
});
