import type { Handler } from './index.ts';

export const shutdown: Handler = (request, session) => {
  const content = { status: 'ok', restart: request.content.restart === true };
  // All clients learn that the kernel ends, not only the one that asked.
  session.publish('shutdown_reply', content, request.headerBytes);
  session.shutdown();
  return content;
};
