import { createRequire } from 'node:module';
import { PROTOCOL_VERSION } from '../../protocol/index.ts';
import { TYPESCRIPT_VERSION } from '../../runtime/names.ts';
import type { Handler } from './index.ts';

const { version } = createRequire(import.meta.url)('tunelab/package.json') as { version: string };

export const kernelInfo: Handler = () => ({
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'tunelab',
  implementation_version: version,
  language_info: {
    name: 'typescript',
    version: TYPESCRIPT_VERSION,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    // A string: some clients cannot read the object form.
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script',
  },
  banner: `tunelab ${version}: TypeScript on Node ${process.versions.node}. %help lists the magic commands.`,
  help_links: [
    { text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/intro.html' },
    { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
  ],
  debugger: true,
  supported_features: ['debugger', 'kernel subshells'],
});
