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

/** `C = babelHelpers.decorate(…)`: what lowering made of a declaration. */
function isHelperAssignment(expression: Node): boolean {
  if (expression.type !== 'AssignmentExpression') return false;
  const { callee } = expression.right as { callee?: Node };
  return (callee?.object as Node | undefined)?.name === 'babelHelpers';
}

/** Whether the completion value of a program is shown. */
export function hasShownValue(body: readonly Node[]): boolean {
  return showsValue(body.findLast(statement => !isNothing(statement)));
}

/** Loops and declarations have no value that a reader expects to see. */
function showsValue(statement: Node | null | undefined): boolean {
  switch (statement?.type) {
    case 'ExpressionStatement':
      return !isHelperAssignment(statement.expression as Node);
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
