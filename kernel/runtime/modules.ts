/**
 * Modules for cells. Local files are compiled here, so that an edited `.ts` file is read again; packages and
 * Node's own modules go to Node's loader. Resolution starts at the notebook's folder, then at the kernel's package.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { parseSync } from 'oxc-parser';
import { NO_CELL, runInCell } from './context.ts';
import { registerFile } from './errors.ts';
import { lowerTypeScript } from './lower.ts';
import { REWRITTEN } from './names.ts';
import { PositionMap } from './positions.ts';
import { CellSyntaxError } from './transform.ts';

type Namespace = Record<string, unknown>;
interface ImportOptions {
  readonly with?: Readonly<Record<string, string>>;
}

interface LocalModule {
  readonly module: vm.Module;
  readonly stamp: string;
  /** Absolute paths of the local files it imports. */
  readonly imports: Set<string>;
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const COMPILED = new Set(['.ts', '.tsx', '.mts', '.js', '.jsx', '.mjs']);
/** `./x.js` in TypeScript may mean `./x.ts`. */
const TYPESCRIPT_OF: Readonly<Record<string, string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

export class ModuleLoader {
  readonly #folder: string;
  readonly #local = new Map<string, LocalModule>();
  #building: Promise<void> = Promise.resolve();
  /** Files that `require` has loaded: what they were then, and the local files that they require. */
  readonly #required = new Map<string, { readonly stamp: string; readonly requires: ReadonlySet<string> }>();
  /** Packages that the kernel serves itself: `tslab`. */
  readonly #virtual: Readonly<Record<string, () => Namespace>>;
  readonly #importFrom = new Map<
    string,
    (specifier: string, options?: ImportOptions) => Promise<Namespace>
  >();
  readonly #kernelFolder = dirname(fileURLToPath(import.meta.url));
  readonly require: NodeJS.Require;

  /** @param folder where relative specifiers and packages of cells are looked up: the notebook's folder */
  constructor(folder: string, virtual: Readonly<Record<string, () => Namespace>>) {
    this.#folder = folder;
    this.#virtual = virtual;
    this.require = this.#makeRequire();
  }

  /**
   * Imports a module for a cell.
   * @param names exports that the cell uses; one that is missing is an error, as in an ES module
   * @param others exports that it only names: types, or values for later cells
   */
  async import(
    specifier: string,
    options?: ImportOptions,
    names: readonly string[] = [],
    others: readonly string[] = [],
  ): Promise<Namespace> {
    // What the loader starts is shared by all cells and must survive an interrupt of this one.
    const namespace = await runInCell(NO_CELL, () =>
      this.#resolveAndImport(String(specifier), this.#folder, options),
    );
    const missing = [...names, ...others].filter(name => !(name in namespace));
    if (missing.length === 0) return namespace;
    // Node sees only some of CommonJS's exports by name; the object has them all.
    const exported = Object(namespace.default) as Namespace;
    const found = missing.filter(name => name in exported);
    const lost = missing.find(name => names.includes(name) && !found.includes(name));
    if (lost !== undefined) throw new SyntaxError(missingExport(specifier, lost, namespace));
    return { ...namespace, ...Object.fromEntries(found.map(name => [name, exported[name]])) };
  }

  async #resolveAndImport(specifier: string, folder: string, options?: ImportOptions): Promise<Namespace> {
    const virtual = this.#virtual[specifier];
    if (virtual) return virtual();
    const path = localPath(specifier, folder);
    if (path === undefined) return this.#importPackage(specifier, folder, options);
    const module = await this.#loadFile(path);
    return module.namespace as Namespace;
  }

  // --- packages -------------------------------------------------------------------------------------------------

  async #importPackage(specifier: string, folder: string, options?: ImportOptions): Promise<Namespace> {
    const name = withoutScheme(specifier);
    try {
      return await this.#nativeImport(folder)(name, options);
    } catch (error) {
      if (!isMissingPackage(error, name)) throw error;
      try {
        return await this.#nativeImport(this.#kernelFolder)(name, options);
      } catch (second) {
        if (!isMissingPackage(second, name)) throw second;
        throw missingPackage(name, folder);
      }
    }
  }

  /** Node's own `import()`, as a file in `folder` would call it. */
  #nativeImport(folder: string): (specifier: string, options?: ImportOptions) => Promise<Namespace> {
    let importer = this.#importFrom.get(folder);
    if (!importer) {
      const script = new vm.Script('(specifier, options) => import(specifier, options)', {
        filename: join(folder, 'cell.js'),
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
      importer = script.runInThisContext() as (
        specifier: string,
        options?: ImportOptions,
      ) => Promise<Namespace>;
      this.#importFrom.set(folder, importer);
    }
    return importer;
  }

  // --- local files ----------------------------------------------------------------------------------------------

  async #loadFile(path: string): Promise<vm.Module> {
    const loading = new Map<string, vm.Module>();
    // One import at a time builds its graph: two could each make a module of the same file.
    const built = this.#building.then(() => this.#build(path, loading));
    this.#building = built.then(
      () => {},
      () => {},
    );
    const module = await built;
    try {
      await module.evaluate();
    } catch (error) {
      for (const file of loading.keys()) this.#local.delete(file);
      throw error;
    }
    return module;
  }

  /** @param loading modules of this import so far, so that cycles end */
  async #build(path: string, loading: Map<string, vm.Module>): Promise<vm.Module> {
    try {
      const module = await this.#instantiate(path, loading);
      if (module.status === 'unlinked') await module.link(this.#linker(loading) as vm.ModuleLinker);
      return module;
    } catch (error) {
      for (const file of loading.keys()) this.#local.delete(file);
      throw error;
    }
  }

  async #instantiate(path: string, loading: Map<string, vm.Module>): Promise<vm.Module> {
    const known = loading.get(path);
    if (known) return known;
    const cached = this.#local.get(path);
    if (cached && this.#isFresh(path, new Set())) return cached.module;
    const stamp = stampOf(path);
    const imports = new Set<string>();
    const module = await this.#compile(path, imports);
    loading.set(path, module);
    this.#local.set(path, { module, stamp, imports });
    return module;
  }

  /** A module is fresh when neither it nor anything it imports has changed. */
  #isFresh(path: string, seen: Set<string>): boolean {
    if (seen.has(path)) return true;
    seen.add(path);
    const cached = this.#local.get(path);
    if (!cached || cached.module.status === 'errored' || cached.stamp !== stampOf(path)) return false;
    return [...cached.imports].every(file => this.#isFresh(file, seen));
  }

  #linker(loading: Map<string, vm.Module>) {
    return async (
      specifier: string,
      referrer: vm.Module,
      extra: { attributes?: Readonly<Record<string, string>> },
    ): Promise<vm.Module> => {
      const from = fileURLToPath(referrer.identifier);
      const path = localPath(specifier, dirname(from));
      if (path !== undefined && !this.#virtual[specifier]) {
        this.#local.get(from)?.imports.add(path);
        return this.#instantiate(path, loading);
      }
      const namespace = await this.#resolveAndImport(specifier, dirname(from), attributesOf(extra));
      return synthetic(specifier, namespace);
    };
  }

  async #compile(path: string, imports: Set<string>): Promise<vm.Module> {
    const extension = extname(path);
    if (extension === '.json') return synthetic(path, { default: readJson(path) }, pathToFileURL(path).href);
    if (!COMPILED.has(extension)) return this.#foreign(path);
    const text = readFileSync(path, 'utf8');
    const isScript = extension === '.js' && !hasModuleSyntax(text);
    if (isScript) return this.#foreign(path);
    const code = compile(path, text, false);
    return new vm.SourceTextModule(code, {
      identifier: pathToFileURL(path).href,
      initializeImportMeta: meta => Object.assign(meta, importMeta(path)),
      importModuleDynamically: (async (
        specifier: string,
        _module: vm.Module,
        attributes: Readonly<Record<string, string>>,
      ) => {
        const local = localPath(specifier, dirname(path));
        if (local !== undefined) {
          imports.add(local);
          return this.#loadFile(local);
        }
        const module = synthetic(
          specifier,
          await this.#resolveAndImport(specifier, dirname(path), attributesOf({ attributes })),
        );
        await module.link((() => {}) as unknown as vm.ModuleLinker);
        await module.evaluate();
        return module;
      }) as NonNullable<vm.SourceTextModuleOptions['importModuleDynamically']>,
    });
  }

  /** CommonJS, native addons, WebAssembly: Node loads them; CommonJS is read again when it changed. */
  async #foreign(path: string): Promise<vm.Module> {
    const url = pathToFileURL(path).href;
    if (/\.(c?js|node|cts)$/.test(path)) {
      delete this.require.cache[path];
      const exported = this.require(path) as unknown;
      const named = typeof exported === 'object' && exported !== null ? { ...(exported as Namespace) } : {};
      return synthetic(path, { ...named, default: exported }, url);
    }
    return synthetic(path, await this.#nativeImport(dirname(path))(url), url);
  }

  // --- require --------------------------------------------------------------------------------------------------

  #makeRequire(): NodeJS.Require {
    const fromNotebook = createRequire(join(this.#folder, 'cell.js'));
    const fromKernel = createRequire(import.meta.url);
    for (const extension of ['.ts', '.tsx', '.cts', '.mts']) {
      fromNotebook.extensions[extension] = (module, path) => {
        const requires = new Set<string>();
        this.#required.set(path, { stamp: stampOf(path), requires });
        const code = resolveRequires(compile(path, readFileSync(path, 'utf8'), true), path, requires);
        (module as unknown as { _compile(code: string, path: string): void })._compile(code, path);
      };
    }
    const locate = (specifier: string): string => {
      const name = withoutScheme(specifier);
      const path = localPath(name, this.#folder);
      if (path !== undefined) return path;
      try {
        return fromNotebook.resolve(name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
        try {
          return fromKernel.resolve(name);
        } catch {
          throw missingPackage(name, this.#folder);
        }
      }
    };
    const require = (specifier: string): unknown => {
      const virtual = this.#virtual[specifier];
      if (virtual) return virtual();
      const path = locate(specifier);
      this.#dropStale(path, new Set());
      const value = fromNotebook(path) as unknown;
      if (localPath(specifier, this.#folder, false) !== undefined && !this.#required.has(path)) {
        this.#required.set(path, { stamp: stampOf(path), requires: new Set() });
      }
      return value;
    };
    return Object.assign(require, {
      resolve: Object.assign(locate, { paths: fromNotebook.resolve.paths }),
      cache: fromNotebook.cache,
      extensions: fromNotebook.extensions,
      main: undefined,
    }) as NodeJS.Require;
  }

  /** Forgets a required file when it, or one that it requires, has changed. @returns whether it had */
  #dropStale(path: string, seen: Set<string>): boolean {
    const known = this.#required.get(path);
    if (!known || seen.has(path)) return false;
    seen.add(path);
    const stale = [...known.requires].map(file => this.#dropStale(file, seen)).includes(true);
    if (!stale && known.stamp === stampOf(path)) return false;
    delete this.require.cache[path];
    this.#required.delete(path);
    return true;
  }
}

/** What `import.meta` says in a file, and in a cell (`path` is then a name in the notebook's folder). */
export function importMeta(path: string): Record<string, unknown> {
  const require = createRequire(path);
  return {
    url: pathToFileURL(path).href,
    filename: path,
    dirname: dirname(path),
    resolve: (specifier: string) => {
      const local = localPath(specifier, dirname(path));
      if (local !== undefined) return pathToFileURL(local).href;
      const found = require.resolve(specifier);
      return isBuiltin(found) ? `node:${found.replace(/^node:/, '')}` : pathToFileURL(found).href;
    },
  };
}

/** Compiles a file and lets its tracebacks show the file as written. */
function compile(path: string, text: string, commonJs: boolean): string {
  if (commonJs) {
    const esbuild = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
    const { code, map } = esbuild.transformSync(text, {
      loader: path.endsWith('x') ? 'tsx' : 'ts',
      format: 'cjs',
      target: 'es2022',
      sourcemap: 'external',
      sourcefile: path,
      logLevel: 'silent',
    });
    registerFile(path, {
      label: path,
      text,
      positions: new PositionMap(() => [JSON.parse(map) as object]),
    });
    return code + REWRITTEN;
  }
  const lowered = lowerTypeScript(path, text, { decorators: 'standard', keepImports: false, map: true });
  if ('problems' in lowered) throw new CellSyntaxError(lowered.problems, text, path);
  registerFile(pathToFileURL(path).href, {
    label: path,
    text,
    positions: new PositionMap(() => [lowered.map]),
  });
  return lowered.code + REWRITTEN;
}

/** Gives `require` of local files their paths: Node knows neither `.ts` nor `./x.js` that means `./x.ts`. */
function resolveRequires(code: string, path: string, requires: Set<string>): string {
  return code.replace(/\brequire\("(\.{1,2}\/[^"]*)"\)/g, (call, specifier: string) => {
    const local = localPath(specifier, dirname(path), false);
    if (local === undefined) return call;
    requires.add(local);
    return `require(${JSON.stringify(local)})`;
  });
}

/** The file a specifier means, or undefined when it names a package or a module of Node's. */
function localPath(specifier: string, folder: string, required = true): string | undefined {
  let base: string;
  if (/^\.{1,2}(\/|\\|$)/.test(specifier)) base = resolve(folder, specifier);
  else if (specifier.startsWith('file:')) base = fileURLToPath(specifier);
  else if (specifier.startsWith('/') || /^[a-zA-Z]:[\\/]/.test(specifier)) base = specifier;
  else return undefined;
  // A query, as used to load a module anew, names no file; files are read again anyway.
  base = base.replace(/[?#].*$/, '');
  const extension = extname(base);
  const candidates = [
    base,
    ...(TYPESCRIPT_OF[extension] ?? []).map(other => base.slice(0, -extension.length) + other),
    ...EXTENSIONS.map(other => base + other),
    ...EXTENSIONS.map(other => join(base, `index${other}`)),
  ];
  const found = candidates.find(path => existsSync(path) && statSync(path).isFile());
  if (found === undefined && required) {
    const error = new Error(
      `Cannot find '${specifier}' from ${folder} (tried the name itself, ${EXTENSIONS.join(', ')} and a folder's index file)`,
    );
    throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
  }
  return found;
}

/** Deno writes `npm:name@version/path`; here the name is what is installed. */
function withoutScheme(specifier: string): string {
  const npm = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(\/.*)?$/.exec(specifier);
  if (npm) return `${npm[1]}${npm[2] ?? ''}`;
  if (/^(jsr|https?):/.test(specifier)) {
    throw new Error(
      `Cannot import '${specifier}': modules come from npm or from files; install the package with %npm install and import it by name`,
    );
  }
  return specifier;
}

/** @example packageOf('@scope/name/file') // '@scope/name' */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isMissingPackage(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${packageOf(name)}'`);
}

function missingPackage(name: string, folder: string): Error {
  const packageName = packageOf(name);
  return Object.assign(
    new Error(
      `Cannot find package '${packageName}' from ${folder}. To install it there: %npm install ${packageName}`,
    ),
    {
      code: 'ERR_MODULE_NOT_FOUND',
    },
  );
}

function missingExport(specifier: string, name: string, namespace: Namespace): string {
  const names = Object.keys(namespace).filter(key => key !== 'default' && key !== 'module.exports');
  const list = names.length
    ? `; it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`
    : '';
  return `'${specifier}' has no export named '${name}'${list}`;
}

function attributesOf(
  extra: { attributes?: Readonly<Record<string, string>> } | undefined,
): ImportOptions | undefined {
  const attributes = { ...extra?.attributes };
  return Object.keys(attributes).length ? { with: attributes } : undefined;
}

function synthetic(name: string, values: Namespace, identifier = `tunelab:module/${name}`): vm.Module {
  const names = Object.keys(values);
  return new vm.SyntheticModule(
    names,
    function (this: vm.SyntheticModule) {
      for (const key of names) this.setExport(key, values[key]);
    },
    { identifier },
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SyntaxError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function hasModuleSyntax(text: string): boolean {
  return parseSync('file.js', text, { sourceType: 'unambiguous' }).module.hasModuleSyntax;
}

function stampOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs}:${size}:${ino}`;
}
