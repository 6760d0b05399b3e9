/** Which handler answers which request. */
import type { Incoming, Json } from '../../protocol/index.ts';
import type { Session } from '../session.ts';
import { commInfo, commMessage } from './comm.ts';
import { complete } from './complete.ts';
import { connect } from './connect.ts';
import { debug } from './debug.ts';
import { execute } from './execute.ts';
import { history } from './history.ts';
import { inspect } from './inspect.ts';
import { interrupt } from './interrupt.ts';
import { isComplete } from './is-complete.ts';
import { kernelInfo } from './kernel-info.ts';
import { shutdown } from './shutdown.ts';
import { createSubshell, deleteSubshell, listSubshells } from './subshells.ts';

/** Answers a request with the content of its reply, or with nothing for messages that have none. */
export type Handler = (request: Incoming, session: Session) => Promise<Json | undefined> | Json | undefined;

const HANDLERS: Readonly<Record<string, Handler>> = {
  kernel_info_request: kernelInfo,
  execute_request: execute,
  interrupt_request: interrupt,
  shutdown_request: shutdown,
  is_complete_request: isComplete,
  complete_request: complete,
  inspect_request: inspect,
  history_request: history,
  connect_request: connect,
  debug_request: debug,
  create_subshell_request: createSubshell,
  delete_subshell_request: deleteSubshell,
  list_subshell_request: listSubshells,
  comm_info_request: commInfo,
  comm_open: commMessage,
  comm_msg: commMessage,
  comm_close: commMessage,
};

export function findHandler(type: string): Handler | undefined {
  return Object.hasOwn(HANDLERS, type) ? HANDLERS[type] : undefined;
}
