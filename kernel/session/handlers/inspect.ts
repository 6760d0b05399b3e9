import type { Json } from '../../protocol/index.ts';
import type { Session } from '../session.ts';
import type { Handler } from './index.ts';

export const inspect: Handler = async (request, session) => {
  const { expressionAt } = await import('../../intellisense/expression.ts');
  const code = String(request.content.code ?? '');
  const cursor =
    typeof request.content.cursor_pos === 'number' ? request.content.cursor_pos : Number.POSITIVE_INFINITY;
  const expression = expressionAt(code, cursor);
  return {
    status: 'ok',
    ...(await describe(expression, session, request.content.detail_level === 1 ? 1 : 0)),
  };
};

/** What is known of an expression's value. `found` is false for a name that has none. */
export async function describe(
  expression: string,
  session: Session,
  detail: 0 | 1,
): Promise<{ found: boolean; data: Json; metadata: Json }> {
  const { describeValue } = await import('../../intellisense/inspect.ts');
  return describeValue(expression, detail, look => session.child.look(look));
}
