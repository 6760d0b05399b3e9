/** What somebody types into the debugger is TypeScript; V8 wants JavaScript. */
/** @throws {SyntaxError} */
export async function toJavaScript(source: string): Promise<string> {
  // The compiler is loaded when something is typed: most notebooks only look at their variables.
  const { lowerTypeScript } = await import('../runtime/lower.ts');
  // What begins with a brace is an object here, not a block.
  const text = /^\s*\{/.test(source) ? `(${source})` : source;
  const lowered = lowerTypeScript('expression.ts', text, {
    decorators: 'standard',
    keepImports: true,
    map: false,
  });
  if (!('problems' in lowered)) return lowered.code;
  throw new SyntaxError(lowered.problems[0]?.message ?? 'this is no expression');
}

/**
 * One expression, as a part of a larger one.
 * @throws {SyntaxError}
 */
export async function toExpression(source: string): Promise<string> {
  return `(${(await toJavaScript(`(${source})`)).trim().replace(/;$/, '')})`;
}
