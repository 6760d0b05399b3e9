/** Small helpers over the ESTree that oxc-parser returns. */

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** The child nodes in source order. */
export function* children(node: Node): Generator<Node> {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item;
    } else if (isNode(value)) yield value;
  }
}

/** The names that a binding pattern declares. */
export function* boundNames(pattern: Node | null): Generator<string> {
  if (!pattern) return;
  switch (pattern.type) {
    case 'Identifier':
      yield pattern.name as string;
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties as Node[]) {
        yield* boundNames((property.type === 'RestElement' ? property.argument : property.value) as Node);
      }
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements as (Node | null)[]) yield* boundNames(element);
      break;
    case 'AssignmentPattern':
      yield* boundNames(pattern.left as Node);
      break;
    case 'RestElement':
      yield* boundNames(pattern.argument as Node);
      break;
    default:
  }
}

/** The names that statements declare in their block: `let`, `const`, `class`, `function`. */
export function* lexicalNames(statements: readonly Node[]): Generator<string> {
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') yield* declaredNames(statement);
    else if (/^(Function|Class)Declaration$/.test(statement.type) && statement.id)
      yield (statement.id as Node).name as string;
  }
}

/** The names that a `let`, `const` or `var` declares. */
export function* declaredNames(declaration: Node): Generator<string> {
  for (const { id } of declaration.declarations as { id: Node }[]) yield* boundNames(id);
}

/** The names that `var` declares anywhere in a function's body. */
export function* varNames(node: Node): Generator<string> {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') yield* declaredNames(node);
  for (const child of children(node)) if (!isFunction(child)) yield* varNames(child);
}

export function isFunction(node: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

/** Line (from 1) and column (from 1) of an offset. */
export function position(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}
