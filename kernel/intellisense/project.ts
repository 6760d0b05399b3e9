/** How the language server sees a notebook: its compiler options, what cells find as globals, where packages lie. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Documents of the server; the dot keeps them apart from any file of the user's. */
export const DOCUMENTS = {
  /** The cell that is checked. */
  cell: '.tunelab-cell.ts',
  cellWithElements: '.tunelab-cell-x.tsx',
  /** The cell that is being typed. */
  typing: '.tunelab-typing.ts',
  typingWithElements: '.tunelab-typing-x.tsx',
  /** What finished cells have declared. */
  prelude: '.tunelab-prelude.ts',
  globals: '.tunelab-globals.d.ts',
} as const;

/** Begins every name that the checker sees and nobody typed; completion leaves such names out. */
export const RESERVED = '__tunelab_';
/** How documents, and the prelude itself, refer to the prelude. */
export const MODULE = `${RESERVED}cells`;

const require = createRequire(import.meta.url);

/**
 * The `tsconfig.json` that the server reads in place of any that lies in the notebook's folder. Nothing is strict:
 * only what is wrong in any dialect of TypeScript may stop a cell.
 */
export function projectOptions(folder: string, decorators: 'standard' | 'legacy'): object {
  const nodeTypes = folderAbove(folder, 'node_modules/@types/node') ?? resolved('@types/node');
  return {
    compilerOptions: {
      target: 'esnext',
      lib: ['esnext'],
      // As the loader resolves: `import` and `require` side by side, extensions optional.
      module: 'preserve',
      customConditions: ['node'],
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      noEmit: true,
      strict: false,
      skipLibCheck: true,
      noUnusedLocals: false,
      allowUnreachableCode: true,
      experimentalDecorators: decorators === 'legacy',
      jsx: 'react',
      types: nodeTypes === undefined ? [] : ['node'],
      typeRoots: nodeTypes === undefined ? [] : [dirname(nodeTypes)],
      paths: kernelPackages(folder),
    },
    files: Object.values(DOCUMENTS).map(name => `./${name}`),
  };
}

/** What is resolved from this package because the notebook's folder does not have it: this package and what it depends on. */
function kernelPackages(folder: string): Record<string, string[]> {
  const own = require('tunelab/package.json') as { dependencies: Record<string, string> };
  const paths: Record<string, string[]> = {};
  for (const name of ['tunelab', ...Object.keys(own.dependencies)]) {
    if (folderAbove(folder, `node_modules/${name}`) !== undefined) continue;
    const types = typesOf(name);
    if (types !== undefined) paths[name] = [types];
  }
  return paths;
}

interface PackageJson {
  readonly types?: string;
  readonly typings?: string;
  readonly exports?: unknown;
}

/** The declarations of a package of ours; one without them is not typed. */
function typesOf(name: string): string | undefined {
  const folder = resolved(name);
  if (folder === undefined) return undefined;
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
  const main = (description.exports as Record<string, unknown> | undefined)?.['.'] ?? description.exports;
  const file = exportedTypes(main) ?? description.types ?? description.typings;
  if (file === undefined) return undefined;
  const path = join(folder, file);
  return existsSync(path) ? path : undefined;
}

function exportedTypes(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const conditions = target as Record<string, unknown>;
  if (typeof conditions.types === 'string') return conditions.types;
  return exportedTypes(conditions.import) ?? exportedTypes(conditions.default);
}

function resolved(name: string): string | undefined {
  if (name === 'tunelab') return dirname(require.resolve('tunelab/package.json'));
  for (const modules of require.resolve.paths(name) ?? []) {
    if (existsSync(join(modules, name, 'package.json'))) return join(modules, name);
  }
  return undefined;
}

function folderAbove(from: string, path: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return join(folder, path);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The declarations beside a compiled module of the kernel's. */
function kernelTypes(path: string): string {
  return JSON.stringify(fileURLToPath(new URL(path, import.meta.url)));
}

/** What the kernel puts into cells besides Node's own globals. */
export const GLOBALS = `
declare const __dirname: string;
declare const __filename: string;
declare function prompt(message?: unknown, initial?: unknown): string | null;
declare function promptPassword(message?: unknown): string;
declare function confirm(message?: unknown): boolean;
declare function alert(message?: unknown): void;
declare const Deno: { jupyter: import(${kernelTypes('../display/deno.js')}).DenoJupyter; [name: string]: any };
declare module 'tslab' {
  type Tslab = import(${kernelTypes('../display/tslab.js')}).Tslab;
  export const display: Tslab['display'];
  export const newDisplay: Tslab['newDisplay'];
  export const versions: Tslab['versions'];
}
`;
