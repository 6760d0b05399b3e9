/** The protocol room's public face: what the session, the command line and the lab's server use. */
export { ConnectionClosed, KernelClient, type Reply, type RequestOptions, RequestTimeout } from './client.ts';
export {
  ConnectionFileError,
  type ConnectionInfo,
  endpoint,
  newKey,
  PORTS,
  readConnectionFile,
} from './connection.ts';
export { type LaunchOptions, launchKernel, type RunningKernel } from './launch.ts';
export {
  type Channel,
  type Header,
  type Incoming,
  type Json,
  type Message,
  PROTOCOL_VERSION,
} from './messages.ts';
export { KernelSockets, type SocketEvents } from './sockets.ts';
export { type Outgoing, Wire, WireError } from './wire.ts';
