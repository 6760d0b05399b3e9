import { PORTS } from '../../protocol/index.ts';
import type { Handler } from './index.ts';

export const connect: Handler = (_request, { connection }) => ({
  status: 'ok',
  ...Object.fromEntries(PORTS.map(port => [port, connection[port]])),
});
