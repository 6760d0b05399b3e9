import type { Handler } from './index.ts';

/** `comm_open`, `comm_msg`, `comm_close`: the cell's code answers, and no reply is due. */
export const commMessage: Handler = async (request, session) => {
  await session.forwardComm(request);
  return undefined;
};

export const commInfo: Handler = (request, session) => {
  const wanted = request.content.target_name;
  const open = Object.entries(session.comms).filter(
    ([, target]) => typeof wanted !== 'string' || wanted === '' || target === wanted,
  );
  return {
    status: 'ok',
    comms: Object.fromEntries(open.map(([id, target]) => [id, { target_name: target }])),
  };
};
