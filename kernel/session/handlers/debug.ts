import type { Handler } from './index.ts';

/** `debug_request`: the content is a request of the Debug Adapter Protocol, and so is the reply's. */
export const debug: Handler = async (request, session) =>
  (await session.debugAdapter(request)).answer(request.content);
