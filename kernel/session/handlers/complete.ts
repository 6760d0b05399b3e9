import type { Handler } from './index.ts';

export const complete: Handler = async (request, session) => {
  const { completeCode } = await import('../../intellisense/complete.ts');
  const code = String(request.content.code ?? '');
  const cursor =
    typeof request.content.cursor_pos === 'number' ? request.content.cursor_pos : Number.POSITIVE_INFINITY;
  return {
    status: 'ok',
    ...(await completeCode(code, cursor, look => session.child.look(look), await session.types.ready())),
  };
};
