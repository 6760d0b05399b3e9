/**
 * TypeScript and TSX to JavaScript that this Node runs.
 *
 * oxc does it in microseconds. What oxc leaves as it is (ECMAScript decorators, `accessor`, `export let` in a
 * namespace, `import x = require()`) goes through esbuild, which is loaded then and not before.
 */
import { createRequire } from 'node:module';
import { type HelperMode, transformSync } from 'oxc-transform';
import { DEEPEST, deepBracket } from './depth.ts';
import { position } from './syntax.ts';

export interface SyntaxProblem {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Characters to underline. */
  readonly length: number;
  readonly hint?: string | undefined;
}

export interface Lowered {
  readonly code: string;
  /** A source map; empty unless asked for. */
  readonly map: object;
}

export interface LowerOptions {
  readonly decorators: 'standard' | 'legacy';
  /** Keep imports that look unused: in a cell a later cell may use them. */
  readonly keepImports: boolean;
  readonly map: boolean;
}

/** V8 11.3 (Node 20) knows ECMAScript 2023 and the `v` flag, but no `using`. */
const TARGET = 'es2024';
const MAYBE_ESBUILD = /@\w|@\(|\baccessor\b|\bnamespace\b|\bmodule\b|\bimport\s+\w+\s*=|\bexport\s+import\b/;

export function lowerTypeScript(
  file: string,
  source: string,
  options: LowerOptions,
): Lowered | { problems: SyntaxProblem[] } {
  const tooDeep = source.length > DEEPEST ? deepBracket(source) : undefined;
  if (tooDeep !== undefined) {
    const message = `brackets are nested more than ${DEEPEST} levels deep`;
    return { problems: [{ message, ...position(source, tooDeep), length: 1 }] };
  }
  const isTsx = file.endsWith('x');
  let result = runOxc(file, source, options, isTsx ? 'tsx' : 'ts');
  // `<T>value` is a cast in .ts and an element in .tsx; a cell may be either.
  if (result.errors.some(isError) && !isTsx && source.includes('<')) {
    const asTsx = runOxc(file, source, options, 'tsx');
    if (!asTsx.errors.some(isError)) result = asTsx;
  }
  const problems = result.errors.filter(isError);
  if (problems.length) return { problems: problems.map(problem => toProblem(source, problem)) };
  if (MAYBE_ESBUILD.test(source) && needsEsbuild(result, options)) return runEsbuild(file, source, options);
  return { code: result.code, map: result.map ?? {} };
}

type OxcResult = ReturnType<typeof transformSync>;
type OxcError = OxcResult['errors'][number];

const isError = (error: OxcError): boolean => error.severity === 'Error';

function runOxc(file: string, source: string, options: LowerOptions, lang: 'ts' | 'tsx'): OxcResult {
  return transformSync(file, source, {
    sourceType: 'module',
    lang,
    target: TARGET,
    sourcemap: options.map,
    typescript: { onlyRemoveTypeImports: options.keepImports },
    jsx: { runtime: 'classic' },
    helpers: { mode: 'External' as HelperMode },
    decorator: {
      legacy: options.decorators === 'legacy',
      emitDecoratorMetadata: options.decorators === 'legacy',
    },
  });
}

function needsEsbuild(result: OxcResult, options: LowerOptions): boolean {
  return (
    result.errors.length > 0 ||
    /\baccessor\b|\bimport\s+\w+\s*=/.test(result.code) ||
    (options.decorators === 'standard' && /(^|[\s({;])@[\w(]/m.test(result.code))
  );
}

function runEsbuild(
  file: string,
  source: string,
  options: LowerOptions,
  loader: 'ts' | 'tsx' = file.endsWith('x') ? 'tsx' : 'ts',
): Lowered | { problems: SyntaxProblem[] } {
  const esbuild = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  try {
    const { code, map } = esbuild.transformSync(source, {
      loader,
      target: 'es2022',
      format: 'esm',
      sourcemap: options.map && 'external',
      sourcefile: file,
      logLevel: 'silent',
      jsx: 'transform',
      tsconfigRaw: {
        compilerOptions: {
          experimentalDecorators: options.decorators === 'legacy',
          verbatimModuleSyntax: options.keepImports,
          useDefineForClassFields: true,
        },
      },
    });
    return { code, map: options.map ? (JSON.parse(map) as object) : {} };
  } catch (error) {
    const { errors } = error as import('esbuild').TransformFailure;
    if (!errors) throw error;
    if (loader === 'ts' && source.includes('<')) {
      const asTsx = runEsbuild(file, source, options, 'tsx');
      if (!('problems' in asTsx)) return asTsx;
    }
    return {
      problems: errors.map(({ text, location }) => ({
        message: text,
        line: location?.line ?? 1,
        column: (location?.column ?? 0) + 1,
        length: location?.length ?? 1,
      })),
    };
  }
}

function toProblem(source: string, error: OxcError): SyntaxProblem {
  const label = error.labels.at(-1);
  // oxc counts bytes of UTF-8 here.
  const bytes = Buffer.from(source);
  const offset = (at: number): number => bytes.toString('utf8', 0, at).length;
  const start = offset(label?.start ?? bytes.length);
  return {
    message: error.message.replace(/`/g, "'"),
    ...position(source, start),
    length: Math.max(1, offset(label?.end ?? 0) - start),
    hint: error.helpMessage ?? undefined,
  };
}
