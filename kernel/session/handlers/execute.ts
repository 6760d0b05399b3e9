import type { Incoming, Json } from '../../protocol/index.ts';
import type { CellOutcome, Session } from '../session.ts';
import type { Handler } from './index.ts';
import { describe } from './inspect.ts';

/** `name?` at the end of a cell asks for help; no TypeScript ends that way. */
const HELP = /^\s*([\w$.]+)\?\??\s*$/;

/** Milliseconds that a burst of requests takes to arrive. */
const ON_THEIR_WAY = 10;

export const execute: Handler = async (request, session) => {
  const { content } = request;
  const code = typeof content.code === 'string' ? content.code : '';
  const silent = content.silent === true;
  const storeHistory = !silent && content.store_history !== false;
  if (typeof content.code !== 'string') {
    return failed(session.executionCount, {
      ename: 'ProtocolError',
      evalue: 'execute_request has no code',
      traceback: [],
    });
  }
  const isEmpty = code.trim() === '';
  if (storeHistory && !isEmpty) session.executionCount += 1;
  const executionCount = session.executionCount;
  if (!silent)
    session.publish('execute_input', { code, execution_count: executionCount }, request.headerBytes);

  const help = HELP.exec(code);
  const userExpressions = textValues(content.user_expressions);
  if (help || (isEmpty && Object.keys(userExpressions).length === 0)) {
    const payload = help
      ? [{ source: 'page', data: (await describeName(help[1]!, session)).data, start: 0 }]
      : [];
    return { status: 'ok', execution_count: executionCount, user_expressions: {}, payload };
  }

  const verdict = silent ? {} : await session.checkTypes(code);
  if (verdict.warning)
    session.publish('stream', { name: 'stderr', text: verdict.warning }, request.headerBytes);
  const outcome: CellOutcome = verdict.error
    ? { error: verdict.error }
    : await run(session, request, {
        code,
        silent,
        allowStdin: content.allow_stdin !== false,
        userExpressions,
      });
  const { error, result } = outcome;
  if (storeHistory) session.history.add(executionCount, code, plainText(result?.data));
  if (error) {
    if (!silent) session.publish('error', { ...error }, request.headerBytes);
    if (content.stop_on_error !== false) {
      // Cells sent together with this one may still be on their way from the socket.
      await new Promise(resolve => setTimeout(resolve, ON_THEIR_WAY));
      // On a busy machine those that have arrived may not have been read yet: the rest of the event loop's turn does that.
      await new Promise(resolve => setImmediate(resolve));
      session.abortBehind(request);
    }
    return failed(executionCount, error);
  }
  if (result) publishResult(request, session, executionCount, result);
  return {
    status: 'ok',
    execution_count: executionCount,
    user_expressions: outcome.userExpressions ?? {},
    payload: [],
  };
};

function describeName(name: string, session: Session): ReturnType<typeof describe> {
  return describe({ code: name, expression: name, end: name.length }, session, 1);
}

async function run(
  session: Session,
  request: Incoming,
  options: Parameters<Session['runCell']>[1],
): Promise<CellOutcome> {
  const running = session.runCell(request, options);
  session.types.runs(options.code);
  const outcome = await running;
  void session.types.ended(options.code, outcome.error);
  return outcome;
}

function publishResult(
  request: Incoming,
  session: Session,
  executionCount: number,
  result: { data: object; metadata: object },
): void {
  const content = { execution_count: executionCount, data: result.data, metadata: result.metadata };
  session.publish('execute_result', content, request.headerBytes);
}

function failed(executionCount: number, error: object): Json {
  return {
    status: 'error',
    execution_count: executionCount,
    user_expressions: {},
    payload: [],
    ...error,
  };
}

function textValues(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string')) as Record<
    string,
    string
  >;
}

function plainText(data: Readonly<Record<string, unknown>> | undefined): string | null {
  const text = data?.['text/plain'];
  return typeof text === 'string' ? text : null;
}
