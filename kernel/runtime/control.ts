/**
 * The child's second thread: ends what runs on the main thread, and looks at its values while it is busy.
 *
 * Its session is connected to the main thread's inspector, whose commands V8 runs between two instructions of
 * whatever loops there.
 */
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import {
  type ControlCommand,
  type ControlReply,
  type Description,
  encodeLengthPrefixed,
  FD,
  IN_TIMER,
  type InspectorEvent,
  JsonReader,
  type Member,
  NEWEST_BEGUN,
  NEWEST_STOPPED,
  RUNNING,
} from './channel.ts';

interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
}
interface PropertyDescriptor {
  readonly name: string;
  readonly value?: RemoteObject;
  readonly symbol?: object;
}

/** A value whose look takes longer than this, in milliseconds, is not looked at. */
const LOOK_TIMEOUT = 150;
/** Milliseconds that a cell has to end at an `await` before its JavaScript is ended. */
const LEAST_GRACE = 20;

const signals = workerData as Int32Array;
/** When the running cells were last told to stop at their next `await`. */
let stoppedAt = Number.NEGATIVE_INFINITY;
let isInterrupting = false;
const session = new Session();
session.connectToMainThread();
const socket = new Socket({ fd: FD.control, readable: true, writable: true });

// Nothing comes before a debugger has attached.
session.on('inspectorNotification', ({ method, params }: { method: string; params?: object }) => {
  if (!method.startsWith('Debugger.')) return;
  const event: InspectorEvent = { event: method, parameters: (params ?? {}) as InspectorEvent['parameters'] };
  socket.write(encodeLengthPrefixed(event));
});

const reader = new JsonReader<ControlCommand>(command => void answer(command));
socket.on('data', chunk => reader.push(chunk));
// The parent is gone: no cell, however busy, may outlive it.
socket.on('close', endProcess);
socket.on('error', endProcess);

function endProcess(): void {
  session.disconnect();
  process.kill(process.pid, 'SIGKILL');
}

async function answer(command: ControlCommand): Promise<void> {
  if (command.type === 'stop') {
    Atomics.store(signals, NEWEST_STOPPED, command.newest);
    stoppedAt = performance.now();
    return;
  }
  if (command.type === 'interrupt') {
    // Where this process has stood still, commands arrive together. Of several interrupts one counts, and none right after
    // the command to stop: V8 aborts when it is to end JavaScript while it reports how a promise has failed.
    const isOne = !isInterrupting && performance.now() - stoppedAt >= LEAST_GRACE;
    isInterrupting = true;
    setImmediate(() => {
      isInterrupting = false;
    });
    const over: ControlReply = { id: command.id, isOver: true };
    const reply = () => void socket.write(encodeLengthPrefixed(over));
    const isLate =
      Atomics.load(signals, NEWEST_BEGUN) > command.newest ||
      (command.forCells && Atomics.load(signals, RUNNING) === 0);
    if (!isOne || isLate) reply();
    // Ending a timer's callback through the inspector aborts Node; there SIGINT does it.
    else if (Atomics.load(signals, IN_TIMER) === 1 && process.platform !== 'win32') {
      process.kill(process.pid, 'SIGINT');
      reply();
    } else session.post('Runtime.terminateExecution', reply);
    return;
  }
  if (command.type === 'inspector') {
    const { id, method, parameters } = command;
    send(method, parameters, (error, result) => {
      const reply: ControlReply = error ? { id, failure: error.message } : { id, result };
      socket.write(encodeLengthPrefixed(reply));
    });
    return;
  }
  const group = `tunelab-look-${command.id}`;
  let reply: ControlReply;
  if (command.type === 'names') reply = { id: command.id, members: await names(group) };
  else if (command.type === 'members')
    reply = { id: command.id, members: await members(group, `Object(${command.expression})`) };
  else reply = { id: command.id, description: await describe(group, command.expression) };
  socket.write(encodeLengthPrefixed(reply));
  session.post('Runtime.releaseObjectGroup', { objectGroup: group });
}

type Send = (
  method: string,
  parameters: object,
  callback: (error: Error | null, result: object) => void,
) => void;
const send = session.post.bind(session) as unknown as Send;

function post<T>(method: string, parameters: object): Promise<T | undefined> {
  return new Promise(resolve => {
    send(method, parameters, (error, result) => resolve(error ? undefined : (result as T)));
  });
}

/** @param group holds the objects of one request until it is answered */
async function look(group: string, expression: string): Promise<RemoteObject | undefined> {
  const evaluated = await post<{ result: RemoteObject; exceptionDetails?: object }>('Runtime.evaluate', {
    expression,
    throwOnSideEffect: true,
    silent: true,
    disableBreaks: true,
    timeout: LOOK_TIMEOUT,
    objectGroup: group,
    replMode: false,
  });
  return evaluated?.exceptionDetails ? undefined : evaluated?.result;
}

async function members(group: string, expression: string): Promise<Member[]> {
  return membersOf(await look(group, `(${expression})`));
}

/** @param withValues the object's own members and their values; otherwise the names of all, inherited ones too */
async function membersOf(object: RemoteObject | undefined, withValues = false): Promise<Member[]> {
  // A proxy's members are whatever its traps say, and those may do anything.
  if (!object?.objectId || object.subtype === 'proxy') return [];
  const properties = await post<{ result: readonly PropertyDescriptor[] }>('Runtime.getProperties', {
    objectId: object.objectId,
    ownProperties: withValues,
    nonIndexedPropertiesOnly: true,
  });
  const found = new Map<string, Member>();
  for (const { name, value, symbol } of properties?.result ?? []) {
    if (symbol || found.has(name)) continue;
    found.set(name, { name, type: typeOf(value), ...(withValues && { value: shortValue(value) }) });
  }
  return [...found.values()];
}

async function names(group: string): Promise<Member[]> {
  const lexical = await post<{ names: readonly string[] }>('Runtime.globalLexicalScopeNames', {});
  const own = (lexical?.names ?? []).map(name => ({ name, type: 'variable' }));
  return [
    ...new Map(
      [...(await members(group, 'globalThis')), ...own].map(member => [member.name, member]),
    ).values(),
  ];
}

async function describe(group: string, expression: string): Promise<Description | null> {
  const object = await look(group, `(${expression})`);
  if (!object || (object.type === 'undefined' && expression !== 'undefined')) return null;
  const fallback =
    object.value === undefined ? String(object.subtype ?? object.type) : JSON.stringify(object.value);
  const type = object.type === 'object' ? (object.className ?? object.subtype ?? 'object') : object.type;
  return {
    type,
    text: object.description ?? fallback,
    members: await membersWithValues(object),
  };
}

/** The object's own members with their values, then the names of the inherited ones. */
async function membersWithValues(object: RemoteObject): Promise<Member[]> {
  if (object.objectId === undefined || object.type === 'function') return [];
  const own = await membersOf(object, true);
  const names = new Set(own.map(({ name }) => name));
  const inherited = (await membersOf(object)).filter(({ name }) => !names.has(name));
  return [...own, ...inherited].slice(0, 200);
}

function shortValue(value: RemoteObject | undefined): string | undefined {
  if (!value || value.type === 'function') return undefined;
  const text =
    value.type === 'string'
      ? JSON.stringify(value.value)
      : (value.description ?? String(value.value ?? value.type));
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function typeOf(value: RemoteObject | undefined): string {
  if (!value) return 'property';
  if (value.type === 'function') return value.description?.startsWith('class') ? 'class' : 'function';
  return 'property';
}
