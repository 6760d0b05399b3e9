import type { Handler } from './index.ts';

export const interrupt: Handler = (_request, session) => {
  session.interrupt();
  return { status: 'ok' };
};
