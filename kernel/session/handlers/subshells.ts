import { unknownSubshell } from '../session.ts';
import type { Handler } from './index.ts';

export const createSubshell: Handler = (_request, { shells }) => ({
  status: 'ok',
  subshell_id: shells.create(),
});

/** What the subshell runs comes to its end; what waits there is aborted. */
export const deleteSubshell: Handler = ({ content }, session) => {
  const waiting = session.shells.delete(String(content.subshell_id));
  if (!waiting) return unknownSubshell(content.subshell_id);
  session.abort(waiting);
  return { status: 'ok' };
};

export const listSubshells: Handler = (_request, { shells }) => ({
  status: 'ok',
  subshell_id: shells.subshells,
});
