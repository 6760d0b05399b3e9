import type { HistoryQuery } from '../history.ts';
import type { Handler } from './index.ts';

export const history: Handler = (request, session) => ({
  status: 'ok',
  history: session.history.query(request.content as unknown as HistoryQuery),
});
