/** Which cells have a value: those whose last statement is one that a reader expects to see the value of. */
import type { Node } from './syntax.ts';

/** `;`, and the `export {}` that types leave behind. */
function isNothing(statement: Node): boolean {
  return (
    statement.type === 'EmptyStatement' ||
    (statement.type === 'ExportNamedDeclaration' &&
      !statement.declaration &&
      (statement.specifiers as Node[]).length === 0)
  );
}

/** The calls that oxc and esbuild make of decorated declarations. */
const DECORATES = /^(babelHelpers|__(runInitializers|decorate\w*|decoratorMetadata))$/;

/** `C = babelHelpers.decorate(…)`, `__decorateClass(…)`: what lowering made of a declaration. */
function isDecoration(expression: Node): boolean {
  const call = (expression.type === 'AssignmentExpression' ? expression.right : expression) as {
    callee?: Node;
  };
  const name = ((call.callee?.object as Node | undefined) ?? call.callee)?.name;
  return typeof name === 'string' && DECORATES.test(name);
}

/** Whether the completion value of a program is shown. */
export function hasShownValue(body: readonly Node[]): boolean {
  return showsValue(body.findLast(statement => !isNothing(statement)));
}

/** Loops and declarations have no value that a reader expects to see. */
function showsValue(statement: Node | null | undefined): boolean {
  switch (statement?.type) {
    case 'ExpressionStatement':
      return !isDecoration(statement.expression as Node);
    case 'ExportDefaultDeclaration':
      return true;
    case 'BlockStatement':
      return showsValue((statement.body as Node[]).at(-1));
    case 'IfStatement':
      return showsValue(statement.consequent as Node) || showsValue(statement.alternate as Node | null);
    case 'TryStatement':
      return (
        showsValue(statement.block as Node) ||
        showsValue(statement.handler ? ((statement.handler as Node).body as Node) : null)
      );
    case 'LabeledStatement':
      return showsValue(statement.body as Node);
    case 'SwitchStatement':
      return true;
    default:
      return false;
  }
}
