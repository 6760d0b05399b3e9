import type { Json } from '../../protocol/index.ts';
import type { Session } from '../session.ts';
import type { Handler } from './index.ts';

export const inspect: Handler = async (request, session) => {
  const { placeAt } = await import('../../intellisense/expression.ts');
  const code = String(request.content.code ?? '');
  const cursor =
    typeof request.content.cursor_pos === 'number' ? request.content.cursor_pos : Number.POSITIVE_INFINITY;
  const place = placeAt(code, cursor);
  return {
    status: 'ok',
    ...(await describe({ code, ...place }, session, request.content.detail_level === 1 ? 1 : 0)),
  };
};

interface Place {
  readonly code: string;
  readonly expression: string;
  /** UTF-16 index of the expression's end in the code. */
  readonly end: number;
}

/** What is known of an expression: its signature and documentation, its value. `found` is false where that is nothing. */
export async function describe(
  { code, expression, end }: Place,
  session: Session,
  detail: 0 | 1,
): Promise<{ found: boolean; data: Json; metadata: Json }> {
  const { describeValue } = await import('../../intellisense/inspect.ts');
  const explained = expression === '' ? undefined : await (await session.types.ready())?.explain(code, end);
  return describeValue(expression, detail, look => session.child.look(look), explained);
}
